/**
 * Where the time of training goes: by phase of a step, and by kernel.
 *
 * A profiler stands between tfjs and the kernels of the current backend: it
 * registers each of them anew with a clock around it, and puts them back when
 * it stops. Nothing is measured, or in the way, unless there is one.
 *
 * On the CPU a kernel's time is its work. On a GPU it is the host's, which
 * encodes the work; the GPU is waited for in the phase `read`, and times its
 * kernels itself.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { ProfileRow } from "../events/events.ts";
import { type Span, traceText } from "./trace.ts";

/** One of the things that training does in turn. */
export type Phase =
  | "data"
  | "forward"
  | "gradient"
  | "optimizer"
  | "read"
  | "evaluation"
  | "saving";

/** The order in which they are told. */
const PHASES: readonly Phase[] = [
  "data",
  "forward",
  "gradient",
  "optimizer",
  "read",
  "evaluation",
  "saving",
];

/** Told when a phase begins, which ends the one before. */
export type OnPhase = (phase: Phase) => void;

/** Most spans of a trace: a viewer copes with them. */
const MOST_SPANS = 100_000;

/** Measures the kernels of tfjs' current backend from its construction on. */
export class Profiler {
  readonly #rows = new Map<string, ProfileRow>();
  readonly #spans: Span[] = [];
  readonly #restore: (() => void)[] = [];
  readonly #begun = performance.now();
  #phase: { name: Phase; begun: number } | undefined;
  #inKernel = false;
  #omitted = 0;
  #seconds = 0;

  constructor() {
    const backend = tf.getBackend();
    for (const config of tf.getKernelsForBackend(backend)) {
      this.#replace({
        ...config,
        kernelFunc: (parameters) =>
          this.#time(config.kernelName, () => config.kernelFunc(parameters)),
      });
      this.#restore.push(() => this.#replace(config));
    }
  }

  /** Begins a phase; as a property, to be handed on as an {@link OnPhase}. */
  readonly enter: OnPhase = (name) => {
    const now = performance.now();
    this.#endPhase(now);
    this.#phase = { name, begun: now };
  };

  /** Ends the running phase and takes the clocks away. */
  stop(): void {
    this.#endPhase(performance.now());
    this.#phase = undefined;
    for (const restore of this.#restore.splice(0)) restore();
  }

  /** Seconds in all phases together. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Spans that the trace leaves out, to stay small enough to be opened. */
  get omitted(): number {
    return this.#omitted;
  }

  /** The times, phase by phase, of each the longest first. */
  rows(): ProfileRow[] {
    const place = ({ phase }: ProfileRow) => PHASES.indexOf(phase as Phase);
    return [...this.#rows.values()].sort((a, b) =>
      place(a) - place(b) || b.seconds - a.seconds
    );
  }

  /** The trace's text, for chrome://tracing and Perfetto. */
  trace(): string {
    return traceText(this.#spans);
  }

  #replace(config: tf.KernelConfig): void {
    tf.unregisterKernel(config.kernelName, config.backendName);
    tf.registerKernel(config);
  }

  #time<T>(kernel: string, run: () => T): T {
    // A kernel that runs another has its time.
    if (this.#inKernel || !this.#phase) return run();
    this.#inKernel = true;
    const begun = performance.now();
    try {
      return run();
    } finally {
      const ended = performance.now();
      this.#inKernel = false;
      const phase = this.#phase.name;
      this.#add(phase, kernel, 1, ended - begun);
      this.#add(phase, "", 0, begun - ended);
      this.#span({ name: kernel, track: "kernels", begun, ended });
    }
  }

  #endPhase(now: number): void {
    if (!this.#phase) return;
    const { name, begun } = this.#phase;
    this.#add(name, "", 1, now - begun);
    this.#seconds += (now - begun) / 1000;
    this.#span({ name, track: "phases", begun, ended: now });
  }

  #add(phase: Phase, kernel: string, calls: number, ms: number): void {
    const key = `${phase} ${kernel}`;
    let row = this.#rows.get(key);
    if (!row) {
      this.#rows.set(key, row = { phase, kernel, calls: 0, seconds: 0 });
    }
    row.calls += calls;
    row.seconds += ms / 1000;
  }

  #span(span: Span): void {
    if (this.#spans.length === MOST_SPANS) {
      this.#omitted++;
      return;
    }
    const { begun, ended } = span;
    this.#spans.push({
      ...span,
      begun: begun - this.#begun,
      ended: ended - this.#begun,
    });
  }
}
