/**
 * One side of a comparison: a process that makes a step for every line it
 * gets.
 *
 * @module
 */

/** What a side says of itself before its first step. */
export interface Facts {
  /** Of the programs that compute. */
  versions: Record<string, string>;
  /** Ours: the device in words. */
  device?: string;
}

/** What a side says of a step. */
export interface Step {
  seconds: number;
  loss: number | null;
  /** Ours: of one big matrix product after the step, in FLOP/s. */
  productRate?: number;
  /** Ours on a GPU: until the device had been told all that there is to do. */
  hostSeconds?: number;
  /** Ours on a GPU: kernels that it was given. */
  dispatches?: number;
  /** Of a preparation: the pairs that were read. */
  rows?: number;
}

/** A process that makes a step for every line it gets. */
export class Side {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #answers: AsyncGenerator<string>;
  readonly #name: string;
  #productPeak = 0;

  /** Starts a command; its standard error is this process's. */
  constructor(command: readonly string[], options: Record<string, unknown>) {
    const [program, ...args] = command;
    this.#name = args.at(-1) ?? program;
    this.#process = new Deno.Command(program, {
      args: [...args, JSON.stringify(options)],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#answers = lines(this.#process.stdout);
  }

  /** What it says of itself; once, before the first step. */
  async facts(): Promise<Facts> {
    return await this.#answer() as Facts;
  }

  /** Makes a step. */
  async step(): Promise<Step> {
    await this.#writer.write(new TextEncoder().encode("\n"));
    const step = await this.#answer() as Step;
    this.#productPeak = Math.max(this.#productPeak, step.productRate ?? 0);
    return step;
  }

  /** Our side: the rate of the fastest big matrix product so far, in FLOP/s. */
  get productPeak(): number {
    return this.#productPeak;
  }

  /**
   * Ends the process.
   *
   * @return The most memory that it had at once, in bytes; null where the
   *   system doesn't tell.
   */
  async end(): Promise<number | null> {
    const status = await Deno.readTextFile(`/proc/${this.#process.pid}/status`)
      .catch(() => "");
    await this.#writer.close();
    await this.#process.status;
    const kibibytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
    return kibibytes === undefined ? null : 1024 * Number(kibibytes);
  }

  /** Ends the process now, if it still runs. */
  [Symbol.dispose](): void {
    try {
      this.#process.kill();
    } catch {
      // It has ended.
    }
  }

  async #answer(): Promise<unknown> {
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`${this.#name} ended early`);
    return JSON.parse(value);
  }
}

/** The lines of a stream. */
export async function* lines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}
