/** Sends signals to tasks. */

/** The signals that stop a task, and its exit code then. */
export const STOPS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;

/** Sends a signal to a process that may have ended by itself. */
export function sendSignal(
  child: Deno.ChildProcess,
  signal: Deno.Signal,
): void {
  try {
    child.kill(signal);
  } catch {
    // It has.
  }
}

/**
 * Waits for a process that must end soon; one that does not is killed, so that
 * its exit code is SIGKILL's.
 *
 * @param child The process.
 * @param seconds How long it may take.
 */
export async function endOf(
  child: Deno.ChildProcess,
  seconds: number,
): Promise<number> {
  const timer = setTimeout(() => sendSignal(child, "SIGKILL"), seconds * 1000);
  const { code } = await child.status;
  clearTimeout(timer);
  return code;
}
