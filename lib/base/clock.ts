/**
 * Time: rates over it, and turns of the event loop.
 *
 * @module
 */

/** A rate; 0 while no time has passed. */
export function perSecond(count: number, seconds: number): number {
  return seconds > 0 ? count / seconds : 0;
}

/**
 * Gives the event loop a turn, so that signals and timers get theirs: on the
 * CPU, reading a tensor doesn't.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
