/** The words by which the threads agree, in the shared memory. */
export const Word = {
  /** Counts the kernels started; the workers wait for it to change. */
  Generation: 0,
  /** Workers that have done their share of the running kernel. */
  Done: 1,
  /** Workers that have started and not ended. */
  Ready: 2,
  /** Which kernel runs, by its place in the list of names, or {@link STOP}. */
  Kernel: 3,
  /** The address of its words. */
  Arguments: 4,
  /** How many words there are. */
  Count: 5,
} as const;

/** In place of a kernel: the workers end. */
export const STOP = -1;

/** What a worker is sent once. */
export interface PoolStart {
  memory: WebAssembly.Memory;
  module: WebAssembly.Module;
  /** Address of the words. */
  control: number;
  /** Which share it does. */
  part: number;
  /** How many shares there are. */
  parts: number;
  /** The kernels, in an order that all agree on. */
  names: string[];
}
