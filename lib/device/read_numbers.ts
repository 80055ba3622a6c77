/**
 * Reads many single numbers off a device at once.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { GpuBackend } from "./webgpu/backend.ts";

/**
 * Reads scalars. However many they are, a GPU is waited for once: each wait
 * costs 10 ms and more in Deno, which is several training steps.
 *
 * @param scalars Of one number each, of type float32.
 * @return Their values, in order.
 * @throws {UserError} If the device has met an error.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { openDevice } from "./mod.ts";
 * import { readNumbers } from "./read_numbers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await openDevice("cpu");
 * assertEquals(await readNumbers([tf.scalar(0.5), tf.scalar(2)]), [0.5, 2]);
 * ```
 */
export async function readNumbers(
  scalars: readonly tf.Tensor[],
): Promise<number[]> {
  const backend: unknown = tf.backend();
  if (backend instanceof GpuBackend) return await backend.readFirsts(scalars);
  const values = await Promise.all(scalars.map((scalar) => scalar.data()));
  return values.map(([value]) => value);
}
