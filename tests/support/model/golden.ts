/** The golden files that the real frameworks wrote, as models and batches. */
import type { Batch } from "../../../lib/data/batch/batches.ts";
import { BertClassifier } from "../../../lib/model/classifier.ts";
import type { NamedArrays } from "../../../lib/weights/formats/arrays.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";

/** The frameworks that ran the book's model. */
export type Framework = "mxnet" | "torch";

/** The parts of a book model's `reference.json` that the tests read. */
export interface D2lReference {
  tokens: number[][];
  segments: number[][];
  valid_lens: number[];
  /** The encoder's output, [examples, padded length, hidden]. */
  encoded: number[][][];
  logits: number[][];
  labels: number[];
  lr: number;
  /** Of each example, before each step. */
  losses: number[][];
  pairs: { token_ids: number[]; segments: number[]; logits: number[] }[];
  /** By the parameters' names in the framework. */
  grad_norms_of_summed_loss?: Record<string, number>;
  grad_norms_of_mean_loss?: Record<string, number>;
}

/** The parts of the Hugging Face model's that the tests read. */
export interface HfReference {
  batch: Record<
    "input_ids" | "token_type_ids" | "attention_mask",
    number[][]
  >;
  labels: number[];
  logits: number[][];
  losses: number[];
  grad_norms_before_clip: number[];
  learning_rates: number[];
}

/** Reads a golden directory's reference. */
export async function readReference<T>(directory: string): Promise<T> {
  const path = `fixtures/golden/${directory}/reference.json`;
  return JSON.parse(await Deno.readTextFile(path));
}

/**
 * Opens the book's model.
 *
 * @param framework Who wrote it.
 * @param file Which of its weight files.
 */
export function openBook(framework: Framework, file = "classifier.params") {
  const directory = `fixtures/golden/${framework}`;
  const weights = `${directory}/${file}`;
  return openModelDir(directory, { heads: 4, dropout: 0, weights });
}

/** Puts the book's classifier on the device. */
export async function loadBook(framework: Framework): Promise<BertClassifier> {
  const { config, arrays } = await openBook(framework);
  return new BertClassifier(config, arrays);
}

/** The Hugging Face classifier's arrays, by neutral name. */
export async function loadHf(): Promise<BertClassifier> {
  const { config, arrays } = await openModelDir("fixtures/golden/hf");
  return new BertClassifier(config, arrays);
}

/** The batch that the frameworks trained on. */
export function bookBatch(reference: D2lReference): Batch {
  const { tokens, segments, valid_lens, labels } = reference;
  return packRows(tokens, segments, { lengths: valid_lens, labels });
}

/** The pairs of a reference, in one batch. */
export function pairBatch({ pairs }: D2lReference, labels?: number[]): Batch {
  return packRows(
    pairs.map((pair) => pair.token_ids),
    pairs.map((pair) => pair.segments),
    { lengths: pairs.map((pair) => pair.token_ids.length), labels },
  );
}

/** The batch that Hugging Face trained on. */
export function hfBatch({ batch, labels }: HfReference): Batch {
  const lengths = batch.attention_mask.map((mask) =>
    mask.reduce((a, b) => a + b)
  );
  return packRows(batch.input_ids, batch.token_type_ids, { lengths, labels });
}

/** Packs padded rows: keeps the first `lengths[b]` of each. */
export function packRows(
  tokens: number[][],
  segments: number[][],
  options: { lengths: number[]; labels?: number[] | undefined },
): Batch {
  const { lengths, labels = lengths.map(() => 0) } = options;
  const offsets = [0];
  const flat: number[][] = [[], [], []];
  lengths.forEach((length, b) => {
    offsets.push(offsets[b] + length);
    for (let i = 0; i < length; i++) {
      flat[0].push(tokens[b][i]);
      flat[1].push(segments[b][i]);
      flat[2].push(i);
    }
  });
  const [t, s, p] = flat.map((values) => Int32Array.from(values));
  return {
    size: lengths.length,
    tokenIds: t,
    segments: s,
    positions: p,
    offsets: Int32Array.from(offsets),
    labels: Int32Array.from(labels),
    indices: Int32Array.from(lengths.keys()),
  };
}

/** Packs examples of one batch again, any of them in any order. */
export function pickExamples(batch: Batch, examples: number[]): Batch {
  const part = (values: Int32Array, b: number) => [
    ...values.subarray(batch.offsets[b], batch.offsets[b + 1]),
  ];
  return packRows(
    examples.map((b) => part(batch.tokenIds, b)),
    examples.map((b) => part(batch.segments, b)),
    {
      lengths: examples.map((b) => batch.offsets[b + 1] - batch.offsets[b]),
      labels: examples.map((b) => batch.labels[b]),
    },
  );
}

/** The arrays' bits, which tell a NaN from another and 0 from -0. */
export function bitsOf(arrays: NamedArrays): Map<string, Uint32Array> {
  return new Map(
    [...arrays].map(([name, { data }]) => [
      name,
      new Uint32Array(data.slice().buffer),
    ]),
  );
}

/** The largest absolute difference of two equally long lists. */
export function largestDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    // Written so that a NaN counts as a difference.
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
