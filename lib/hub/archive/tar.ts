/**
 * Tar archives (POSIX ustar and pax, GNU), as they are or through gzip.
 *
 * @module
 */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract, type Header } from "tar-stream";
import type { Archive, TakeFile } from "./archive_format.ts";
import type {
  AdmittedFile,
  ArchiveEntry,
  ArchiveRules,
} from "./archive_rules.ts";

/** What a tar archive's sizes are rounded up to. */
const BLOCK = 512;

/** How a tar archive is read. */
export interface TarOptions {
  /** Whether it is compressed. */
  gzip: boolean;
  /** Stops the reading. */
  signal?: AbortSignal | undefined;
}

/**
 * Opens a tar archive and judges its entries. It has no directory of them, so
 * it is read through once here, and once more to extract it.
 *
 * @param path The archive.
 * @param makeRules Makes what judges them, for each reading.
 * @param options Whether it is compressed.
 * @throws {UserError} `bad-archive` from the rules; errors of tar-stream and
 *   zlib if it is damaged.
 */
export async function openTar(
  path: string,
  makeRules: () => ArchiveRules,
  options: TarOptions,
): Promise<Archive> {
  const files: AdmittedFile[] = [];
  await readTar(path, makeRules(), options, async (file, fill) => {
    files.push(file);
    await fill(() => Promise.resolve());
  });
  return {
    files,
    extract: (take) => readTar(path, makeRules(), options, take),
    async [Symbol.asyncDispose]() {},
  };
}

async function readTar(
  path: string,
  rules: ArchiveRules,
  { gzip, signal }: TarOptions,
  take: TakeFile,
): Promise<void> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  let grown = 0;
  async function* grow(source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      grown += chunk.length;
      rules.admitGrowth(size, grown);
      yield chunk;
    }
  }
  const parser = extract();
  const pieces = Readable.from(readPieces(file, signal));
  const feeding = gzip
    ? pipeline(pieces, createGunzip(), grow, parser)
    : pipeline(pieces, grow, parser);
  // What goes wrong is told below, after what it made the parser say.
  feeding.catch(() => {});
  let end = 0;
  try {
    for await (const stream of parser) {
      const { header } = stream;
      if (header.type === "directory" && header.size > 0) {
        // Its stream would never end, even if its name is to be left out.
        rules.refuse(
          `entry ${JSON.stringify(header.name)} is a folder with data`,
        );
      }
      const chunks = stream as AsyncIterable<Uint8Array>;
      const admitted = rules.admit(describe(header));
      if (admitted) {
        await take(admitted, async (write) => {
          for await (const chunk of chunks) await write(chunk);
        });
      } else for await (const _ of chunks);
      end = stream.offset + BLOCK + Math.ceil(header.size / BLOCK) * BLOCK;
    }
  } finally {
    await feeding.catch(() => {});
  }
  await feeding;
  // An empty block ends an archive; without it the rest may have been lost.
  if (grown < end + BLOCK) rules.refuse("it has no end; it was cut short");
}

function describe({ name, type, size, pax }: Header): ArchiveEntry {
  // What a sparse file's entry holds is not the file but a map of it.
  const isSparse = Object.keys(pax ?? {}).some((key) =>
    key.startsWith("GNU.sparse.")
  );
  const isPlain = type === "file" && !isSparse;
  return {
    name,
    kind: type === "directory" ? type : isPlain ? "file" : "other",
    bytes: size,
    compressed: null,
    encrypted: false,
  };
}

async function* readPieces(
  file: Deno.FsFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for (;;) {
    signal?.throwIfAborted();
    const piece = new Uint8Array(1 << 16);
    const read = await file.read(piece);
    if (read === null) return;
    yield piece.subarray(0, read);
  }
}
