/**
 * What a device is to those who train on it.
 *
 * @module
 */

/** An open device; all tensors live on it from then on. */
export interface Device {
  /** What it is: a GPU by WebGPU, or the CPU. */
  readonly kind: "webgpu" | "cpu";
  /** In words, as `cpu (2 threads, no BLAS)`. */
  readonly description: string;
  /**
   * What the bits of its results depend on, as its threads: two runs that
   * agree in all of it compute the same.
   */
  readonly arithmetic: Readonly<Record<string, string | number>>;
  /**
   * Throws the first error that the device met, if any. A GPU's errors arrive
   * later than the call that caused them.
   */
  check(): void;
  /**
   * Finds the fastest kernels for what has been run. Call it after the first
   * step; it changes no bit of what is computed.
   */
  tune(): Promise<void>;
  /** The forms of kernels that were found fastest, by kernel and size. */
  tuned(): Record<string, string>;
  /** Takes such forms over; what is no form's name changes nothing. */
  adopt(tuned: Readonly<Record<string, string>>): void;
}
