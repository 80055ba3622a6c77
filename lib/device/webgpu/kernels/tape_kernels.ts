/**
 * Kernels of plain tfjs operations: those that the tape and the training step
 * use besides the ops, as kernels of our own, since a stock kernel takes the
 * host ten times as long to hand over. What they don't compute, the stock ones
 * still do. The tape itself is tfjs'.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { GPU, type GpuBackend } from "../backend.ts";
import { defineKernel, kernelVariants } from "./kernel.ts";
import {
  eachUnit,
  type RowUnits,
  rowUnits,
  UNIT_UNIFORMS,
  unitGroups,
} from "./row_units.ts";
import { sumOf } from "./sum.ts";

/** A kernel with one result; undefined if it doesn't compute that. */
type PlainKernel = (
  backend: GpuBackend,
  inputs: Record<string, tf.TensorInfo>,
  attrs: Record<string, unknown>,
) => tf.TensorInfo | undefined;

const gather = kernelVariants(({ element }: Pick<RowUnits, "element">) =>
  defineKernel({
    name: "gather",
    reads: { x: element, indices: "i32" },
    writes: { y: element },
    uniforms: UNIT_UNIFORMS,
    // What -1, which is no row, gives is not read.
    code: eachUnit(
      "y[i] = x[u32(max(indices[row], 0)) * u.units + unit];",
    ),
  })
);

const scaleRows = kernelVariants(({ element }: Pick<RowUnits, "element">) =>
  defineKernel({
    name: "scale_rows",
    reads: { a: element, b: "f32" },
    writes: { y: element },
    uniforms: UNIT_UNIFORMS,
    code: eachUnit("y[i] = a[i] * b[row];"),
  })
);

const kernels: Record<string, PlainKernel> = {
  // The tape adds the gradients of a tensor that is read more than once.
  Add: (backend, { a, b }) => {
    const same = tf.util.arraysEqual(a.shape, b.shape) &&
      a.dataId !== b.dataId && a.dtype === "float32" && b.dtype === "float32";
    return same ? sumOf(backend, a, b) : undefined;
  },
  // Each row of a matrix by its own factor.
  Multiply: (backend, { a, b }) => {
    const rowsByFactors = a.shape.length === 2 && b.dataId !== a.dataId &&
      tf.util.arraysEqual(b.shape, [a.shape[0], 1]) &&
      a.dtype === "float32" && b.dtype === "float32";
    if (!rowsByFactors) return undefined;
    const [rows, width] = a.shape;
    const { element, units } = rowUnits(width);
    const y = backend.output([rows, width]);
    backend.run(scaleRows({ element }), {
      tensors: { a, b, y },
      uniforms: { rows, units },
      groups: unitGroups(rows, units),
    });
    return y;
  },
  // Rows of a table.
  GatherV2: (backend, { x, indices }, { axis }) => {
    const rowsOfTable = axis === 0 && x.shape.length === 2 &&
      x.dtype === "float32" && indices.shape.length === 1;
    if (!rowsOfTable) return undefined;
    const { element, units } = rowUnits(x.shape[1]);
    const rows = indices.shape[0];
    const y = backend.output([rows, x.shape[1]]);
    backend.run(gather({ element }), {
      tensors: { x, indices, y },
      uniforms: { rows, units },
      groups: unitGroups(rows, units),
    });
    return y;
  },
};

for (const [kernelName, kernel] of Object.entries(kernels)) {
  const stock = tf.getKernel(kernelName, GPU);
  tf.unregisterKernel(kernelName, GPU);
  tf.registerKernel({
    ...stock,
    kernelFunc: (parameters) =>
      kernel(
        parameters.backend as unknown as GpuBackend,
        parameters.inputs as Record<string, tf.TensorInfo>,
        (parameters.attrs ?? {}) as Record<string, unknown>,
      ) ?? stock.kernelFunc(parameters),
  });
}
