/**
 * The work that the sides of a comparison share: a model's shape and batches
 * of examples, as a file.
 *
 * @module
 */
import { join } from "@std/path";
import {
  type Batch,
  batches,
  epochOrder,
} from "../../lib/data/batch/batches.ts";
import { prepareTables } from "../../lib/data/encode/prepare.ts";
import type { Table } from "../../lib/data/table/table.ts";
import { readTable } from "../../lib/data/table/table_file.ts";
import { loadCatalogue } from "../../lib/hub/catalogue/catalogue.ts";
import { resolveSource } from "../../lib/hub/catalogue/resolve.ts";
import { fillMissing } from "../../lib/model/initialise.ts";
import type { NamedArrays } from "../../lib/weights/formats/arrays.ts";
import type { ModelConfig } from "../../lib/weights/model_config.ts";

/** Examples before they are packed or padded. */
export interface ExampleBatch {
  tokens: number[][];
  segments: number[][];
  labels: number[];
}

/** What every side is given, as a file. */
export interface Work {
  model: ModelConfig;
  batches: ExampleBatch[];
}

/** Which batches. */
export interface WorkOptions {
  /** The model's shape. */
  model: ModelConfig;
  /** Examples a batch. */
  batchSize: number;
  /** How many batches. */
  count: number;
  /**
   * Whether a batch has examples of like length, as a trainer that pads to
   * the longest would make them.
   */
  byLength?: boolean;
}

/** The model whose vocabulary encodes the pairs; part of the repository. */
export const ENCODER = "fixtures/bert.tiny.zip";
/** Real SNLI pairs; part of the repository. */
export const SAMPLE = "fixtures/snli_1.0.zip";

/**
 * Writes batches of real SNLI pairs.
 *
 * @param folder Where to; the encoded pairs are kept there too.
 * @param options Which batches.
 * @return The file's path, and its content.
 */
export async function writeWork(
  folder: string,
  options: WorkOptions,
): Promise<{ path: string; work: Work }> {
  const work: Work = {
    model: options.model,
    batches: exampleBatches(await realTable(folder), options),
  };
  const path = await Deno.makeTempFile({ dir: folder, suffix: ".json" });
  await Deno.writeTextFile(path, JSON.stringify(work));
  return { path, work };
}

/**
 * The directory of the model that encodes the pairs.
 *
 * @param folder Where it may be unpacked to.
 */
export async function encoderDirectory(folder: string): Promise<string> {
  return await unpack(folder, ENCODER, "model");
}

/**
 * The directory of the real pairs' text.
 *
 * @param folder Where it may be unpacked to.
 */
export async function sampleDirectory(folder: string): Promise<string> {
  return await unpack(folder, SAMPLE, "dataset");
}

async function unpack(
  folder: string,
  source: string,
  kind: "model" | "dataset",
): Promise<string> {
  const cache = join(folder, "cache");
  const catalogue = await loadCatalogue();
  return (await resolveSource(source, { cache, kind, catalogue })).directory;
}

async function realTable(folder: string): Promise<Table> {
  const out = join(folder, "encoded");
  await prepareTables(out, {
    data: [await sampleDirectory(folder)],
    vocabularyFile: join(await encoderDirectory(folder), "vocab.json"),
    tokenizer: { kind: "words", lowerCase: true },
    labels: ["entailment", "contradiction", "neutral"],
    maxLength: 128,
    truncation: "longest-first",
  });
  return await readTable(join(out, "train.arrow"));
}

/** Batches that stand for the whole table, in an order without a trend. */
function exampleBatches(
  table: Table,
  { batchSize, count, byLength = false }: WorkOptions,
): ExampleBatch[] {
  const length = (row: number) => table.offsets[row + 1] - table.offsets[row];
  let order = epochOrder(table.rows, 0, 1);
  if (byLength) order = order.sort((a, b) => length(a) - length(b));
  const whole = [...batches(table, { batchSize, order })]
    .filter((batch) => batch.size === batchSize);
  const chosen = Array.from(
    { length: Math.min(count, whole.length) },
    (_, i, each = whole.length / Math.min(count, whole.length)) =>
      whole[Math.floor((i + 0.5) * each)],
  );
  return [...epochOrder(chosen.length, 0, 2)].map((i) =>
    unpackBatch(chosen[i])
  );
}

function unpackBatch(batch: Batch): ExampleBatch {
  const rows = (values: Int32Array) =>
    Array.from(batch.labels, (_, b) => [
      ...values.subarray(batch.offsets[b], batch.offsets[b + 1]),
    ]);
  return {
    tokens: rows(batch.tokenIds),
    segments: rows(batch.segments),
    labels: [...batch.labels],
  };
}

/** The weights that our side begins with, by their neutral names. */
export function randomWeights(model: ModelConfig): NamedArrays {
  return fillMissing(model, new Map(), { style: "mxnet", seed: 0 });
}

/** Packs examples as our trainer has them. */
export function packExamples(
  { tokens, segments, labels }: ExampleBatch,
): Batch {
  const offsets = new Int32Array(tokens.length + 1);
  tokens.forEach((row, b) => offsets[b + 1] = offsets[b] + row.length);
  return {
    size: tokens.length,
    tokenIds: Int32Array.from(tokens.flat()),
    segments: Int32Array.from(segments.flat()),
    positions: Int32Array.from(tokens.flatMap((row) => row.map((_, i) => i))),
    offsets,
    labels: Int32Array.from(labels),
    indices: Int32Array.from(labels.keys()),
  };
}
