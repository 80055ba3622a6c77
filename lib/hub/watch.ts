/**
 * Guards a transfer against servers that fall silent.
 *
 * @module
 */
import { Interrupted } from "./request.ts";

/** How long a silence may be. */
export interface WatchOptions {
  /** Longest silence, in ms. */
  stallTimeout?: number;
}

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
   * @param options How long a silence may be; 30 seconds if not told.
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
    const timer = setTimeout(
      () =>
        this.#silence.abort(
          new Interrupted(`nothing came for ${this.#limit / 1000} seconds`),
        ),
      this.#limit,
    );
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A response's body; a broken connection is an {@link Interrupted}. */
  async *chunks(response: Response): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader();
    if (!reader) return;
    try {
      for (;;) {
        const { done, value } = await this.guard(reader.read());
        if (done) return;
        yield value;
      }
    } catch (cause) {
      if (this.signal.aborted) throw this.signal.reason;
      throw new Interrupted((cause as Error).message);
    } finally {
      await reader.cancel().catch(() => {});
    }
  }
}
