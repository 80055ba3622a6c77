/**
 * The event of `doctor`.
 *
 * @module
 */

/** One thing that `doctor` looked at. */
export interface CheckEvent {
  /** Tells the kinds of lines apart. */
  event: "check";
  /** What was looked at, as `webgpu attention`. */
  name: string;
  /** `missing`: the program does without it; `broken`: it is there, and wrong. */
  outcome: "works" | "missing" | "broken";
  /** What was found. */
  found: string;
  /** What to do about it; may be empty. */
  hint: string;
  /** Rates that were measured: `gigaflops`, `gigabytesPerSecond`. */
  timing: Record<string, number>;
}
