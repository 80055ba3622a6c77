import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Line, runTask } from "../support/tasks/run_task.ts";
import { webgpuTest } from "../support/require.ts";

/** The checks of a run that found nothing broken. */
async function examine(...args: string[]): Promise<Map<unknown, Line>> {
  const { code, events } = await runTask("doctor", args, { cwd: "." });
  assertEquals(code, 0);
  return new Map(
    events.filter(({ event }) => event === "check")
      .map((check) => [check.name, check]),
  );
}

await webgpuTest("doctor checks and measures both devices", async () => {
  const checks = await examine("--threads=1");
  for (const device of ["cpu", "webgpu"]) {
    assertEquals(checks.get(`${device} attention`)?.outcome, "works");
    const { timing } = checks.get(`${device} matrix products`)!;
    assert((timing as Record<string, number>).gigaflops > 0);
  }
  assertMatch(String(checks.get("cpu threads")?.found), /^1, on \d+ cores$/);
  assertMatch(String(checks.get("webgpu limits")?.found), /maxBufferSize \d+/);
  assertMatch(String(checks.get("webgpu subgroups")?.found), /lanes|none/);
});

Deno.test("doctor says how to get what is missing", async () => {
  const checks = await examine("--blas=none");
  const blas = checks.get("cpu BLAS")!;
  assertEquals(blas.outcome, "missing");
  assertMatch(String(blas.hint), /install OpenBLAS/);
});
