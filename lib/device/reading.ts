/**
 * Reads from the device in use, as few times as possible: in Deno each read from
 * a GPU waits 10 ms and more, which is several steps of a small model.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { GpuBackend } from "./webgpu/backend.ts";

/** Tensors that are collected before they are read. */
const COLLECTED = 32;

/** How many results are worth collecting: 1 where reading costs nothing. */
export function readsAtOnce(): number {
  const backend: unknown = tf.backend();
  return backend instanceof GpuBackend ? COLLECTED : 1;
}

/**
 * Reads tensors; a GPU is waited for once.
 *
 * @param tensors Of type float32.
 * @return Their values, in order.
 * @throws {UserError} If the device has met an error.
 */
export async function readArrays(
  tensors: readonly tf.Tensor[],
): Promise<Float32Array[]> {
  const backend: unknown = tf.backend();
  return backend instanceof GpuBackend
    ? await backend.readAll(tensors)
    : await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
}

/**
 * Reads scalars; a GPU is waited for once.
 *
 * @param scalars Of one number each, of type float32.
 * @return Their values, in order.
 * @throws {UserError} If the device has met an error.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { openDevice } from "./mod.ts";
 * import { readNumbers } from "./reading.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await openDevice("cpu");
 * assertEquals(await readNumbers([tf.scalar(0.5), tf.scalar(2)]), [0.5, 2]);
 * ```
 */
export async function readNumbers(
  scalars: readonly tf.Tensor[],
): Promise<number[]> {
  return (await readArrays(scalars)).map(([value]) => value);
}
