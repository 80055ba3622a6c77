/**
 * Trying again what a server or the network interrupted.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { failed, Interrupted } from "./request.ts";

/** How often to try, and how long to wait in between. */
export interface RetryOptions {
  /** Tries in all. */
  tries?: number;
  /** Wait before the second try, in ms; doubles with each further one. */
  retryDelay?: number;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/** Longest wait that a server's Retry-After is granted, in ms. */
const LONGEST_WAIT = 60_000;

/**
 * Does some work, and does it again as long as it is interrupted.
 *
 * @param work Fetches something; it goes on where it broke off if it can.
 * @param options How often, and how long to wait.
 * @return What the work returns.
 * @throws {UserError} `download-failed`, telling the last interruption, after
 *   all tries.
 */
export async function retrying<T>(
  work: () => Promise<T>,
  { tries = 5, retryDelay = 500, signal }: RetryOptions = {},
): Promise<T> {
  for (let tried = 1;; tried++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      if (tried >= tries) {
        throw failed(`${error.message} (${tries} tries)`, error);
      }
      // Half of the wait is random, lest all who were cut off come at once.
      const backoff = retryDelay * 2 ** (tried - 1) * (1 + Math.random()) / 2;
      const wait = Math.min(LONGEST_WAIT, error.retryAfter ?? backoff);
      await sleep(wait, undefined, { signal }).catch(() => {});
      signal?.throwIfAborted();
    }
  }
}
