/**
 * From a data set and a model's vocabulary to a directory of encoded data.
 *
 * @module
 */
import { extname } from "@std/path";
import { createHash } from "node:crypto";
import { UserError } from "../errors.ts";
import { digestFile } from "../hub/digest.ts";
import type { OnProgress } from "../progress.ts";
import type { PairOptions } from "../text/pair.ts";
import { openTokenizer, type TokenizerOptions } from "../text/tokenizer.ts";
import { encodeSplit } from "./encode.ts";
import { EncodePool } from "./encode_pool.ts";
import { type Dataset, openDataset } from "./source.ts";
import { readTableDir, writeTableDir } from "./table_dir.ts";
import type { TableManifest, TableSettings } from "./table_manifest.ts";

/** What to encode, and how. */
export interface PrepareOptions extends PairOptions {
  /** What to read, as {@link openDataset} takes it. */
  data: readonly string[];
  /** The model's vocabulary file. */
  vocabularyFile: string;
  /** The model's tokenizer. */
  tokenizer: TokenizerOptions;
  /** The model's label names in the order of its outputs, at most 128. */
  labels: readonly string[];
  /** Examples to take of each split; all if absent. */
  limit?: number | undefined;
  /** Share of a lone file's premises that becomes the test split. */
  testFraction?: number | undefined;
  /** Encoding workers; the cores, at most 8, if absent. */
  workers?: number | undefined;
  /** Told the rows done. */
  onProgress?: OnProgress;
  /** Stops the work. */
  signal?: AbortSignal;
}

/** What {@link prepareTables} did. */
export interface Prepared {
  /** The content of `table.json`. */
  manifest: TableManifest;
  /** Whether the directory held the same already. */
  reused: boolean;
  /** Whether the directory held something else that was encoded. */
  replaced: boolean;
}

/** Classes that the label column, Int8, can tell apart. */
const MOST_LABELS = 128;

/**
 * Encodes a data set, unless the directory holds just that already; anything
 * else that was encoded there is replaced, since it can be made again.
 *
 * @param directory Where to.
 * @param options What to encode, and how.
 * @throws {UserError} `bad-data`, `bad-vocabulary` or `bad-usage`.
 */
export async function prepareTables(
  directory: string,
  options: PrepareOptions,
): Promise<Prepared> {
  const { labels, maxLength, truncation, vocabularyFile } = options;
  if (labels.length > MOST_LABELS) {
    throw new UserError(
      `Cannot encode ${labels.length} labels, expected at most ${MOST_LABELS}`,
      { code: "bad-usage" },
    );
  }
  const dataset = await openDataset(options.data, options);
  const { size } = await openTokenizer(vocabularyFile, options.tokenizer);
  const settings: TableSettings = {
    tokenizer: {
      ...options.tokenizer,
      vocabulary: await digestFile(vocabularyFile, "sha256"),
      size,
    },
    maxLength,
    truncation,
    labels: [...labels],
  };
  const fingerprint = await fingerprintOf(dataset, settings, options);
  const same = await findSame(directory, fingerprint);
  if (same) return { manifest: same, reused: true, replaced: false };
  using pool = new EncodePool(
    {
      vocabulary: await Deno.readTextFile(vocabularyFile),
      tokenizer: options.tokenizer,
      pair: { maxLength, truncation },
    },
    options.workers ?? Math.min(navigator.hardwareConcurrency, 8),
  );
  const splits = new Map(
    dataset.values().map((split) => [
      split.name,
      () => encodeSplit(split, pool, options),
    ]),
  );
  const older = await Deno.stat(directory).catch(() => null);
  const manifest = await writeTableDir(directory, splits, {
    ...settings,
    fingerprint,
  });
  return { manifest, reused: false, replaced: older !== null };
}

/** SHA-256 over the sources, the settings and what is taken of the sources. */
async function fingerprintOf(
  dataset: Dataset,
  settings: TableSettings,
  { limit, testFraction }: PrepareOptions,
): Promise<string> {
  const sources: Record<string, string> = {};
  for (const { name, path } of dataset.values()) {
    // The same bytes are read in another way under another extension.
    sources[name] = await digestFile(path, "sha256") + extname(path);
  }
  const all = { format: 1, sources, settings, limit, testFraction };
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}

/** What the directory holds, if that is of this fingerprint and undamaged. */
async function findSame(
  directory: string,
  fingerprint: string,
): Promise<TableManifest | null> {
  try {
    const { manifest, open } = await readTableDir(directory);
    if (manifest.fingerprint !== fingerprint) return null;
    for (const split of Object.keys(manifest.splits)) await open(split);
    return manifest;
  } catch (error) {
    if (error instanceof UserError && error.code === "bad-table") return null;
    throw error;
  }
}
