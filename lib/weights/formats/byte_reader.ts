/**
 * Reads little-endian fields from the bytes of a file, never past its end.
 *
 * @module
 */
import { badWeights } from "./bad_weights.ts";

/** A cursor over a weight file; every read that would pass the end is refused. */
export class ByteReader {
  /** The file's path, for errors. */
  readonly file: string;
  /** Where the next read begins, in bytes. */
  offset = 0;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;

  /**
   * Starts at the first byte.
   *
   * @param bytes The file's bytes; they are not copied.
   * @param file The file's path, for errors.
   */
  constructor(bytes: Uint8Array<ArrayBuffer>, file: string) {
    this.file = file;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The number of bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.offset;
  }

  /**
   * Reads raw bytes.
   *
   * @param count Number of them; checked against what remains first of all.
   * @param what What they are, for the error.
   * @return A view of the file's bytes, not a copy.
   */
  bytes(count: number, what: string): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(this.#advance(count, what), this.offset);
  }

  /**
   * Reads text.
   *
   * @param count Its length in bytes.
   * @param what What it is, for the error.
   * @return The text; anything but valid UTF-8 is refused.
   */
  utf8(count: number, what: string): string {
    const bytes = this.bytes(count, what);
    try {
      return utf8.decode(bytes);
    } catch {
      throw badWeights(
        this.file,
        `${what} at byte ${this.offset - count} is not valid UTF-8`,
      );
    }
  }

  /** Reads an unsigned byte; `what` names it in an error. */
  u8(what: string): number {
    return this.#view.getUint8(this.#advance(1, what));
  }

  /** Reads an unsigned 16-bit integer; `what` names it in an error. */
  u16(what: string): number {
    return this.#view.getUint16(this.#advance(2, what), true);
  }

  /** Reads an unsigned 32-bit integer; `what` names it in an error. */
  u32(what: string): number {
    return this.#view.getUint32(this.#advance(4, what), true);
  }

  /** Reads a signed 32-bit integer; `what` names it in an error. */
  i32(what: string): number {
    return this.#view.getInt32(this.#advance(4, what), true);
  }

  /** Reads a signed 64-bit integer that a number can hold exactly. */
  i64(what: string): number {
    return this.#exact(
      this.#view.getBigInt64(this.#advance(8, what), true),
      what,
    );
  }

  /** Reads an unsigned 64-bit integer that a number can hold exactly. */
  u64(what: string): number {
    return this.#exact(
      this.#view.getBigUint64(this.#advance(8, what), true),
      what,
    );
  }

  /** Reads a big-endian double, the one such field (of pickles). */
  f64BigEndian(what: string): number {
    return this.#view.getFloat64(this.#advance(8, what), false);
  }

  #advance(count: number, what: string): number {
    if (count > this.remaining) {
      throw badWeights(
        this.file,
        `it ends after ${this.#bytes.length} bytes, expected ${count} bytes of ${what} at byte ${this.offset}`,
      );
    }
    const start = this.offset;
    this.offset += count;
    return start;
  }

  #exact(value: bigint, what: string): number {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) {
      throw badWeights(
        this.file,
        `${what} at byte ${this.offset - 8} is ${value}, expected at most 2^53`,
      );
    }
    return number;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
