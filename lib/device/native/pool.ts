/**
 * The threads of the CPU device. Every kernel is split into as many fixed
 * shares as there are threads; the caller's thread does the first.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { UserError } from "../../errors.ts";
import { type PoolStart, STOP, Word } from "./pool_words.ts";
import source from "./worker.bundle.js" with { type: "text" };

/** A kernel: does share `part` of `parts` of what the words at `args` say. */
export type Kernel = (args: number, part: number, parts: number) => void;

/** What the pool runs. */
export interface PoolOptions {
  memory: WebAssembly.Memory;
  module: WebAssembly.Module;
  kernels: Record<string, Kernel>;
  /** Address of {@link Word.Count} words that nobody else uses. */
  control: number;
  /** Threads, the caller's included. */
  threads: number;
}

/** Looks at the count so often before it sleeps. */
const SPINS = 20_000;
/** How long workers may take to start, in ms. */
const START_TIME = 20_000;

/** Runs kernels on all threads. */
export class Pool {
  /** Threads, the caller's included. */
  readonly threads: number;
  readonly #kernels: Record<string, Kernel>;
  readonly #numbers: Map<string, number>;
  readonly #words: Int32Array;

  private constructor(options: PoolOptions, names: string[]) {
    this.threads = options.threads;
    this.#kernels = options.kernels;
    this.#numbers = new Map(names.map((name, i) => [name, i]));
    this.#words = controlWords(options);
  }

  /**
   * Starts the threads and waits until all have answered.
   *
   * @throws {UserError} If one doesn't.
   */
  static async start(options: PoolOptions): Promise<Pool> {
    const { memory, module, control, threads } = options;
    const names = Object.keys(options.kernels).sort();
    const words = controlWords(options);
    words.fill(0);
    // Node's kind of worker, since only it lets the process end without it.
    const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    for (let part = 1; part < threads; part++) {
      const workerData: PoolStart = {
        memory,
        module,
        control,
        part,
        parts: threads,
        names,
      };
      new Worker(url, { workerData }).unref();
    }
    const begun = performance.now();
    while (Atomics.load(words, Word.Ready) < threads - 1) {
      if (performance.now() - begun > START_TIME) {
        throw new UserError(
          `Cannot start ${threads} threads: ${
            Atomics.load(words, Word.Ready) + 1
          } answered in ${START_TIME / 1000} s`,
          { code: "no-threads", hint: "take --threads 1", exitCode: 1 },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return new Pool(options, names);
  }

  /** Runs a kernel on all threads and waits for the last. */
  run(name: string, args: number): void {
    const words = this.#words;
    words[Word.Kernel] = this.#numbers.get(name)!;
    words[Word.Arguments] = args;
    Atomics.store(words, Word.Done, 0);
    Atomics.add(words, Word.Generation, 1);
    Atomics.notify(words, Word.Generation);
    this.#kernels[name](args, 0, this.threads);
    let spins = 0;
    while (true) {
      const done = Atomics.load(words, Word.Done);
      if (done === this.threads - 1) return;
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
    this.#words[Word.Kernel] = STOP;
    Atomics.add(this.#words, Word.Generation, 1);
    Atomics.notify(this.#words, Word.Generation);
    while (Atomics.load(this.#words, Word.Ready) > 0) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

function controlWords({ memory, control }: PoolOptions): Int32Array {
  return new Int32Array(memory.buffer, control, Word.Count);
}
