/**
 * Work that a device records once and plays again: the same kernels on other
 * values, without the host going through the program that asked for them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Work that is done again and again. */
export interface RecordedWork<Numbers extends object> {
  /** All that decides which kernels run, besides the inputs' shapes. */
  key: string;
  /** Tensors with values from the host that no kernel has read yet. */
  inputs: readonly tf.Tensor[];
  /** All other tensors that the work may use, the same ones in their order. */
  state: readonly tf.Tensor[];
  /** What else changes from time to time. */
  numbers: Numbers;
}

/** A device that can record. */
export interface Recorder {
  /**
   * Does work, or plays again what it did before for the same key and shapes.
   *
   * @param work What to do, by inputs, numbers and the work.
   * @param run Does it once. What it tells kernels is the same whenever key
   *   and shapes are, or is a function of the numbers that it is given, asked
   *   for when a kernel is run (see `UniformValue` in webgpu/kernel.ts).
   * @return The scalars of type float32 that `run` gives.
   */
  play<Numbers extends object>(
    work: RecordedWork<Numbers>,
    run: (numbers: Numbers) => tf.Scalar[],
  ): tf.Scalar[];
  /** Frees all that was recorded. */
  forget(): void;
}

/** The device in use, if it can record. */
export function recorder(): Recorder | undefined {
  const backend = tf.backend() as unknown as Partial<Recorder>;
  return "play" in backend ? backend as Recorder : undefined;
}
