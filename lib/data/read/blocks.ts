/**
 * The bytes of data files, out of gzip if they are in it.
 *
 * @module
 */
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { reasonOf } from "../../base/files/system_error.ts";
import { badData } from "./bad_data.ts";

/** A file of a data set. */
export interface DataFile {
  /** Where its bytes are. */
  path: string;
  /** What messages call it, as `standard input`. */
  shown: string;
}

/**
 * Bytes read at a time. The workers' memory grows with it: what a piece leaves
 * behind outlives their young generation if it is larger.
 */
const BLOCK = 1 << 16;

/**
 * Reads a file in blocks. One that begins as gzip does (RFC 1952), whatever
 * its name, is inflated; it may have several members, as `pigz` and `cat`
 * make them, which a `DecompressionStream` would refuse.
 *
 * @param file The file.
 * @return Its bytes; a block is good until the next one is asked for.
 * @throws {UserError} `bad-data` if it cannot be read or is damaged gzip.
 */
export async function* readBlocks(
  file: DataFile,
): AsyncGenerator<Uint8Array> {
  const gzip = await startsAsGzip(file);
  try {
    yield* gzip ? inflate(file.path) : readPlain(file.path);
  } catch (cause) {
    const what = (cause as Error).message;
    throw badData(
      { path: file.shown },
      gzip ? `it is damaged gzip (${what})` : what,
      { ...(gzip && { hint: "the file may be cut short" }), cause },
    );
  }
}

/** Whether bytes begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function startsAsGzip({ path, shown }: DataFile): Promise<boolean> {
  try {
    using file = await Deno.open(path);
    const start = new Uint8Array(2);
    await file.read(start);
    return isGzip(start);
  } catch (cause) {
    throw badData({ path: shown }, reasonOf(cause, shown), { cause });
  }
}

async function* readPlain(path: string): AsyncGenerator<Uint8Array> {
  using file = await Deno.open(path);
  const block = new Uint8Array(BLOCK);
  for (let count; (count = await file.read(block)) !== null;) {
    yield block.subarray(0, count);
  }
}

async function* inflate(path: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: BLOCK });
  // The loop of the reader gets the error that this callback is told.
  pipeline(Readable.from(copies(readPlain(path))), gunzip, () => {});
  yield* gunzip as AsyncIterable<Uint8Array>;
}

/** Copies blocks, for a reader that asks for more of them ahead. */
async function* copies(
  blocks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) yield block.slice();
}
