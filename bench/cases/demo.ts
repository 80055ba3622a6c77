/**
 * How long the demo takes, from its first process to its last, when its
 * downloads and programs are in the caches.
 *
 * @module
 */
import { versions } from "../../lib/base/versions.ts";
import type { Case } from "../case.ts";
import type { Duration } from "../result.ts";
import { runTask } from "../run_task.ts";

/** The case of the demo. */
export const demo: Case = { name: "demo", title: "deno task demo, warm", run };

async function run(): Promise<Duration> {
  await runTask("demo", []);
  const begun = performance.now();
  await runTask("demo", []);
  return {
    kind: "duration",
    versions: versions(),
    seconds: (performance.now() - begun) / 1000,
    target: 30,
  };
}
