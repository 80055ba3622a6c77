/**
 * Events as lines of JSON, and the file that a run keeps them in.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { checkRegularSync } from "../base/files/regular.ts";
import {
  isSystemError,
  reasonOf,
  writeCode,
} from "../base/files/system_error.ts";
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

/** A file that grows by lines; one that cannot be written takes no more. */
export class EventFile {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  #bytes: number;
  #broken = false;

  /**
   * Opens the file, or makes it.
   *
   * @param path The file; what follows its first `keep` bytes is cut off.
   * @param keep Bytes to keep; all of it goes if not given.
   * @throws {UserError} If it cannot be written.
   */
  constructor(path: string, keep = 0) {
    this.#path = path;
    [this.#file, this.#bytes] = this.#try(() => open(path, keep));
  }

  /**
   * Adds a line.
   *
   * @throws {UserError} If it cannot be written, for the first time.
   */
  write(line: Uint8Array): void {
    if (this.#broken) return;
    this.#try(() => writeAll(this.#file, line));
    this.#bytes += line.length;
  }

  /**
   * Waits until all is on disk, and tells how many bytes that are.
   *
   * @throws {UserError} If the disk won't have it.
   */
  sync(): number {
    this.#try(() => this.#file.syncDataSync());
    return this.#bytes;
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      this.#broken = true;
      if (!isSystemError(cause)) throw cause;
      throw new UserError(
        `Cannot write the events "${this.#path}": ${reasonOf(cause)}`,
        {
          code: writeCode(cause),
          hint: "once there is room, the same command with --resume goes on",
          exitCode: 1,
          cause,
        },
      );
    }
  }
}

function open(path: string, keep: number): [Deno.FsFile, number] {
  try {
    checkRegularSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const file = Deno.openSync(path, { write: true, create: true });
  // A file that has lost lines would be filled up with zeros.
  const bytes = Math.min(keep, file.statSync().size);
  file.truncateSync(bytes);
  file.seekSync(bytes, Deno.SeekMode.Start);
  return [file, bytes];
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  // A single write may take fewer.
  for (let done = 0; done < bytes.length;) {
    done += file.writeSync(bytes.subarray(done));
  }
}
