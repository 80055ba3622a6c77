/**
 * What a run's own events tell of it.
 *
 * @module
 */
import { join } from "@std/path";
import { readRegularText } from "../base/files/regular.ts";
import type { Event } from "../events/events.ts";

/**
 * Reads the events that a run has recorded.
 *
 * @param run The run directory.
 * @return In order; without a last line that is cut short, as a killed run's is.
 */
export async function readRunEvents(run: string): Promise<Event[]> {
  try {
    const text = await readRegularText(join(run, "events.jsonl"));
    return text.trimEnd().split("\n").flatMap(parseEvent);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function parseEvent(line: string): Event[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** Whether a run came to its end, by its events. */
export function isFinished(events: readonly Event[]): boolean {
  return events.at(-1)?.event === "done";
}
