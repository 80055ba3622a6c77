/**
 * Files that hold one array of objects, as `json.dump` and pandas'
 * `to_json(orient="records")` write them.
 *
 * @module
 */
import { badData } from "../bad_data.ts";
import type { DataFile } from "../blocks.ts";

const [OPEN, CLOSE, COMMA] = [0x5b, 0x5d, 0x2c];
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [BRACE, BRACE_END] = [0x7b, 0x7d];
const [LF, CR] = [0x0a, 0x0d];
const SPACE = 0x20;

/**
 * Turns an array into JSON lines, an element a line, without parsing it.
 *
 * @param file The file, for errors.
 * @param blocks Its bytes.
 * @throws {UserError} `bad-data` if the array is not closed or not the whole
 * file.
 */
export async function* arrayLines(
  file: DataFile,
  blocks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const splitter = new Splitter(file);
  for await (const block of blocks) {
    const lines = splitter.take(block);
    if (lines.length > 0) yield lines;
  }
  splitter.end();
}

/** Where in the array it is. */
type Place = "before" | "between" | "element" | "after";

class Splitter {
  readonly #file: DataFile;
  #place: Place = "before";
  /** Open brackets and braces of the element. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #rows = 0;

  constructor(file: DataFile) {
    this.#file = file;
  }

  /** The lines, or parts of lines, that these bytes become. */
  take(block: Uint8Array): Uint8Array {
    // An element's line ends where its comma or the array's end stood.
    const out = new Uint8Array(block.length);
    let length = 0;
    for (const byte of block) {
      const taken = this.#takeByte(byte);
      if (taken !== 0) out[length++] = taken;
    }
    return out.subarray(0, length);
  }

  /** Checks that the array is closed. */
  end(): void {
    if (this.#place !== "after") {
      throw this.#bad(
        `its array is not closed after ${this.#rows} rows`,
        "the file may be cut short",
      );
    }
  }

  /** What is to be written for a byte; 0 for nothing. */
  #takeByte(byte: number): number {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return byte;
    }
    if (this.#place === "element") return this.#takeOfElement(byte);
    if (isSpace(byte)) return 0;
    if (this.#place === "before") {
      // A byte order mark may come first.
      if (byte === OPEN) this.#place = "between";
      return 0;
    }
    if (this.#place === "after") {
      throw this.#bad("more stands after its array", undefined);
    }
    if (byte === CLOSE) {
      this.#place = "after";
      return 0;
    }
    if (byte === COMMA) throw this.#bad("a row is empty", undefined);
    this.#place = "element";
    return this.#takeOfElement(byte);
  }

  #takeOfElement(byte: number): number {
    if (this.#depth === 0 && (byte === COMMA || byte === CLOSE)) {
      this.#place = byte === COMMA ? "between" : "after";
      this.#rows++;
      return LF;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (byte === BRACE || byte === OPEN) this.#depth++;
    else if (byte === BRACE_END || byte === CLOSE) this.#depth--;
    return byte === LF || byte === CR ? SPACE : byte;
  }

  #bad(what: string, hint: string | undefined): Error {
    return badData({ path: this.#file.shown }, what, { hint });
  }
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === LF || byte === CR || byte === 0x09;
}
