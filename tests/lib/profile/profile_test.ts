import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertNotEquals,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../lib/device/mod.ts";
import type { ProfileEvent } from "../../../lib/events/events.ts";
import { Profiler } from "../../../lib/profile/profile.ts";
import { RunProfile } from "../../../lib/profile/run_profile.ts";
import { trainSmall } from "../../support/train/small_run.ts";

await openDevice("cpu");

/** A profiled run of two epochs of five steps, and its trace. */
async function profileSmall(signal?: AbortSignal) {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/trace.json`;
  const events: ProfileEvent[] = [];
  try {
    const run = await (async () => {
      await using profile = new RunProfile(
        path,
        (event) => events.push(event as ProfileEvent),
      );
      return await trainSmall({ onPhase: profile.onPhase, signal });
    })();
    const trace = JSON.parse(await Deno.readTextFile(path));
    return { run, event: events[0], trace };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const { run, event, trace } = await profileSmall();
const { rows, seconds } = event.timing;

Deno.test("a profile has the phases of training in their order", () => {
  assertEquals([...new Set(rows.map(({ phase }) => phase))], [
    "data",
    "forward",
    "gradient",
    "optimizer",
    "read",
    "evaluation",
    "saving",
  ]);
});

Deno.test("a profile counts the calls of each kernel", () => {
  const calls = (phase: string, kernel: string) =>
    rows.find((row) => row.phase === phase && row.kernel === kernel)?.calls;
  assertEquals(calls("forward", "Attention"), 10);
  assertEquals(calls("gradient", "AttentionGradient"), 10);
  assertEquals(calls("forward", ""), 10);
});

Deno.test("the gradients' kernels run in the phase of the gradient", () => {
  const phases = rows.filter(({ kernel }) => /Gradient$/.test(kernel))
    .map(({ phase }) => phase);
  assertEquals([...new Set(phases)], ["gradient"]);
});

Deno.test("the times of a profile sum to the whole", () => {
  const sum = rows.reduce((sum, { seconds }) => sum + seconds, 0);
  assertAlmostEquals(sum, seconds, 1e-9);
});

Deno.test("no time of a profile is negative", () => {
  for (const { seconds } of rows) assert(seconds >= 0);
});

Deno.test("a trace has a span for each call and phase", () => {
  const spans = trace.traceEvents.filter(({ ph }: { ph: string }) =>
    ph === "X"
  );
  const calls = rows.reduce((sum, { calls }) => sum + calls, 0);
  assertEquals(spans.length, calls);
});

Deno.test("every kernel of a trace lies within a phase", () => {
  const track = (name: string) =>
    trace.traceEvents.find(({ args }: { args?: { name: string } }) =>
      args?.name === name
    ).tid;
  const spans = (name: string): { ts: number; dur: number }[] =>
    trace.traceEvents.filter(({ ph, tid }: { ph: string; tid: number }) =>
      ph === "X" && tid === track(name)
    );
  const phases = spans("phases");
  // Times are rounded to nanoseconds.
  const slack = 0.01;
  for (const { ts, dur } of spans("kernels")) {
    assert(
      phases.some((phase) =>
        ts >= phase.ts - slack && ts + dur <= phase.ts + phase.dur + slack
      ),
    );
  }
});

Deno.test("a profiled run has the bits of one that is not", async () => {
  const plain = await trainSmall();
  assertEquals(run.epochs, plain.epochs);
  assertEquals(run.saved.parameters, plain.saved.parameters);
});

Deno.test("a profiler puts the kernels back as they were", () => {
  const kernels = () =>
    tf.getKernelsForBackend(tf.getBackend())
      .map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]);
  const before = new Map(kernels() as [string, unknown][]);
  const profiler = new Profiler();
  assertNotEquals(new Map(kernels() as [string, unknown][]), before);
  profiler.stop();
  assertEquals(new Map(kernels() as [string, unknown][]), before);
});

Deno.test("a run that is stopped has its profile", async () => {
  const { run, event } = await profileSmall(AbortSignal.abort("stop"));
  assertEquals(run.error, "stop");
  assertGreater(event.timing.seconds, 0);
});
