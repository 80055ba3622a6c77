/**
 * The matrix products of bert.small and bert.base on the GPU, against the
 * multiply-adds that it makes in registers alone.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../../lib/device/define_op.ts";
import { openDevice } from "../../lib/device/mod.ts";
import type { GpuBackend } from "../../lib/device/webgpu/backend.ts";
import { hasTimestamps } from "../../lib/device/webgpu/clock.ts";
// Registers the kernels that are measured.
import "../../lib/ops/linear/mod.ts";
import { versions } from "../../lib/base/versions.ts";
import { onSoftware } from "../gpu/adapter.ts";
import type { Case } from "../case.ts";
import { measureRoof, secondsOf } from "../gpu/gpu_roof.ts";
import type { ProductRow, Products } from "../result.ts";
import { bertSmall, bookBase } from "../work/shapes.ts";

/** Tokens of 512 pairs of SNLI's, and what a CPU can stand in for. */
const TOKENS = 13_568;
const SOFTWARE_TOKENS = 256;

/** The case of the products. */
export const gpuProducts: Case = {
  name: "gpu-products",
  title: "layers of bert.small and bert.base on a GPU",
  device: "webgpu",
  run,
};

async function run(): Promise<Products> {
  const { description } = await openDevice("webgpu");
  const backend = tf.backend() as unknown as GpuBackend;
  if (!hasTimestamps(backend.device)) {
    throw new Error("the GPU cannot time its kernels (timestamp-query)");
  }
  const hardware = !await onSoftware();
  const tokens = hardware ? TOKENS : SOFTWARE_TOKENS;
  const roof = await measureRoof(backend);
  const rows: ProductRow[] = [];
  for (
    const [model, { hidden: H, feedForward: F }] of [
      ["bert.small", bertSmall],
      ["bert.base", bookBase],
    ] as const
  ) {
    for (
      const [layer, columns, inner] of [
        ["output", H, H],
        ["expand", F, H],
        ["contract", H, F],
      ] as const
    ) {
      const size = { rows: tokens, columns, inner };
      for (const [pass, rate] of await measureLayer(backend, size)) {
        rows.push({ model, layer, pass, ...size, rate });
      }
    }
  }
  return {
    kind: "products",
    versions: versions(),
    device: description,
    hardware,
    roof,
    rows,
    target: { floor: 0.5, target: 0.65, stretch: 0.65 },
  };
}

/** FLOP/s of a layer's value and of its gradient. */
async function measureLayer(
  backend: GpuBackend,
  { rows, columns, inner }: Pick<ProductRow, "rows" | "columns" | "inner">,
): Promise<[ProductRow["pass"], number][]> {
  const tensors = {
    x: tf.randomUniform([rows, inner], -1, 1),
    weight: tf.randomUniform([columns, inner], -1, 1),
    bias: tf.ones([columns]),
  };
  const { bias: _, ...saved } = tensors;
  const gradientInputs = {
    dy: tf.randomUniform([rows, columns], -1, 1),
    ...saved,
  };
  const passes = {
    value: { kernel: "Linear", inputs: tensors, products: 1 },
    gradient: { kernel: "LinearGradient", inputs: gradientInputs, products: 2 },
  };
  const rates: [ProductRow["pass"], number][] = [];
  for (const pass of ["value", "gradient"] as const) {
    const { kernel, inputs, products } = passes[pass];
    const once = () =>
      tf.dispose(
        runKernel(kernel, inputs, { activation: "none", frozen: [] }),
      );
    once();
    await backend.tune();
    const seconds = await secondsOf(backend, once);
    rates.push([pass, products * 2 * rows * columns * inner / seconds]);
  }
  tf.dispose([...Object.values(tensors), gradientInputs.dy]);
  return rates;
}
