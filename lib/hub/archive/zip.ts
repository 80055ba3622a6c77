/**
 * Zip archives: stored and deflated entries, zip64, data descriptors.
 *
 * @module
 */
import { type Entry, type FileEntry, Reader, ZipReader } from "@zip.js/zip.js";
import type { Archive } from "./archive_format.ts";
import type {
  AdmittedFile,
  ArchiveEntry,
  ArchiveRules,
} from "./archive_rules.ts";

/**
 * Opens a zip archive and judges its entries.
 *
 * @param path The archive.
 * @param rules The rules that judge them.
 * @param options A signal that stops the reading.
 * @throws {UserError} `bad-archive` from the rules; errors of zip.js if it is
 *   damaged.
 */
export async function openZip(
  path: string,
  rules: ArchiveRules,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Archive> {
  using stack = new DisposableStack();
  const file = stack.use(await Deno.open(path));
  // A worker's script would not survive bundling into one file.
  const reader = new ZipReader(new FileReader(file), {
    useWebWorkers: false,
    // The rules of this program are stricter, and say more.
    filenameValidation: "tolerant",
    decodeText: decodeUtf8,
    checkCrc32: true,
    checkOverlappingEntry: true,
    ...(signal && { signal }),
  });
  const entries = new Map<AdmittedFile, FileEntry>();
  for await (const entry of reader.getEntriesGenerator()) {
    const admitted = rules.admit(describe(entry));
    if (admitted && !entry.directory) entries.set(admitted, entry);
  }
  const kept = stack.move();
  return {
    files: [...entries.keys()],
    async extract(take) {
      for (const [admitted, entry] of entries) {
        await take(admitted, async (write) => {
          await entry.getData(new WritableStream({ write }));
        });
      }
    },
    async [Symbol.asyncDispose]() {
      await reader.close();
      kept.dispose();
    },
  };
}

function describe(entry: Entry): ArchiveEntry {
  // The upper half of the attributes is the Unix mode, its top the file type:
  // 4 is a directory, 8 a file, 0 not told.
  const type = entry.externalFileAttributes >>> 28;
  const kind = entry.directory ? "directory" : "file";
  return {
    name: entry.filename,
    kind: [0, 4, 8].includes(type) ? kind : "other",
    bytes: entry.uncompressedSize,
    compressed: entry.compressedSize,
    encrypted: entry.encrypted,
  };
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

/** Reads any section of an open file; zip.js reads several at the same time. */
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
    const section = this.#last.then(() => this.#read(index, length));
    this.#last = section.catch(() => {});
    return section;
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
