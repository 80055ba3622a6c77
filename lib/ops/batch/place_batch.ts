/**
 * Batches on the device: where examples are, and what they look up.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { PackedTokens } from "../../data/batch/pack.ts";
import { hasKernel } from "../../device/define_op.ts";
import {
  type EmbeddingIndex,
  embeddingIndex,
  type EmbeddingTables,
} from "../embedding/mod.ts";
import type { PaddingRows } from "../embedding/padding_rows.ts";
import { uniqueRows } from "../embedding/unique_rows.ts";
import { Packing } from "./packing.ts";

/** A model's parameters by their neutral names. */
export type Parameters = ReadonlyMap<string, tf.Tensor>;

/** Packed examples that are looked up in the model's own tables. */
export interface TokenBatch extends PackedTokens {
  /** The first example's index in the batch that this one was cut from. */
  readonly first?: number;
}

/** Packed examples that are looked up in a table of the rows in use. */
export interface LookUpBatch extends Omit<TokenBatch, "tokenIds"> {
  /** Row of that table of each token, [T]. */
  readonly tableSlots: Int32Array;
}

/**
 * A batch on the device. Make it before the function whose gradient is taken:
 * tfjs frees what that function makes before it computes the gradient.
 */
export interface PlacedBatch {
  packing: Packing;
  lookUp: EmbeddingIndex;
  /** What is looked up in, if not the parameters: their rows in use. */
  tables?: EmbeddingTables | undefined;
}

/** How a batch is looked up. */
export interface LookUpOptions {
  /** Rows of the tables that are looked up in: token, segment, position. */
  counts: readonly number[];
  /** Whether their gradients will be asked for. */
  learned: boolean;
  /** Of each of them the row whose gradient is to be 0; none by default. */
  padding?: PaddingRows | undefined;
  /** Whether sizes are rounded, so that the step can be recorded. */
  rounded?: boolean | undefined;
}

/**
 * Puts a batch on the device. Call it inside `tf.tidy`, which frees it.
 *
 * @param batch The examples.
 * @param own The model's tables.
 * @param training Whether a gradient will be asked for.
 */
export function placeBatch(
  batch: TokenBatch,
  own: EmbeddingTables,
  training: boolean,
): PlacedBatch {
  if (training) {
    const all = { ...batch, tableSlots: batch.tokenIds };
    return placeLookUps(all, { counts: rowsOf(own), learned: true });
  }
  // The rows in use are enough, and few enough to be projected.
  const { tableSlots, tables } = rowsInUse(batch.tokenIds, own);
  const inUse = { ...batch, tableSlots };
  return {
    ...placeLookUps(inUse, { counts: rowsOf(tables), learned: false }),
    tables,
  };
}

/**
 * Puts a batch on the device that is looked up in tables of some sizes. Call it
 * inside `tf.tidy`, which frees it.
 *
 * @param batch The examples.
 * @param options Where they are looked up.
 */
export function placeLookUps(
  { tableSlots, segments, positions, offsets, first }: LookUpBatch,
  { counts, learned, padding, rounded }: LookUpOptions,
): PlacedBatch {
  const lookUp = embeddingIndex(
    [tableSlots, segments, positions],
    counts,
    learned,
    padding,
  );
  return {
    packing: new Packing(offsets, {
      padded: !hasKernel("Attention"),
      first,
      // Of models whose first position is not row 0 they are others.
      positions: positions[0] === 0 ? lookUp.index[2] : undefined,
      rounded,
    }),
    lookUp,
  };
}

/** All that a batch has on the device. */
export function placedTensors({ packing, lookUp }: PlacedBatch): tf.Tensor[] {
  const groups = Object.values(lookUp.groups ?? {});
  const learning = (lookUp.learning ?? []).filter((rows) => rows !== null);
  // The packing may have the positions, too.
  return [
    ...new Set([...packing.placed, ...lookUp.index, ...groups, ...learning]),
  ];
}

function rowsOf(tables: EmbeddingTables): number[] {
  return tables.map(({ shape }) => shape[0]);
}

function rowsInUse(
  tokenIds: Int32Array,
  [token, segment, position]: EmbeddingTables,
): { tableSlots: Int32Array; tables: EmbeddingTables } {
  const { rows, slots } = uniqueRows(tokenIds, token.shape[0]);
  const table = tf.gather(token, tf.tensor1d(rows, "int32"));
  return { tableSlots: slots, tables: [table, segment, position] };
}

/** The segment table's name; some models have none. */
export const SEGMENT_TABLE = "embeddings.segment.weight";

/** The names of the tables that are looked up in. */
export const TABLES = [
  "embeddings.token.weight",
  SEGMENT_TABLE,
  "embeddings.position.weight",
];

/** The tables that are looked up in. */
export function embeddingTables(parameters: Parameters): EmbeddingTables {
  return TABLES.map((name) => parameters.get(name)) as EmbeddingTables;
}
