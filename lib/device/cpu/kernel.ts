/** A kernel: does part `part` of `parts` of what the words at `args` say. */
export type Kernel = (
  args: number,
  part: number,
  parts: number,
  thread: number,
) => void;
