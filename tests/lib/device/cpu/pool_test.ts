import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import { linear } from "../../../../lib/ops/linear/mod.ts";
import { randomArray } from "../../../support/ops/arrays.ts";
import { placeArray } from "../../../support/ops/op.ts";

/** A layer large enough to be split, on threads of its own. */
async function layerOn(threads: number): Promise<Float32Array> {
  await openDevice("cpu", { threads, blas: "none" });
  return tf.tidy(() => {
    const x = placeArray(randomArray([301, 67], 1)) as tf.Tensor2D;
    const weight = placeArray(randomArray([45, 67], 2)) as tf.Tensor2D;
    const bias = placeArray(randomArray([45], 3)) as tf.Tensor1D;
    return linear(x, { weight, bias }, "gelu").dataSync<"float32">();
  });
}

for (const threads of [2, 3, 8]) {
  Deno.test(`a product has the same bits on ${threads} threads as on one`, async () => {
    assertEquals(await layerOn(threads), await layerOn(1));
  });
}

Deno.test("threads of an earlier device leave the next alone", async () => {
  const expected = await layerOn(1);
  for (const threads of [2, 4, 3, 2, 5, 2]) {
    assertEquals(await layerOn(threads), expected);
  }
});

Deno.test("the device says how many threads it has", async () => {
  const { description } = await openDevice("cpu", {
    threads: 3,
    blas: "none",
  });
  assertEquals(description, "cpu (3 threads, no BLAS)");
});
