/**
 * The threads of the CPU device. Every kernel is split into a fixed number of
 * slices, whose results don't depend on who computes them; the threads, the
 * caller's among them, take one after another. So a thread that other programs
 * hold up leaves its slices to the others.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { UserError } from "../../base/errors.ts";
import type { BlasLibrary } from "./blas/sgemm.ts";
import type { Kernel } from "./kernel.ts";
import { type PoolStart, STOP, takeSlices, Word } from "./pool_words.ts";
import source from "./worker.bundle.js" with { type: "text" };

/** What the pool runs. */
export interface PoolOptions {
  memory: WebAssembly.Memory;
  module: WebAssembly.Module;
  kernels: Record<string, Kernel>;
  /** Address of {@link Word.Count} words that nobody else uses. */
  control: number;
  /** Threads, the caller's included. */
  threads: number;
  /** The BLAS library that `sgemm` of the kernels is of, if any. */
  blas: BlasLibrary | undefined;
}

/** Looks at the count so often before it sleeps. */
const SPINS = 20_000;
/** How long workers may take to start, in ms. */
const START_TIME = 20_000;

/** Runs kernels on all threads. */
export class Pool {
  /** Threads, the caller's included. */
  readonly threads: number;
  readonly #kernels: Kernel[];
  readonly #numbers: Map<string, number>;
  readonly #words: Int32Array;

  private constructor(options: PoolOptions, names: string[]) {
    this.threads = options.threads;
    this.#kernels = names.map((name) => options.kernels[name]);
    this.#numbers = new Map(names.map((name, i) => [name, i]));
    this.#words = controlWords(options);
  }

  /**
   * Starts the threads and waits until all have answered.
   *
   * @throws {UserError} If one doesn't.
   */
  static async start(options: PoolOptions): Promise<Pool> {
    const { memory, module, control, threads, blas } = options;
    const names = Object.keys(options.kernels).sort();
    const words = controlWords(options);
    words.fill(0);
    // Node's kind of worker, since only it lets the process end without it.
    const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    for (let thread = 1; thread < threads; thread++) {
      const workerData: PoolStart = {
        memory,
        module,
        control,
        thread,
        names,
        blas,
      };
      new Worker(url, { workerData }).unref();
    }
    const begun = performance.now();
    while (Atomics.load(words, Word.Running) < threads - 1) {
      if (performance.now() - begun > START_TIME) {
        throw new UserError(
          `Cannot start ${threads} threads: ${
            Atomics.load(words, Word.Running) + 1
          } answered in ${START_TIME / 1000} s`,
          { code: "no-threads", hint: "take --threads 1", exitCode: 1 },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return new Pool(options, names);
  }

  /** Runs a kernel on all threads and waits for its last slice. */
  run(name: string, args: number, slices: number): void {
    const words = this.#words;
    words[Word.Kernel] = this.#numbers.get(name)!;
    words[Word.Arguments] = args;
    words[Word.Slices] = slices;
    Atomics.store(words, Word.Done, 0);
    Atomics.store(words, Word.Left, slices);
    Atomics.add(words, Word.Generation, 1);
    Atomics.notify(words, Word.Generation);
    takeSlices(words, this.#kernels, 0);
    let spins = 0;
    while (true) {
      const done = Atomics.load(words, Word.Done);
      if (done === slices) return;
      if (++spins > SPINS) Atomics.wait(words, Word.Done, done);
    }
  }

  /**
   * Ends the threads, and waits until none looks at the words any more.
   *
   * Terminating them would not do: that takes its time, in which they would
   * still join in the kernels of the next pool.
   */
  async stop(): Promise<void> {
    Atomics.store(this.#words, Word.Kernel, STOP);
    Atomics.add(this.#words, Word.Generation, 1);
    Atomics.notify(this.#words, Word.Generation);
    while (Atomics.load(this.#words, Word.Running) > 0) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

function controlWords({ memory, control }: PoolOptions): Int32Array {
  return new Int32Array(memory.buffer, control, Word.Count);
}
