/** A kernel: does slice `slice` of `slices` of what the words at `args` say. */
export type Kernel = (
  args: number,
  slice: number,
  slices: number,
  thread: number,
) => void;
