import type { BlasLibrary } from "./blas/sgemm.ts";
import type { Kernel } from "./kernel.ts";

/** The words by which the threads agree, in the shared memory. */
export const Word = {
  /** Counts the kernels started; the workers wait for it to change. */
  Generation: 0,
  /** Slices of the running kernel that are done. */
  Done: 1,
  /** Workers that have started and not ended. */
  Running: 2,
  /** Which kernel runs, by its index in the list of names, or {@link STOP}. */
  Kernel: 3,
  /** The address of its words. */
  Arguments: 4,
  /** Into how many slices it is split. */
  Slices: 5,
  /** Slices that no thread has taken yet, or less than 0. */
  Left: 6,
  /** How many words there are. */
  Count: 7,
} as const;

/** In place of a kernel: the workers end. */
export const STOP = -1;

/** What a worker is sent once. */
export interface PoolStart {
  memory: WebAssembly.Memory;
  module: WebAssembly.Module;
  /** Address of the words. */
  control: number;
  /** Its number; the caller's is 0. */
  thread: number;
  /** The kernels, in an order that all agree on. */
  names: string[];
  /** The BLAS library to take products from, if any. */
  blas: BlasLibrary | undefined;
}

/**
 * Does slices of the running kernel until none is left. Whoever is late finds
 * nothing to do: only a slice that was left is ever taken, and the words stay
 * until it is done.
 *
 * @param words The words, in the shared memory.
 * @param kernels By their numbers.
 * @param thread The caller's number.
 */
export function takeSlices(
  words: Int32Array,
  kernels: readonly Kernel[],
  thread: number,
): void {
  while (Atomics.load(words, Word.Left) > 0) {
    const left = Atomics.sub(words, Word.Left, 1);
    if (left <= 0) return;
    const slices = words[Word.Slices];
    const args = words[Word.Arguments] >>> 0;
    kernels[words[Word.Kernel]](args, slices - left, slices, thread);
    const done = Atomics.add(words, Word.Done, 1) + 1;
    if (done === slices) Atomics.notify(words, Word.Done);
  }
}
