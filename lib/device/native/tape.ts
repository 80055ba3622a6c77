/**
 * The few plain tfjs kernels that the tape and the training step need.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { NATIVE, type NativeBackend } from "./backend.ts";

/** A kernel with one result. */
type PlainKernel = (
  backend: NativeBackend,
  inputs: Record<string, tf.TensorInfo>,
  attrs: Record<string, unknown>,
) => tf.TensorInfo;

const kernels: Record<string, PlainKernel> = {
  Identity: (backend, { x }) => backend.alias(x, x.shape),
  Reshape: (backend, { x }, { shape }) =>
    backend.alias(
      x,
      tf.util.inferFromImplicitShape(
        shape as number[],
        tf.util.sizeFromShape(x.shape),
      ),
    ),
  ZerosLike: (backend, { x }) => backend.zeros(x.shape),
  OnesLike: (backend, { x }) => {
    const y = backend.output(x.shape);
    backend.floats(y).fill(1);
    return y;
  },
  // The tape adds the gradients of a tensor that is read more than once.
  Add: (backend, { a, b }) => {
    if (!tf.util.arraysEqual(a.shape, b.shape)) {
      throw new Error(`cannot add shapes [${a.shape}] and [${b.shape}]`);
    }
    const y = backend.output(a.shape);
    const elements = tf.util.sizeFromShape(y.shape);
    backend.run("addVectors", elements, [
      backend.address(a),
      backend.address(b),
      backend.address(y),
      elements,
    ]);
    return y;
  },
  ArgMax: (backend, { x }) => {
    const [rows, width] = x.shape;
    const y = backend.output([rows], "int32");
    const [values, best] = [backend.floats(x), backend.ints(y)];
    for (let i = 0; i < rows; i++) {
      let top = 0;
      for (let j = 1; j < width; j++) {
        if (values[i * width + j] > values[i * width + top]) top = j;
      }
      best[i] = top;
    }
    return y;
  },
};

for (const [kernelName, kernel] of Object.entries(kernels)) {
  tf.registerKernel({
    kernelName,
    backendName: NATIVE,
    kernelFunc: ({ inputs, attrs, backend }) =>
      kernel(
        backend as NativeBackend,
        inputs as Record<string, tf.TensorInfo>,
        (attrs ?? {}) as Record<string, unknown>,
      ),
  });
}
