/**
 * The sum of two tensors as a tensor of its own.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { GpuBackend } from "../backend.ts";
import {
  defineKernel,
  eachVector,
  VECTOR_UNIFORMS,
  vectorGroups,
} from "./kernel.ts";

const add = defineKernel({
  name: "add",
  reads: { a: "vec4<f32>", b: "vec4<f32>" },
  writes: { y: "vec4<f32>" },
  uniforms: VECTOR_UNIFORMS,
  code: eachVector("y[i] = a[i] + b[i];"),
});

/**
 * Adds two tensors of one shape and type float32.
 *
 * @param backend The device.
 * @param a A tensor.
 * @param b Another, or the same.
 */
export function sumOf(
  backend: GpuBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
): tf.TensorInfo {
  const y = backend.output(a.shape);
  const vectors = Math.ceil(tf.util.sizeFromShape(a.shape) / 4);
  backend.run(add, {
    tensors: { a, b, y },
    uniforms: { vectors },
    groups: vectorGroups(vectors),
  });
  return y;
}
