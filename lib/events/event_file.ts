/**
 * Events as lines of JSON, and the file that a run keeps them in.
 *
 * @module
 */
import { jsonLine } from "../base/json_line.ts";
import type { Event } from "./events.ts";

/**
 * An event as it is written.
 *
 * @param event The event.
 * @return Its line, with the time and a line break.
 */
export function lineOf(event: Event): Uint8Array<ArrayBuffer> {
  const line = jsonLine({ ts: new Date().toISOString(), ...event });
  return new TextEncoder().encode(line);
}

/** A file that grows by lines. */
export class EventFile {
  readonly #file: Deno.FsFile;
  #bytes: number;

  /**
   * Opens the file, or makes it.
   *
   * @param path The file; what follows its first `keep` bytes is cut off.
   * @param keep Bytes to keep; all of it goes if not given.
   */
  constructor(path: string, keep = 0) {
    this.#file = Deno.openSync(path, { write: true, create: true });
    // A file that has lost lines would be filled up with zeros.
    this.#bytes = Math.min(keep, this.#file.statSync().size);
    this.#file.truncateSync(this.#bytes);
    this.#file.seekSync(this.#bytes, Deno.SeekMode.Start);
  }

  /** Adds a line. */
  write(line: Uint8Array): void {
    writeAll(this.#file, line);
    this.#bytes += line.length;
  }

  /** Waits until all is on disk, and tells how many bytes that are. */
  sync(): number {
    this.#file.syncDataSync();
    return this.#bytes;
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }
}

/**
 * Writes all bytes: a single write may take fewer.
 *
 * @param writer Where to.
 * @param bytes What.
 */
export function writeAll(
  writer: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let done = 0; done < bytes.length;) {
    done += writer.writeSync(bytes.subarray(done));
  }
}
