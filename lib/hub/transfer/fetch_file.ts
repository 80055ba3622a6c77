/**
 * Downloads one file over HTTP: tries again when the connection breaks, and
 * goes on where it broke off, even in a later process.
 *
 * @module
 */
import { dirname } from "@std/path";
import { naming } from "../../base/files/system_error.ts";
import { writeAll } from "../../base/files/write_all.ts";
import {
  dropNote,
  type Note,
  readNote,
  removePartial,
  writeNote,
} from "./partial.ts";
import {
  failed,
  Interrupted,
  request,
  type RequestOptions,
} from "./request.ts";
import { retrying, type RetryOptions } from "./retry.ts";
import { checkSpace } from "./space.ts";
import { Watch, type WatchOptions } from "./watch.ts";

/** How a file is downloaded. */
export interface FetchOptions
  extends
    Pick<RequestOptions, "headersFor" | "onAnswer">,
    RetryOptions,
    WatchOptions {
  /** The size that the file must have, if that is known. */
  bytes?: number;
  /** Is told the bytes on disk and in all (null if unknown). */
  onBytes?: (done: number, total: number | null) => void;
  /** Stops the download; what is on disk is kept if it can be continued. */
  signal?: AbortSignal;
  /**
   * Whether the address stands for one content for ever, which the caller
   * checks, so that a download may go on without a validator.
   */
  immutable?: boolean;
}

/** Where a body ends whose size nobody knows. */
const LARGEST = 16 * 2 ** 30;

/** How often the disk is looked at while a file grows, in bytes. */
const CHECK_EVERY = 64 * 2 ** 20;

/**
 * Downloads a file. If that fails, what is on disk stays if it can be continued
 * later, as a note beside it tells; otherwise nothing is left.
 *
 * @param url An http or https URL.
 * @param file The file to write; its folder must exist.
 * @param options Its size, who is told, and when to try again or to give up.
 * @return Whether the file is put together of more than one answer, so that
 *   one that turns out wrong may be right if fetched afresh.
 * @throws {UserError} `download-failed` or `disk-full`.
 */
export async function fetchFile(
  url: string,
  file: string,
  options: FetchOptions = {},
): Promise<boolean> {
  try {
    return await retrying(async () => {
      const isContinued = await transfer(url, file, options);
      await dropNote(file);
      return isContinued;
    }, options);
  } catch (error) {
    if (await readNote(file, url) === null) await removePartial(file);
    throw error;
  }
}

/**
 * Tries once to fetch what is missing of a file. Tells whether something was
 * there already.
 */
async function transfer(
  url: string,
  file: string,
  options: FetchOptions,
): Promise<boolean> {
  const note = await readNote(file, url);
  const kept = note === null ? 0 : (await Deno.stat(file)).size;
  const headers = note !== null && kept > 0 ? rangeFrom(kept, note) : {};
  await checkSpace(dirname(file), (options.bytes ?? 0) - kept);
  const watch = new Watch(options.signal, options);
  const response = await watch.guard(
    request(url, { ...options, headers, signal: watch.signal }),
  );
  const answer = readAnswer(response, kept);
  if (answer === null) {
    await response.body?.cancel();
    await removePartial(file);
    throw new Interrupted("the server has another file by now");
  }
  const { from, total } = answer;
  const fault = faultOf(response, total, options);
  if (fault) {
    await response.body?.cancel();
    throw fault;
  }
  // Nothing is missing: an earlier process was killed at the very end.
  if (response.status === 416) {
    await response.body?.cancel();
    return true;
  }
  await checkSpace(dirname(file), (total ?? 0) - from);
  if (from === 0) await writeNote(file, url, response, options);
  using partial = await Deno.open(file, { write: true, create: true });
  await naming(file, () => partial.truncate(from));
  await partial.seek(from, Deno.SeekMode.Start);
  const most = total ?? options.bytes ?? LARGEST;
  let done = from;
  let checked = from;
  for await (const chunk of watch.chunks(response)) {
    done += chunk.length;
    if (done > most) {
      await removePartial(file);
      throw failed(`the file goes on after ${most} bytes`);
    }
    // A body whose size nobody has told may be endless.
    if (done >= checked + CHECK_EVERY) {
      await checkSpace(dirname(file), CHECK_EVERY);
      checked = done;
    }
    await naming(file, () => writeAll(partial, chunk));
    options.onBytes?.(done, total);
  }
  if (total !== null && done !== total) {
    throw new Interrupted(`the file ended after ${done} of ${total} bytes`);
  }
  await naming(file, () => partial.sync());
  return from > 0;
}

/** Asks for what is missing, as long as the file is still the same. */
function rangeFrom(
  kept: number,
  { validator }: Note,
): Record<string, string> {
  return {
    "range": `bytes=${kept}-`,
    ...(validator !== null && { "if-range": validator }),
  };
}

/** Where a response's body belongs, and the size of the whole file. */
interface Answer {
  from: number;
  total: number | null;
}

/** What a response is; null if it fits nowhere. */
function readAnswer(
  { status, headers }: Response,
  kept: number,
): Answer | null {
  const length = headers.get("content-length");
  if (status === 200) {
    return { from: 0, total: length === null ? null : Number(length) };
  }
  // As `bytes 70000-199999/200000`; or `bytes */200000`, if none is left.
  const range = headers.get("content-range") ?? "";
  const [, start, end, size] =
    /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(range) ?? [];
  const total = size === "*" ? Number(end) + 1 : Number(size);
  const fits = status === 416
    ? kept > 0 && kept === total
    : kept === Number(start) && kept < total;
  return fits ? { from: kept, total } : null;
}

/** What speaks against a response before its body is read. */
function faultOf(
  { headers }: Response,
  total: number | null,
  { bytes }: FetchOptions,
): Error | null {
  if (headers.get("content-type")?.startsWith("text/html")) {
    return failed("the server sent a web page instead of the file");
  }
  if (bytes !== undefined && total !== null && total !== bytes) {
    return new Interrupted(
      `the server offers ${total} bytes, expected ${bytes}`,
    );
  }
  return null;
}
