/**
 * What an examination of the machine finds.
 *
 * @module
 */
import type { OnProgress } from "../base/progress.ts";
import type { CheckEvent } from "./events.ts";

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
