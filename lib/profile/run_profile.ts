/**
 * The profile of a run: measured while it lasts, told and written at its end.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { replaceFile } from "../base/files/files.ts";
import { GpuBackend } from "../device/webgpu/backend.ts";
import type { Event, KernelRow } from "../events/events.ts";
import { type OnPhase, Profiler } from "./profile.ts";

/** Runs of kernels that a GPU times: what a few hundred steps take. */
const MOST_TIMED = 50_000;

/** Measures a run until it is disposed, however the run ends. */
export class RunProfile {
  readonly #profiler = new Profiler();
  readonly #gpu: GpuBackend | undefined;
  readonly #trace: string;
  readonly #emit: (event: Event) => void;

  /**
   * @param trace The file that the trace is written to.
   * @param emit Gets the `profile` event.
   */
  constructor(trace: string, emit: (event: Event) => void) {
    this.#trace = trace;
    this.#emit = emit;
    const backend: unknown = tf.backend();
    if (backend instanceof GpuBackend && backend.startClock(MOST_TIMED)) {
      this.#gpu = backend;
    }
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
    // What has failed tells nothing.
    const gpu = this.#gpu && !this.#gpu.failed
      ? await kernelTimes(this.#gpu)
      : [];
    this.#emit({
      event: "profile",
      trace: this.#trace,
      omitted: profiler.omitted,
      timing: {
        seconds: profiler.seconds,
        rows: profiler.rows(),
        gpu,
      },
    });
  }
}

/** What the GPU took for each kernel, the longest first. */
async function kernelTimes(backend: GpuBackend): Promise<KernelRow[]> {
  const times = await backend.stopClock();
  const tick = await backend.secondsPerTick();
  return [...times].map(([kernel, { calls, ticks }]) => ({
    kernel,
    calls,
    seconds: tick * ticks,
  })).sort((a, b) => b.seconds - a.seconds);
}
