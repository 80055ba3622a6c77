/** Small data files for tests. */
import { join } from "@std/path";
import { BlobReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { badData, type BadRow } from "../../../lib/data/read/bad_data.ts";
import type { Example } from "../../../lib/data/read/example.ts";
import { openPieces } from "../../../lib/data/read/open_pieces.ts";
import { parseRows } from "../../../lib/data/read/parse_rows.ts";
import {
  findFormat,
  type FormatOptions,
} from "../../../lib/data/read/row_format.ts";
import { withFolder } from "../with_folder.ts";

/** The label names of the book's model. */
export const LABELS = ["entailment", "contradiction", "neutral"];

/** The header of SNLI's text files. */
export const SNLI_HEADER = "gold_label\tsentence1_binary_parse\t" +
  "sentence2_binary_parse\tsentence1_parse\tsentence2_parse\tsentence1\t" +
  "sentence2\tcaptionID\tpairID\tlabel1\tlabel2\tlabel3\tlabel4\tlabel5";

/** A row of SNLI's text files. */
export function snliRow(label: string, one: string, two: string): string {
  return [label, one, two, "", "", "", "", "c", "p", label, "", "", "", ""]
    .join("\t");
}

/**
 * Runs a test in a temporary directory with the files given.
 *
 * @param files Content by name.
 * @param test Gets the directory.
 */
export async function withFiles(
  files: Record<string, string | Uint8Array>,
  test: (directory: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (directory) => {
    for (const [name, content] of Object.entries(files)) {
      const bytes = typeof content === "string"
        ? new TextEncoder().encode(content)
        : content;
      await Deno.writeFile(join(directory, name), bytes);
    }
    await test(directory);
  });
}

/** What a file holds, its rows counted from 1. */
export interface Rows {
  examples: Example[];
  bad: BadRow[];
}

/** How a file is read. */
export interface ReadOptions extends FormatOptions {
  labels?: readonly string[];
  dataLabels?: readonly string[];
}

/** Reads a file of a name and a content, on this thread. */
export async function readRows(
  name: string,
  content: string | Uint8Array,
  options: ReadOptions = {},
): Promise<Rows> {
  const { labels = LABELS, dataLabels = labels } = options;
  const rows: Rows = { examples: [], bad: [] };
  await withFiles({ [name]: content }, async (directory) => {
    const file = { path: join(directory, name), shown: name };
    const format = await findFormat(file, options);
    let line = 1;
    for await (const { bytes, first } of openPieces(file, format)) {
      if (bytes === null) {
        rows.bad.push({ sourceLine: line++, what: "it is too long" });
        continue;
      }
      const names = { labels, numbered: dataLabels };
      const piece = parseRows(bytes, { ...names, format, first });
      const numbered = <T extends { sourceLine: number }>(rows: T[]) =>
        rows.map((row) => ({ ...row, sourceLine: line + row.sourceLine }));
      rows.examples.push(...numbered(piece.examples));
      rows.bad.push(...numbered(piece.bad));
      line += piece.lines;
    }
  });
  return rows;
}

/** The examples of a file; its first bad row is thrown. */
export async function readExamples(
  name: string,
  content: string | Uint8Array,
  options: ReadOptions = {},
): Promise<Example[]> {
  const { examples, bad: [bad] } = await readRows(name, content, options);
  if (bad === undefined) return examples;
  throw badData({ ...bad, path: name }, bad.what, { hint: bad.hint });
}

/** The real SNLI pairs of the fixtures, as files by name. */
export async function snliFixture(): Promise<Record<string, Uint8Array>> {
  const zip = await Deno.readFile("fixtures/snli_1.0.zip");
  const reader = new ZipReader(new BlobReader(new Blob([zip])), {
    useWebWorkers: false,
  });
  const files: Record<string, Uint8Array> = {};
  for (const entry of await reader.getEntries()) {
    const name = /snli_1\.0_(train|test)\.txt$/.exec(entry.filename)?.[0];
    if (name === undefined || entry.directory) continue;
    files[name] = await entry.getData(new Uint8ArrayWriter());
  }
  return files;
}
