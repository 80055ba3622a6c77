/**
 * Sums of tensors, in place or not.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { CpuBackend } from "./backend.ts";

/**
 * y = a + b, element by element, as far as b has elements.
 *
 * @param backend The device.
 * @param y May be a.
 */
export function addTensors(
  backend: CpuBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  y: tf.TensorInfo,
): void {
  const elements = tf.util.sizeFromShape(b.shape);
  backend.run("addVectors", elements, [
    backend.address(a),
    backend.address(b),
    backend.address(y),
    elements,
  ]);
}
