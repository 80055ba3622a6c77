/**
 * Downloads one file over HTTP: tries again when the connection breaks, and
 * goes on where it broke off, even in a later process.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.ts";
import { dropNote, readNote, removePart, writeNote } from "./part.ts";
import { failed, Interrupted, request } from "./request.ts";
import { Watch } from "./watch.ts";
import { writeAll } from "../files.ts";

/** How a file is downloaded. */
export interface FetchOptions {
  /** Told the bytes on disk and in all (null if unknown). */
  onBytes?: (done: number, total: number | null) => void;
  /** Stops the download; what is on disk is kept if it can be continued. */
  signal?: AbortSignal;
  /** Tries in all. */
  tries?: number;
  /** Wait before the second try, in ms; doubles with each further one. */
  retryDelay?: number;
  /** Longest silence of a server that is put up with, in ms. */
  stallTimeout?: number;
}

/** Longest wait that a server's Retry-After is granted, in ms. */
const LONGEST_WAIT = 60_000;

/**
 * Downloads a file. If that fails, the part that is on disk stays if it can
 * be continued later, as a note beside it tells; else nothing is left.
 *
 * @param url An http or https URL.
 * @param file Where to; its folder must exist.
 * @param options Whom to tell, and when to try again or to give up.
 * @throws {UserError} `download-failed`.
 */
export async function fetchFile(
  url: string,
  file: string,
  options: FetchOptions = {},
): Promise<void> {
  const { tries = 5, retryDelay = 500, signal } = options;
  try {
    for (let tried = 1;; tried++) {
      try {
        await transfer(url, file, options);
        return await dropNote(file);
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
  } catch (error) {
    if (await readNote(file, url) === null || isFinal(error)) {
      await removePart(file);
    }
    throw error;
  }
}

/** Whether a server refused for good, so that a part is of no use. */
function isFinal(error: unknown): boolean {
  return error instanceof UserError && !(error.cause instanceof Interrupted);
}

/** One try: asks for what is missing and writes it. */
async function transfer(
  url: string,
  file: string,
  options: FetchOptions,
): Promise<void> {
  const note = await readNote(file, url);
  const kept = note === null ? 0 : (await Deno.stat(file)).size;
  const headers: Record<string, string> = note !== null && kept > 0
    ? { "range": `bytes=${kept}-`, "if-range": note.validator }
    : {};
  const watch = new Watch(options.signal, options);
  const response = await watch.guard(
    request(url, { headers, signal: watch.signal }),
  );
  const from = startOf(response, kept);
  if (from === null) {
    await response.body?.cancel();
    await removePart(file);
    throw new Interrupted("the server has another file by now");
  }
  if (response.headers.get("content-type")?.startsWith("text/html")) {
    await response.body?.cancel();
    throw failed("the server sent a web page instead of the file");
  }
  const total = totalOf(response, from);
  if (from === 0) await writeNote(file, url, response);
  using part = await Deno.open(file, { write: true, create: true });
  await part.truncate(from);
  await part.seek(from, Deno.SeekMode.Start);
  let done = from;
  for await (const chunk of watch.chunks(response)) {
    await writeAll(part, chunk);
    done += chunk.length;
    options.onBytes?.(done, total);
  }
  if (total !== null && done !== total) {
    throw new Interrupted(`the file ended after ${done} of ${total} bytes`);
  }
  await part.sync();
}

/** Where a response's body belongs; null if it fits nowhere. */
function startOf(response: Response, kept: number): number | null {
  if (response.status === 200) return 0;
  const range = response.headers.get("content-range") ?? "";
  return response.status === 206 && range.startsWith(`bytes ${kept}-`)
    ? kept
    : null;
}

function totalOf(response: Response, from: number): number | null {
  const length = response.headers.get("content-length");
  return length === null ? null : from + Number(length);
}
