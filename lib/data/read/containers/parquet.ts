/**
 * Parquet files, as pandas, datasets and the Hugging Face hub have them.
 *
 * @module
 */
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { badData } from "../bad_data.ts";
import type { DataFile } from "../blocks.ts";

/** Rows that become one block of lines. */
const ROWS = 4096;

/**
 * Turns a file into JSON lines, a row a line. A class that the hub's `datasets`
 * wrote as a number is told by its name, which the file has too.
 *
 * @param file The file.
 * @throws {UserError} `bad-data` if it is damaged.
 */
export async function* parquetLines(
  file: DataFile,
): AsyncGenerator<Uint8Array> {
  const buffer = await bufferOf(file);
  try {
    const metadata = await parquetMetadataAsync(buffer);
    const classes = classNames(metadata);
    const columns = parquetSchema(metadata).children
      .map(({ element }) => element.name);
    const encoder = new TextEncoder();
    let rowStart = 0;
    // Less than a group of rows cannot be unpacked by itself.
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      const rows: Record<string, unknown>[] = [];
      // One column at a time: of several that fail the library would leave all
      // but the first to nobody.
      for (const column of columns) {
        const cells = await parquetReadObjects({
          file: buffer,
          metadata,
          compressors,
          columns: [column],
          rowStart,
          rowEnd,
        });
        if (BigInt(cells.length) !== num_rows) {
          throw new Error(
            `column "${column}" has ${cells.length} rows, expected ${num_rows}`,
          );
        }
        cells.forEach((cell, i) => (rows[i] ??= {})[column] = cell[column]);
      }
      for (let i = 0; i < rows.length; i += ROWS) {
        const lines = rows.slice(i, i + ROWS)
          .map((row) => lineOf(row, classes));
        yield encoder.encode(lines.join(""));
      }
      rowStart = rowEnd;
    }
  } catch (cause) {
    throw badData(
      { path: file.shown },
      `it is damaged Parquet (${(cause as Error).message})`,
      { hint: "the file may be cut short", cause },
    );
  }
}

/** A file as the library reads it: in ranges, of which it asks many at once. */
async function bufferOf({ path, shown }: DataFile): Promise<AsyncBuffer> {
  const { size } = await Deno.stat(path).catch((cause) => {
    throw badData({ path: shown }, cause.message, { cause });
  });
  return {
    byteLength: size,
    slice: (start, end = size) => readRange(path, start, end),
  };
}

async function readRange(
  path: string,
  start: number,
  end: number,
): Promise<ArrayBuffer> {
  // Each has a file of its own: they go on when another one has failed.
  using file = await Deno.open(path);
  const bytes = new Uint8Array(Math.max(0, end - start));
  await file.seek(start, Deno.SeekMode.Start);
  for (let done = 0; done < bytes.length;) {
    const count = await file.read(bytes.subarray(done));
    if (count === null) throw new Error("it ends too early");
    done += count;
  }
  return bytes.buffer;
}

/** The names of classes by column, as the library datasets keeps them. */
function classNames(metadata: FileMetaData): Map<string, string[]> {
  const kept = metadata.key_value_metadata
    ?.find(({ key }) => key === "huggingface")?.value;
  const names = new Map<string, string[]>();
  try {
    const { info } = JSON.parse(kept ?? "{}");
    for (const [column, feature] of Object.entries(Object(info?.features))) {
      const { _type, names: classes } = Object(feature);
      if (_type === "ClassLabel" && Array.isArray(classes)) {
        names.set(column, classes.map(String));
      }
    }
  } catch {
    // What another program wrote there says nothing of classes.
  }
  return names;
}

function lineOf(
  row: Record<string, unknown>,
  classes: ReadonlyMap<string, string[]>,
): string {
  const told = { ...row };
  for (const [column, names] of classes) {
    const name = names[Number(told[column])];
    if (name !== undefined) told[column] = name;
  }
  return JSON.stringify(told, plainValue) + "\n";
}

/** Values that JSON has no way to write. */
function plainValue(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return value instanceof Uint8Array ? null : value;
}
