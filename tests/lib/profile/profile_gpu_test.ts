import { assert, assertEquals } from "@std/assert";
import { openDevice } from "../../../lib/device/mod.ts";
import type { ProfileEvent } from "../../../lib/events/events.ts";
import { RunProfile } from "../../../lib/profile/run_profile.ts";
import { webgpuTest } from "../../support/require.ts";
import { slowTest } from "../../support/slow.ts";
import { trainSmall } from "../../support/train/small_run.ts";

await slowTest(
  "the profile of a run on the GPU has what the GPU took for each kernel",
  async () => {
    await openDevice("webgpu");
    const trace = await Deno.makeTempFile();
    const events: ProfileEvent[] = [];
    await (async () => {
      await using profile = new RunProfile(
        trace,
        (event) => events.push(event as ProfileEvent),
      );
      await trainSmall({ device: "webgpu", onPhase: profile.onPhase });
    })();
    await Deno.remove(trace);
    const { gpu } = events[0].timing;
    // Two epochs of five steps.
    const attention = gpu.find(({ kernel }) => kernel === "attention.gradient");
    assertEquals(attention?.calls, 10);
    assert(gpu.every(({ seconds }) => seconds >= 0));
    const times = gpu.map(({ seconds }) => seconds);
    assertEquals(times, times.toSorted((a, b) => b - a));
  },
  webgpuTest,
);
