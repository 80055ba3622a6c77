/**
 * Zip archives out of the network: extracted piece by piece, and refused when
 * they would write elsewhere, over each other, or without end.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import { UserError } from "../errors.ts";
import type { OnProgress } from "../progress.ts";
import { isSystemError } from "./system_error.ts";
import { writeAll } from "../files.ts";
import { checkEntries, defaultLimits, type ZipLimits } from "./zip_rules.ts";

/** How an archive is extracted. */
export interface ExtractOptions {
  /** What the archive may hold at most. */
  limits?: Partial<ZipLimits>;
  /** Told the bytes written, under the phase `extract NAME`. */
  onProgress?: OnProgress;
  /** What progress calls the archive; its path if absent. */
  name?: string;
  /** Stops the work. */
  signal?: AbortSignal;
}

/** A file that came out of an archive. */
export interface ExtractedFile {
  /** Its path under the directory, with `/`. */
  path: string;
  /** Its size. */
  bytes: number;
}

/**
 * Extracts a zip archive. Names are all checked before anything is written;
 * if data turn out bad, what was written so far stays, so extract into a
 * temporary directory. Apple's extra files are left out.
 *
 * @param archive The zip file.
 * @param directory Where to; made if absent.
 * @param options Limits, progress, a signal.
 * @return The files written, in the archive's order.
 * @throws {UserError} `bad-archive`, naming the entry and what is wrong.
 */
export async function extractZip(
  archive: string,
  directory: string,
  options: ExtractOptions = {},
): Promise<ExtractedFile[]> {
  const { limits, onProgress, name = archive, signal } = options;
  using file = await Deno.open(archive);
  // A worker's script would not survive bundling into one file.
  const reader = new ZipReader(new FileReader(file), {
    useWebWorkers: false,
    filenameValidation: "tolerant", // checkEntries is stricter and says more
    decodeText: decodeUtf8,
    checkCrc32: true,
    checkOverlappingEntry: true,
    ...(signal && { signal }),
  });
  const entries = await reading(archive, () => reader.getEntries(), { signal });
  const files = checkEntries(archive, entries, { ...defaultLimits, ...limits });
  const total = files.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
  const written: ExtractedFile[] = [];
  let done = 0;
  for (const entry of files) {
    const path = join(directory, entry.filename);
    await Deno.mkdir(dirname(path), { recursive: true });
    await reading(
      archive,
      () =>
        extractEntry(entry, path, (bytes) => {
          done += bytes;
          onProgress?.({
            phase: `extract ${name}`,
            done,
            total,
            unit: "bytes",
          });
        }),
      { entry: entry.filename, signal },
    );
    written.push({ path: entry.filename, bytes: entry.uncompressedSize });
  }
  await reader.close();
  return written;
}

async function extractEntry(
  entry: FileEntry,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  await entry.getData(
    new WritableStream<Uint8Array>({
      async write(chunk) {
        await writeAll(file, chunk);
        onBytes(chunk.length);
      },
    }),
  );
  await file.syncData();
}

/**
 * Most archivers write names in UTF-8 and many forget to say so. The old code
 * page that zip.js takes then would turn control characters into pictures.
 */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Does some reading; what zip.js throws becomes a message for the user. */
async function reading<T>(
  archive: string,
  work: () => Promise<T>,
  { entry, signal }: { entry?: string; signal?: AbortSignal | undefined },
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    signal?.throwIfAborted();
    if (isSystemError(cause)) throw cause;
    const place = entry === undefined ? "" : `entry "${entry}": `;
    throw new UserError(
      `Cannot extract "${archive}": ${place}${(cause as Error).message}`,
      { code: "bad-archive", hint: "the file is damaged or no zip", cause },
    );
  }
}

/** Reads any part of an open file; zip.js reads several at the same time. */
class FileReader extends Reader<Deno.FsFile> {
  readonly #file: Deno.FsFile;
  #last: Promise<unknown> = Promise.resolve();

  constructor(file: Deno.FsFile) {
    super(file);
    this.#file = file;
  }

  override async init(): Promise<void> {
    await super.init?.();
    this.size = (await this.#file.stat()).size;
  }

  override readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const part = this.#last.then(() => this.#read(index, length));
    this.#last = part.catch(() => {});
    return part;
  }

  async #read(index: number, length: number): Promise<Uint8Array> {
    await this.#file.seek(index, Deno.SeekMode.Start);
    const bytes = new Uint8Array(Math.min(length, this.size - index));
    for (let done = 0; done < bytes.length;) {
      const read = await this.#file.read(bytes.subarray(done));
      if (read === null) return bytes.subarray(0, done);
      done += read;
    }
    return bytes;
  }
}
