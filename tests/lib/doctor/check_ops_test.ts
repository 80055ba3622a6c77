import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Progress } from "../../../lib/base/progress.ts";
import { CPU } from "../../../lib/device/cpu/backend.ts";
import { openDevice } from "../../../lib/device/mod.ts";
import { checkOps } from "../../../lib/doctor/check_ops.ts";
import { opCases } from "../../../lib/doctor/op_cases.ts";
import type { Check } from "../../../lib/events/check.ts";
import { opFolders } from "../../support/ops/op_folders.ts";
import { webgpuTest } from "../../support/require.ts";

function notWorking(checks: Check[]): Check[] {
  return checks.filter(({ outcome }) => outcome !== "works");
}

Deno.test("every op is checked", async () => {
  // What optimisers share is checked by each of them.
  const ops = (await opFolders()).filter((name) => name !== "update_rule");
  const checked = new Set(opCases.map(({ op }) => op));
  assertEquals([...checked].sort(), ops);
});

Deno.test("the kernels of the CPU compute what the references do", async () => {
  assertEquals(notWorking(await checkOps(await openDevice("cpu"))), []);
});

await webgpuTest(
  "the kernels of the GPU compute what the references do",
  async () => {
    assertEquals(notWorking(await checkOps(await openDevice("webgpu"))), []);
  },
);

Deno.test("checks leave nothing on the device", async () => {
  const device = await openDevice("cpu");
  await checkOps(device);
  const { numTensors } = tf.memory();
  await checkOps(device);
  assertEquals(tf.memory().numTensors, numTensors);
});

Deno.test("checks tell how far they are", async () => {
  const told: Progress[] = [];
  await checkOps(await openDevice("cpu"), {
    onProgress: (progress) => told.push(progress),
  });
  const total = opCases.length;
  assertEquals(
    told,
    Array.from({ length: total + 1 }, (_, done) => ({
      phase: "check cpu kernels",
      done,
      total,
      unit: "steps" as const,
    })),
  );
});

Deno.test("checks stop when they are asked to", async () => {
  const device = await openDevice("cpu");
  const stop = new AbortController();
  const onProgress = ({ done }: Progress) => {
    if (done === 2) stop.abort(new Error("enough"));
    assert(done <= 2);
  };
  await assertRejects(
    () => checkOps(device, { onProgress, signal: stop.signal }),
    Error,
    "enough",
  );
});

Deno.test("a kernel that computes something else is found broken", async () => {
  const device = await openDevice("cpu");
  const sound = tf.getKernel("GatherCls", CPU)!;
  tf.unregisterKernel("GatherCls", CPU);
  tf.registerKernel({
    ...sound,
    kernelFunc: (call) => {
      const { shape } = call.inputs.x!;
      const x = tf.ones([shape[0], shape[1]!]);
      return sound.kernelFunc({ ...call, inputs: { x } });
    },
  });
  try {
    const broken = notWorking(await checkOps(device));
    assertEquals(broken.map(({ name }) => name), ["cpu gather_cls"]);
    assertStringIncludes(broken[0].found, "off by");
    assert(broken[0].hint !== "");
  } finally {
    tf.unregisterKernel("GatherCls", CPU);
    tf.registerKernel(sound);
  }
});
