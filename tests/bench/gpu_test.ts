import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname } from "@std/path";
import * as tf from "@tensorflow/tfjs";
import { measureRoof } from "../../bench/gpu/gpu_roof.ts";
import { readResults } from "../../bench/pages/pages.ts";
import { ofKind } from "../../bench/result.ts";
import { openDevice } from "../../lib/device/mod.ts";
import type { GpuBackend } from "../../lib/device/webgpu/backend.ts";
import {
  registerTest,
  softwareGpu,
  unixTest,
  webgpuTest,
} from "../support/require.ts";
import { slowTest } from "../support/slow.ts";

async function gpu(...args: string[]) {
  // The script finds deno by its name.
  const path = `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`;
  const { code, stderr } = await new Deno.Command("bench/gpu.sh", {
    args,
    env: { PATH: path },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

unixTest("bench/gpu.sh refuses a flag that there is not", async () => {
  const { code, stderr } = await gpu("--speed");
  assertEquals(code, 2);
  assertStringIncludes(stderr, "there is no flag --speed");
});

registerTest({
  ...await softwareGpu(),
  name: "bench/gpu.sh refuses a GPU that is a program",
  async fn() {
    const { code, stderr } = await gpu();
    assertEquals(code, 1);
    assertStringIncludes(stderr, "--allow-software");
  },
});

await slowTest("a GPU's multiply-adds have a finite rate", async () => {
  await openDevice("webgpu");
  const roof = await measureRoof(tf.backend() as unknown as GpuBackend);
  assert(roof > 0 && Number.isFinite(roof));
}, webgpuTest);

Deno.test("the sides of recorded steps trained the same model", async () => {
  for (const { rows } of ofKind(await readResults(), "steps")) {
    for (const { model, firstDifference } of rows) {
      assert((firstDifference ?? 0) < 1e-4, `${model}: ${firstDifference}`);
    }
  }
});

Deno.test("no recorded product is faster than the GPU's arithmetic", async () => {
  for (const { roof, rows } of ofKind(await readResults(), "products")) {
    for (const { rate } of rows) assert(rate <= roof);
  }
});
