/**
 * Guards a transfer against servers that fall silent.
 *
 * @module
 */
import { Interrupted, reasonOf } from "./request.ts";

/** How long a silence may be. */
export interface WatchOptions {
  /** Longest silence, in ms. */
  stallTimeout?: number;
}

/** What must come within the longest silence, lest a trickle last for ever. */
const LEAST_BYTES = 1024;

/** Turns a server's silence, and a broken connection, into an error. */
export class Watch {
  readonly #silence = new AbortController();
  readonly #limit: number;
  /** Aborted by silence or by the caller. */
  readonly signal: AbortSignal;

  /**
   * Makes a watch for one try.
   *
   * @param signal The caller's own, if any.
   * @param options The longest silence, 30 seconds if not told.
   */
  constructor(signal: AbortSignal | undefined, options: WatchOptions = {}) {
    const { stallTimeout = 30_000 } = options;
    this.#limit = stallTimeout;
    this.signal = signal
      ? AbortSignal.any([signal, this.#silence.signal])
      : this.#silence.signal;
  }

  /** Waits for something, but not for ever. */
  async guard<T>(work: Promise<T>): Promise<T> {
    return await this.#wait(work, this.#limit, "nothing came for");
  }

  /** A response's body; a broken connection is an {@link Interrupted}. */
  async *chunks(response: Response): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader();
    if (!reader) return;
    let [came, left] = [0, this.#limit];
    try {
      for (;;) {
        const begun = performance.now();
        const what = came === 0
          ? "nothing came for"
          : `only ${came} bytes came in`;
        const { done, value } = await this.#wait(reader.read(), left, what);
        if (done) return;
        came += value.length;
        left -= performance.now() - begun;
        if (came >= LEAST_BYTES) [came, left] = [0, this.#limit];
        yield value;
      }
    } catch (cause) {
      if (this.signal.aborted) throw this.signal.reason;
      throw new Interrupted(reasonOf(cause));
    } finally {
      await reader.cancel().catch(() => {});
    }
  }

  async #wait<T>(work: Promise<T>, time: number, what: string): Promise<T> {
    const silence = new Interrupted(
      `${what} ${this.#limit / 1000} seconds`,
    );
    const timer = setTimeout(
      () => this.#silence.abort(silence),
      Math.max(0, time),
    );
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }
}
