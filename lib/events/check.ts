/**
 * What an examination of the machine finds.
 *
 * @module
 */
import type { OnProgress } from "../base/progress.ts";
import type { CheckEvent } from "./events.ts";
import type { Log } from "./log.ts";

/** One thing that was looked at. */
export type Check = Omit<CheckEvent, "event">;

/** What goes along with an examination that takes its time. */
export interface Examination {
  /** Told how far it is. */
  onProgress?: OnProgress;
  /** Stops it; its reason is thrown. */
  signal?: AbortSignal;
}

/** Something that is there and works. */
export function works(
  name: string,
  found: string,
  timing: Record<string, number> = {},
): Check {
  return { name, outcome: "works", found, hint: "", timing };
}

/** Something that could be there and isn't; `hint` says how to get it. */
export function isMissing(name: string, found: string, hint: string): Check {
  return { name, outcome: "missing", found, hint, timing: {} };
}

/** Something that is there and doesn't do what it should. */
export function isBroken(name: string, found: string, hint: string): Check {
  return { name, outcome: "broken", found, hint, timing: {} };
}

/** Who is told of checks. */
export interface CheckTeller {
  /** How many of each outcome were told. */
  readonly counts: Record<Check["outcome"], number>;
  /** Tells checks; throws the signal's reason if it was stopped meanwhile. */
  tell(checks: readonly Check[]): void;
}

/**
 * Begins to tell checks, and to count what comes of them.
 *
 * @param context Who is told, and what stops it.
 */
export function tellChecks(
  { log, signal }: { log: Log; signal: AbortSignal },
): CheckTeller {
  const counts = { works: 0, missing: 0, broken: 0 };
  return {
    counts,
    tell(checks) {
      for (const check of checks) {
        log.emit({ event: "check", ...check });
        counts[check.outcome]++;
      }
      signal.throwIfAborted();
    },
  };
}
