/**
 * The time that handing work over takes the host.
 *
 * @module
 */
import { onSoftware } from "../gpu/adapter.ts";

/** A clock, in seconds. */
export type HostClock = () => number;

/**
 * Starts a clock of the host's time. A GPU that is a program computes on the
 * host's cores, and holds up the thread that hands work over: there the clock
 * is of what this thread itself computes, where Linux tells it.
 */
export async function openHostClock(): Promise<HostClock> {
  const wall = () => performance.now() / 1000;
  if (!await onSoftware()) return wall;
  try {
    threadSeconds();
    return threadSeconds;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return wall;
    throw error;
  }
}

/** What the main thread has computed so far, in seconds. */
function threadSeconds(): number {
  const [nanoseconds] = Deno.readTextFileSync("/proc/self/schedstat").split(
    " ",
  );
  return Number(nanoseconds) / 1e9;
}
