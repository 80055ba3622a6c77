/**
 * How the library tells how far a long piece of work is. It knows nothing of
 * terminals: a task turns these into `progress` events and a bar.
 *
 * @module
 */

/** A report of how far one phase is. */
export interface Progress {
  /** What is being done, as `download bert.small` or `encode train`. */
  phase: string;
  /** Units done so far: bytes, rows or steps, as the phase says. */
  done: number;
  /** Units in all, or null while that is not known. */
  total: number | null;
  /** What the units are. */
  unit: "bytes" | "rows" | "steps";
  /** Short facts to show beside the bar, as `{ loss: "0.71" }`. */
  facts?: Record<string, string>;
}

/** Receives progress reports; called often, so it decides what to show. */
export type OnProgress = (progress: Progress) => void;
