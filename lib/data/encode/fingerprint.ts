/**
 * All that tables depend on, in one number: the same again is not made again.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { digestFile } from "../../base/files/digest.ts";
import { reasonOf } from "../../base/files/system_error.ts";
import { readAsRecorded } from "../../hub/catalogue/recorded_digests.ts";
import { badData } from "../read/bad_data.ts";
import type { DataFile } from "../read/blocks.ts";
import type { Dataset } from "../sources/dataset.ts";
import type { TableSettings } from "../table/table_manifest.ts";
import { decisive, type FileFormats } from "./file_formats.ts";
import type { PrepareTablesOptions } from "./prepare_options.ts";

/**
 * The SHA-256 over the sources, the settings and what is taken of the sources.
 *
 * @param dataset The splits. Each file is read, and compared with the digest
 * that it was downloaded with.
 * @param formats How the files are written.
 * @param settings How their text is encoded.
 * @param options What is taken of the files.
 * @throws {UserError} `bad-data` if a file cannot be read.
 */
export async function fingerprintOf(
  dataset: Dataset,
  formats: FileFormats,
  settings: TableSettings,
  { limit, testFraction, devFraction, onBadRow, dataLabels }:
    PrepareTablesOptions,
): Promise<string> {
  const all = {
    format: 2,
    sources: await sourcesOf(dataset, formats),
    settings: firstLayout(settings),
    limit,
    testFraction,
    devFraction,
    onBadRow,
    dataLabels,
  };
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

/** The bytes of each split's files, and how they are read. */
async function sourcesOf(
  dataset: Dataset,
  formats: FileFormats,
): Promise<Record<string, unknown>> {
  const sources: Record<string, unknown> = {};
  const digests = new Map<string, string>();
  for (const { name, files, only } of dataset.values()) {
    const ofFiles = [];
    for (const file of files) {
      const { path } = file;
      const digest = digests.get(path) ?? await digestOf(file);
      digests.set(path, digest);
      // The same bytes are read in another way under another name.
      ofFiles.push({ digest, format: decisive(formats.get(path)!), only });
    }
    sources[name] = ofFiles.length === 1 ? ofFiles[0] : ofFiles;
  }
  return sources;
}

/** SHA-256 of a file, as it must be if that was recorded. */
async function digestOf({ path, shown }: DataFile): Promise<string> {
  const read = (path: string) =>
    digestFile(path, "sha256").catch((cause) => {
      throw badData({ path: shown }, reasonOf(cause, shown), { cause });
    });
  return await readAsRecorded(path, read, (digest) => digest);
}

/**
 * The settings in the layout of the first version: the same tables keep their
 * fingerprints, and runs that were begun on them can go on.
 */
function firstLayout(
  { text, vocabulary, labels }: TableSettings,
): Record<string, unknown> {
  return {
    tokenizer: {
      ...text.tokenizer,
      vocabulary: vocabulary.digest,
      size: vocabulary.size,
    },
    maxLength: text.maxLength,
    truncation: text.truncation,
    labels,
    hypothesisOnly: text.sentences === "hypothesis-only",
    rules: text.rules === 1 ? undefined : text.rules,
  };
}
