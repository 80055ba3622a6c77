/**
 * A thread of the CPU device: does slices of every kernel on the shared
 * memory. Bundled into worker.bundle.js by `deno task build:workers`.
 *
 * @module
 */
import { workerData } from "node:worker_threads";
import { openSgemm, SGEMM } from "./blas/sgemm.ts";
import type { Kernel } from "./kernel.ts";
import { type PoolStart, STOP, takeSlices, Word } from "./pool_words.ts";

/** Looks at the generation so often before it sleeps: rounds are short. */
const SPINS = 4000;

const { memory, module, control, thread, names, blas } =
  workerData as PoolStart;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const sgemm = blas && openSgemm(blas, memory);
const kernels = names.map((name) =>
  name === SGEMM ? sgemm! : exports[name] as Kernel
);
const words = new Int32Array(memory.buffer, control, Word.Count);
Atomics.add(words, Word.Running, 1);
while (true) {
  const generation = Atomics.load(words, Word.Generation);
  takeSlices(words, kernels, thread);
  if (Atomics.load(words, Word.Kernel) === STOP) break;
  let spins = 0;
  while (
    Atomics.load(words, Word.Generation) === generation && spins < SPINS
  ) spins++;
  Atomics.wait(words, Word.Generation, generation);
}
// The last that is done to the words: another pool may use them from now on.
Atomics.sub(words, Word.Running, 1);
