import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../../lib/device/mod.ts";
import type { GpuBackend } from "../../../../../lib/device/webgpu/backend.ts";
import {
  type RunProduct,
  TILES,
} from "../../../../../lib/device/webgpu/product/tiles.ts";
import { fastestTiles } from "../../../../../lib/device/webgpu/product/tune.ts";
import { layersForward } from "../../../../../lib/ops/linear/wgsl/layer_kernels.ts";
import { webgpuTest } from "../../../../support/require.ts";

/** A linear layer's value, of some rows. */
function product(rows: number): RunProduct {
  const [layer, features] = [64, 32];
  const sizes = { rows, width: layer, layer, features };
  return {
    name: "linear.forward",
    kernelOf: (tile) =>
      layersForward({
        layers: 1,
        vectors: true,
        activation: "none",
        whole: true,
        ...tile,
      }),
    tensors: {
      x: tf.ones([rows, features]),
      weight0: tf.ones([layer, features]),
      bias0: tf.ones([layer]),
      y: tf.zeros([rows, layer]),
    },
    uniforms: sizes,
    size: { rows, columns: layer, inner: features },
  };
}

await webgpuTest(
  "each product's fastest tile is one of the candidates",
  async () => {
    await openDevice("webgpu");
    const backend = tf.backend() as unknown as GpuBackend;
    const products = [product(100), product(700)];
    const names = ["32x32/4x4 step 16", "64x64/8x4 step 16 ahead"];
    const tiles = new Map(names.map((name) => [name, TILES.get(name)!]));
    const before = tf.memory().numDataBuffers;
    const fastest = await fastestTiles(backend, products, tiles);
    assertEquals(fastest.length, 2);
    assert(fastest.every((name) => names.includes(name)));
    assertEquals(tf.memory().numDataBuffers, before);
    for (const { tensors } of products) {
      tf.dispose(tensors as unknown as tf.TensorContainer);
    }
  },
);
