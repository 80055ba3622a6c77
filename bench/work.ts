/**
 * The work that the sides of a comparison share: a model's shape and batches
 * of real examples.
 *
 * @module
 */
import { type Batch, batches, epochOrder } from "../lib/data/batches.ts";
import type { Table } from "../lib/data/table.ts";
import type { ModelConfig } from "../lib/weights/model_config.ts";

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

/** The shape of the book's bert.small. */
export const bertSmall: ModelConfig = {
  format: "premise-1",
  family: "d2l-bert",
  vocabulary: 60005,
  hidden: 256,
  feedForward: 512,
  heads: 4,
  blocks: 2,
  positions: 512,
  segments: 2,
  activation: "relu",
  normEpsilon: 1e-5,
  embeddingNorm: false,
  dropout: 0.1,
  classifierDropout: 0,
  tokenizer: "words",
  lowerCase: true,
  maxLength: 128,
  labels: ["entailment", "contradiction", "neutral"],
};

/**
 * Batches of a table's examples, shuffled, or by length, as a trainer that
 * pads to the longest would have them.
 *
 * @param table Encoded examples.
 * @param options Their number a batch, and whether they go by length.
 */
export function exampleBatches(
  table: Table,
  options: { batchSize: number; byLength: boolean },
): ExampleBatch[] {
  const { batchSize, byLength } = options;
  const length = (row: number) => table.offsets[row + 1] - table.offsets[row];
  let order = epochOrder(table.rows, 0, 1);
  if (byLength) order = order.sort((a, b) => length(a) - length(b));
  const whole = [...batches(table, { batchSize, order })]
    .filter((batch) => batch.size === batchSize);
  // Batches of one length each would come in order: spread them again.
  const spread = epochOrder(whole.length, 0, 2);
  return [...spread].map((i) => unpack(whole[i]));
}

function unpack(batch: Batch): ExampleBatch {
  const rows = (values: Int32Array) =>
    Array.from(batch.labels, (_, b) => [
      ...values.subarray(batch.offsets[b], batch.offsets[b + 1]),
    ]);
  return {
    tokens: rows(batch.tokens),
    segments: rows(batch.segments),
    labels: [...batch.labels],
  };
}

/** Packs examples as our trainer has them. */
export function packExamples(
  { tokens, segments, labels }: ExampleBatch,
): Batch {
  const offsets = new Int32Array(tokens.length + 1);
  tokens.forEach((row, b) => offsets[b + 1] = offsets[b] + row.length);
  return {
    size: tokens.length,
    tokens: Int32Array.from(tokens.flat()),
    segments: Int32Array.from(segments.flat()),
    positions: Int32Array.from(tokens.flatMap((row) => row.map((_, i) => i))),
    offsets,
    labels: Int32Array.from(labels),
    rows: Int32Array.from(labels.keys()),
  };
}

/** The lines of a stream. */
export async function* lines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}
