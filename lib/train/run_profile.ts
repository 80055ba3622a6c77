/**
 * The profile of a run: measured while it lasts, told and written at its end.
 *
 * @module
 */
import { replaceFile } from "../files.ts";
import type { Event } from "../log/events.ts";
import { type OnPhase, Profiler } from "./profile.ts";

/** Measures a run until it is disposed, however the run ends. */
export class RunProfile {
  readonly #profiler = new Profiler();
  readonly #trace: string;
  readonly #emit: (event: Event) => void;

  /**
   * @param trace The file that the trace is written to.
   * @param emit Gets the `profile` event.
   */
  constructor(trace: string, emit: (event: Event) => void) {
    this.#trace = trace;
    this.#emit = emit;
  }

  /** To be told what the run does. */
  get onPhase(): OnPhase {
    return this.#profiler.enter;
  }

  /** Writes the trace and tells the times. */
  async [Symbol.asyncDispose](): Promise<void> {
    const profiler = this.#profiler;
    profiler.stop();
    await replaceFile(this.#trace, profiler.trace());
    this.#emit({
      event: "profile",
      trace: this.#trace,
      omitted: profiler.omitted,
      timing: { seconds: profiler.seconds, rows: profiler.rows() },
    });
  }
}
