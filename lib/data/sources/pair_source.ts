/**
 * Where the pairs that are to be classified come from.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { writeAll } from "../../base/files/write_all.ts";
import { joinBytes } from "../../base/join_bytes.ts";
import { untilAborted } from "../../base/unless_aborted.ts";
import type { Sentences } from "../../text/pair.ts";
import { badData } from "../read/bad_data.ts";
import { checkExtension } from "../read/format/file_names.ts";
import type { RowFormat } from "../read/format/formats.ts";
import { openPieces } from "../read/open_pieces.ts";
import type { PairInput } from "../read/pairs.ts";
import { cutPieces, LONGEST_ROW } from "../read/pieces.ts";
import {
  findFormat,
  formatOfStart,
  type FormatOptions,
  mustBeWhole,
} from "../read/row_format.ts";
import { isPipe, parseSpec, STANDARD_INPUT, whyMissing } from "./data_spec.ts";

/** Rows that are to be classified. */
export interface PairSource extends PairInput, AsyncDisposable {}

/** How a source is opened. */
export interface PairSourceOptions extends FormatOptions {
  /** Whether bad rows are left out, so that the first may be bad. */
  skipBad?: boolean;
  /** Ends the reading. */
  signal: AbortSignal;
}

/**
 * Opens a file, a named pipe or standard input (`-`). What comes as it is made,
 * as JSON lines and CSV, is read as it comes; the first row tells its columns.
 * What can only be read as a whole is kept in a file first: gzip, Parquet,
 * arrays, and TSV, of which all quotes must be seen.
 *
 * @param path The file, or `-`.
 * @param options What the user says of it. No label is needed.
 * @throws {UserError} `bad-data` if it cannot be read as rows of sentences.
 */
export async function openPairSource(
  path: string,
  options: PairSourceOptions,
): Promise<PairSource> {
  const isInput = path === STANDARD_INPUT;
  if (isInput || await isPipe(path)) {
    const stream = isInput
      ? Deno.stdin.readable
      : (await Deno.open(path)).readable;
    const shown = isInput ? "standard input" : path;
    return await openPairStream(stream, shown, options);
  }
  const info = await Deno.stat(path).catch(async (cause) => {
    const hint = hintForSpec(path);
    throw badData({ path }, await whyMissing(path, cause), { hint, cause });
  });
  if (info.isDirectory) {
    throw badData({ path }, "it is a directory, expected a file", {
      hint: "give one of the files in it",
    });
  }
  const file = { path, shown: path };
  checkExtension(file);
  return await openFile(file, options);
}

/** Other tasks take `SPLIT=FILE`; rows that are classified are of no split. */
function hintForSpec(given: string): string | undefined {
  const { split, path } = parseSpec(given);
  if (split === null) return undefined;
  return `a file without a split is expected, as --data ${path}`;
}

async function openFile(
  file: { path: string; shown: string },
  options: PairSourceOptions,
): Promise<PairSource> {
  const format = withoutLabel(
    await findFormat(file, { ...options, unlabelled: true }),
  );
  const pieces = openPieces(file, format);
  return { shown: file.shown, format, pieces, [Symbol.asyncDispose]: nothing };
}

async function nothing(): Promise<void> {}

/**
 * Opens what comes as a stream, as {@link openPairSource} does.
 *
 * @param stream The bytes; they may never end.
 * @param shown What messages call it.
 * @param options What the user says of it.
 */
export async function openPairStream(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  shown: string,
  options: PairSourceOptions,
): Promise<PairSource> {
  const blocks = untilAborted(stream, options.signal);
  const { head, ended } = await readStart(blocks, options);
  if (isBlank(head)) {
    const pieces = cutPieces([], null);
    return { shown, format: null, pieces, [Symbol.asyncDispose]: nothing };
  }
  const whole = chain(head, blocks);
  if (mustBeWhole(head, options)) return await keep(whole, shown, options);
  const format = withoutLabel(
    formatOfStart(shown, ended ? head : wholeLines(head), {
      ...options,
      unlabelled: true,
    }),
  );
  const quoted = format.kind === "table" && format.quoted;
  return {
    shown,
    format,
    pieces: cutPieces(whole, quoted ? format.delimiter : null),
    [Symbol.asyncDispose]: nothing,
  };
}

/** Keeps what comes in a file of its own until it is disposed of. */
async function keep(
  blocks: AsyncIterable<Uint8Array>,
  shown: string,
  options: PairSourceOptions,
): Promise<PairSource> {
  const path = await Deno.makeTempFile({ prefix: "premise-" });
  const remove = () => Deno.remove(path);
  try {
    using copy = await Deno.open(path, { write: true });
    for await (const block of blocks) await writeAll(copy, block);
    const source = await openFile({ path, shown }, options);
    return { ...source, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** So many lines of a table tell its columns: a header, and a row. */
const TABLE_LINES = 2;

/** What comes first, up to a row that tells how all are written. */
async function readStart(
  blocks: AsyncGenerator<Uint8Array>,
  { skipBad = false }: PairSourceOptions,
): Promise<{ head: Uint8Array<ArrayBuffer>; ended: boolean }> {
  let head: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  while (!tellsEnough(head, skipBad) && head.length <= LONGEST_ROW) {
    const { done, value } = await blocks.next();
    if (done) return { head, ended: true };
    head = joinBytes([head, value]);
  }
  return { head, ended: false };
}

/** What stands before the last line end; all if there is none. */
function wholeLines(head: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const end = Math.max(head.lastIndexOf(LF), head.lastIndexOf(CR)) + 1;
  return end === 0 ? head : head.subarray(0, end);
}

const [LF, CR] = [10, 13];

function tellsEnough(head: Uint8Array, skipBad: boolean): boolean {
  const text = new TextDecoder().decode(head);
  const lines = text.split(/\r\n|\n|\r(?=[^])/).slice(0, -1)
    .filter((line) => line.trim() !== "" && !/^"?sep=."?$/i.test(line));
  if (!text.trimStart().startsWith("{")) return lines.length >= TABLE_LINES;
  return lines.some((line) => !skipBad || isObject(line));
}

function isObject(line: string): boolean {
  try {
    return typeof JSON.parse(line) === "object";
  } catch {
    return false;
  }
}

function isBlank(head: Uint8Array): boolean {
  return new TextDecoder().decode(head).trim() === "";
}

async function* chain(
  head: Uint8Array,
  blocks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head;
  yield* blocks;
}

/** The label of what is to be classified is only passed on. */
function withoutLabel(format: RowFormat): RowFormat {
  const fields = { ...format.fields, label: null };
  return format.kind === "json" ? { ...format, fields } : {
    ...format,
    fields,
    columns: { ...format.columns, label: null },
  };
}

/**
 * Checks that a file is of what a model reads.
 *
 * @param file What messages call it, and how it is written.
 * @param sentences What the model reads; either if absent.
 * @throws {UserError} `wrong-sentences` if it is not.
 */
export function checkSentences(
  { shown, format }: Pick<PairSource, "shown" | "format">,
  sentences: Sentences | undefined,
): void {
  if (sentences === undefined || format === null) return;
  const { fields } = format;
  const single = fields.hypothesis === null;
  if (single === (sentences === "single")) return;
  throw new UserError(
    `Cannot read "${shown}" for this model: ` +
      (single
        ? `its rows are single sentences (column "${fields.premise}"), ` +
          "expected pairs of sentences"
        : `its rows are pairs of sentences (columns "${fields.premise}" and ` +
          `"${fields.hypothesis}"), expected single sentences`),
    {
      code: "wrong-sentences",
      hint: single
        ? "--hypothesis-field NAME tells the second sentence"
        : "--single takes the first sentence of each row alone",
    },
  );
}
