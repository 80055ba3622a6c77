/**
 * Waiting that a signal may end: whoever is waited for may never come.
 *
 * @module
 */

/**
 * Waits for some work, but no longer than until a signal is aborted.
 *
 * @param work What is waited for; it may go on.
 * @param signal Ends the waiting by throwing its reason.
 */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return await work;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    // What the work throws later is caught here, too, and by nobody else.
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * A stream's blocks until a signal is aborted, even between two of them.
 *
 * @param stream The stream; it is cancelled in the end.
 * @param signal Ends the reading by throwing its reason.
 */
export async function* untilAborted<T>(
  stream: ReadableStream<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await unlessAborted(reader.read(), signal);
      if (done) return;
      yield value;
    }
  } finally {
    // A read of standard input that nobody answers cannot be cancelled.
    reader.cancel().catch(() => {});
  }
}
