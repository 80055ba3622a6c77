/**
 * Where bytes go that are written for somebody: each place has a fault of its
 * own, and none holds up the program.
 *
 * Writing waits for whoever reads, which may be for ever. So it is left to the
 * system's threads, while signals are still heard.
 *
 * @module
 */
import { joinBytes } from "../base/join_bytes.ts";

/** What bytes can be written to; a single write may take fewer. */
export interface Writer {
  /** Writes some of the bytes; gives how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/** Bytes that wait for their turn, and where they go. */
interface Waiting {
  sink: Sink;
  bytes: Uint8Array;
}

/** Bytes on their way, written in the order in which they came. */
export class Lane {
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  /** Whether all is written. */
  get idle(): boolean {
    return this.#running === undefined;
  }

  /** How many writes wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Adds bytes; what can be written at once is. */
  put(sink: Sink, bytes: Uint8Array): void {
    this.#waiting.push({ sink, bytes });
    this.#running ??= this.#run();
  }

  /** Waits until all is written, or lost. */
  async drained(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const [{ sink }] = this.#waiting;
      const other = this.#waiting.findIndex((next) => next.sink !== sink);
      const count = other === -1 ? this.#waiting.length : other;
      // Many lines at once cost as much as one.
      const lines = this.#waiting.splice(0, count).map(({ bytes }) => bytes);
      await sink.take(lines.length === 1 ? lines[0] : joinBytes(lines));
    }
    this.#running = undefined;
  }
}

/** One place that bytes are written to, until it fails. */
export class Sink {
  /** What messages call it. */
  readonly name: string;
  readonly #writer: Writer;
  readonly #lane: Lane;
  readonly #onFault: (sink: Sink) => void;
  #fault: Error | undefined;

  /**
   * Names a place.
   *
   * @param name What messages call it, as `standard output`.
   * @param writer Takes the bytes.
   * @param options Whom to tell of the fault, once, and which other places its
   *   bytes must keep their order with.
   */
  constructor(
    name: string,
    writer: Writer,
    { onFault, lane = new Lane() }: {
      onFault: (sink: Sink) => void;
      lane?: Lane;
    },
  ) {
    this.name = name;
    this.#writer = writer;
    this.#lane = lane;
    this.#onFault = onFault;
  }

  /** What went wrong; nothing is written any more then. */
  get fault(): Error | undefined {
    return this.#fault;
  }

  /** Whether nobody reads any more, as behind `| head`. */
  get unread(): boolean {
    return this.#fault instanceof Deno.errors.BrokenPipe;
  }

  /** Whether all that was put is written, or lost. */
  get idle(): boolean {
    return this.#lane.idle;
  }

  /** How many writes wait for their turn. */
  get waiting(): number {
    return this.#lane.waiting;
  }

  /** Adds bytes, which are written when those before them are. */
  put(bytes: Uint8Array): void {
    if (this.#fault === undefined) this.#lane.put(this, bytes);
  }

  /** Waits until all that was put is written, or lost. */
  async drained(): Promise<void> {
    await this.#lane.drained();
  }

  /** Writes bytes whose turn it is. */
  async take(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length && !this.#fault;) {
        done += await this.#writer.write(bytes.subarray(done));
      }
    } catch (error) {
      this.#fault = error as Error;
      this.#onFault(this);
    }
  }
}
