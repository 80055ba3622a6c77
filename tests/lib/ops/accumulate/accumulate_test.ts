import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type DeviceKind, openDevice } from "../../../../lib/device/mod.ts";
import { accumulate } from "../../../../lib/ops/accumulate/mod.ts";
import { randomArray } from "../../../support/ops/arrays.ts";
import { placeArray } from "../../../support/ops/op.ts";
import { webgpuTest } from "../../../support/require.ts";

for (const size of [1, 5, 70_001]) {
  const [a, b] = [randomArray([size], 1), randomArray([size], 2)];
  const expected = a.data.map((value, i) => value + b.data[i]);

  Deno.test(`accumulate adds ${size} elements on the CPU, in place`, async () => {
    await openDevice("cpu");
    const { numTensors } = tf.memory();
    const [sum, x] = [placeArray(a), placeArray(b)];
    const { dataId } = sum;
    const total = accumulate(sum, x);
    assertEquals(total.dataId, dataId);
    assertEquals(total.dataSync(), expected);
    assert(x.isDisposed);
    total.dispose();
    assertEquals(tf.memory().numTensors, numTensors);
  });

  await webgpuTest(`accumulate adds ${size} elements by WebGPU`, async () => {
    await openDevice("webgpu");
    const { numTensors } = tf.memory();
    const total = accumulate(placeArray(a), placeArray(b));
    assertEquals(await total.data(), expected);
    total.dispose();
    assertEquals(tf.memory().numTensors, numTensors);
  });
}

/** 2 + 2, where something else has the 2, too. */
async function doubleShared(device: DeviceKind) {
  await openDevice(device);
  const other = tf.tensor1d([2]);
  const total = accumulate(tf.clone(other), tf.clone(other));
  const values = [...await total.data(), ...await other.data()];
  tf.dispose([total, other]);
  return values;
}

Deno.test("what the CPU adds to stays as it is where it is another's, too", async () => {
  assertEquals(await doubleShared("cpu"), [4, 2]);
});

await webgpuTest(
  "what WebGPU adds to stays as it is where it is another's, too",
  async () => assertEquals(await doubleShared("webgpu"), [4, 2]),
);
