/**
 * A thread of the CPU device: does its share of every kernel on the shared
 * memory. Bundled into worker.bundle.js by `deno task build:workers`.
 *
 * @module
 */
import { workerData } from "node:worker_threads";
import { type PoolStart, STOP, Word } from "./pool_words.ts";

type Kernel = (args: number, part: number, parts: number) => void;

/** Looks at the generation so often before it sleeps: rounds are short. */
const SPINS = 4000;

const { memory, module, control, part, parts, names } = workerData as PoolStart;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
const kernels = names.map((name) => exports[name] as Kernel);
const words = new Int32Array(memory.buffer, control, Word.Count);
let generation = 0;
Atomics.add(words, Word.Ready, 1);
while (true) {
  let spins = 0;
  while (
    Atomics.load(words, Word.Generation) === generation && spins < SPINS
  ) spins++;
  Atomics.wait(words, Word.Generation, generation);
  generation = Atomics.load(words, Word.Generation);
  const number = words[Word.Kernel];
  if (number === STOP) break;
  kernels[number](words[Word.Arguments] >>> 0, part, parts);
  Atomics.add(words, Word.Done, 1);
  Atomics.notify(words, Word.Done);
}
// The last that is done to the words: another pool may use them from now on.
Atomics.sub(words, Word.Ready, 1);
