import { failed, request, type RequestOptions } from "./request.ts";
import { retrying, type RetryOptions } from "./retry.ts";
import { Watch, type WatchOptions } from "./watch.ts";

/** How a text is fetched. */
export interface FetchTextOptions
  extends Omit<RequestOptions, "signal">, RetryOptions, WatchOptions {
  /** The most bytes that it may have. */
  most: number;
}

/**
 * Fetches a text that fits into memory, and tries again where the connection
 * breaks.
 *
 * @param url An http or https URL.
 * @param options The most bytes, headers, and when to give up.
 * @return The text; bytes that are no UTF-8 are replaced.
 * @throws {UserError} `download-failed`, or what `onAnswer` throws.
 */
export async function fetchText(
  url: string,
  { most, ...options }: FetchTextOptions,
): Promise<string> {
  return await retrying(async () => {
    const watch = new Watch(options.signal, options);
    const response = await watch.guard(
      request(url, { ...options, signal: watch.signal }),
    );
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    for await (const chunk of watch.chunks(response)) {
      bytes += chunk.length;
      if (bytes > most) throw failed(`the answer goes on after ${most} bytes`);
      text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
  }, options);
}
