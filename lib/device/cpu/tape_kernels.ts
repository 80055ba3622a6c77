/**
 * Kernels of plain tfjs operations: the few that the tape and the training step
 * need besides the ops. The tape itself is tfjs'.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { CpuBackend } from "./backend.ts";
import { type CpuKernel, registerCpuKernel } from "./register.ts";
import { addTensors } from "./sum.ts";

const kernels: Record<string, CpuKernel<Record<string, unknown>>> = {
  Identity: (backend, { x }) => backend.alias(x, x.shape),
  Reshape: (backend, { x }, { shape }) =>
    backend.alias(
      x,
      tf.util.inferFromImplicitShape(
        shape as number[],
        tf.util.sizeFromShape(x.shape),
      ),
    ),
  // The gradient of a clone is cast to its own type.
  Cast: (backend, { x }, { dtype }) => {
    if (dtype === x.dtype) return backend.alias(x, x.shape);
    if (dtype !== "float32") {
      throw new Error(`a tensor of ${x.dtype} is not cast to ${dtype}`);
    }
    const y = backend.output(x.shape);
    backend.floats(y).set(backend.ints(x));
    return y;
  },
  ZerosLike: (backend, { x }) => filledLike(backend, x, 0),
  OnesLike: (backend, { x }) => filledLike(backend, x, 1),
  // The tape adds the gradients of a tensor that is read more than once.
  Add: (backend, { a, b }) => {
    if (!tf.util.arraysEqual(a.shape, b.shape)) {
      throw new Error(`cannot add shapes [${a.shape}] and [${b.shape}]`);
    }
    const y = backend.output(a.shape);
    addTensors(backend, a, b, y);
    return y;
  },
  // Each row of a matrix by its own factor, which is 1 for most of them.
  Multiply: (backend, { a, b }) => {
    const [rows, width] = a.shape;
    if (!tf.util.arraysEqual(b.shape, [rows, 1]) || a.shape.length !== 2) {
      throw new Error(
        `rows are multiplied by a factor each, not [${a.shape}] by [${b.shape}]`,
      );
    }
    const y = backend.output(a.shape);
    const [values, factors] = [backend.floats(y), backend.floats(b)];
    values.set(backend.floats(a));
    factors.forEach((factor, row) => {
      if (factor === 1) return;
      for (let i = row * width; i < (row + 1) * width; i++) values[i] *= factor;
    });
    return y;
  },
  // Rows of a table.
  GatherV2: (backend, { x, indices }, { axis }) => {
    if (axis !== 0 || x.shape.length !== 2) {
      throw new Error(`only rows of a table are gathered, not axis ${axis}`);
    }
    const [rows, width] = [indices.shape[0], x.shape[1]];
    const y = backend.output([rows, width]);
    backend.run("gatherRows", rows * width, [
      ...[x, indices, y].map((tensor) => backend.address(tensor)),
      rows,
      width,
    ]);
    return y;
  },
  ArgMax: (backend, { x }, { axis }) => {
    const [last] = tf.util.parseAxisParam(axis as number, x.shape);
    if (last !== x.shape.length - 1) {
      throw new Error(`argMax is over the last axis, not axis ${axis}`);
    }
    const width = x.shape[last];
    const y = backend.output(x.shape.slice(0, last), "int32");
    const [values, best] = [backend.floats(x), backend.ints(y)];
    for (let i = 0; i < best.length; i++) {
      let top = 0;
      for (let j = 1; j < width; j++) {
        if (values[i * width + j] > values[i * width + top]) top = j;
      }
      best[i] = top;
    }
    return y;
  },
};

function filledLike(
  backend: CpuBackend,
  { shape, dtype }: tf.TensorInfo,
  value: number,
): tf.TensorInfo {
  if (dtype !== "float32" && dtype !== "int32") {
    throw new Error(`there are no tensors of ${value}s of type ${dtype}`);
  }
  const y = backend.output(shape, dtype);
  (dtype === "int32" ? backend.ints(y) : backend.floats(y)).fill(value);
  return y;
}

for (const [name, kernel] of Object.entries(kernels)) {
  registerCpuKernel(name, kernel);
}
