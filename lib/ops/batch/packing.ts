/**
 * Where the examples of a packed batch are. A batch of B examples is T tokens
 * in one row, example b from `offsets[b]` to `offsets[b + 1]`; there is no
 * padding, but inside attention's reference.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { countPositions } from "../../data/batch/pack.ts";
import { PaddedLayout } from "./padded_layout.ts";

/** Whether an operation has a row for each token, or for each `<cls>` only. */
export type Rows = "all" | "cls";

/** The example's index and the position of each row, on the device. */
export interface RowIndices {
  examples: tf.Tensor1D;
  positions: tf.Tensor1D;
}

/** What the operations need of a batch's layout. */
export interface PackingOptions {
  /** Whether references will run, which pad and move rows. */
  padded: boolean;
  /** The first example's index in the batch that this micro-batch is of. */
  first?: number | undefined;
  /** The position of each token in its example, where that is on the device. */
  positions?: tf.Tensor1D | undefined;
  /** Whether `longest` is to be a power of two, which many batches share. */
  rounded?: boolean | undefined;
}

/** The layout of one packed batch, on the device. `tf.tidy` frees it. */
export class Packing {
  /** Examples, B. */
  readonly examples: number;
  /** Tokens, T. */
  readonly tokens: number;
  /** Tokens of the longest example, or a little more: L. */
  readonly longest: number;
  /** The first example's index in the batch that this micro-batch is of. */
  readonly first: number;
  /** Where each example starts, and T at the end, on the device: [B + 1]. */
  readonly starts: tf.Tensor1D;
  readonly #rowIndices: Record<Rows, RowIndices>;
  readonly #padded: PaddedLayout | undefined;

  /**
   * @param offsets Where each example starts, and T at the end: [B + 1].
   * @param options What the operations will need.
   */
  constructor(readonly offsets: Int32Array, options: PackingOptions) {
    this.examples = offsets.length - 1;
    this.tokens = offsets[this.examples];
    this.first = options.first ?? 0;
    let longest = 0;
    for (let b = 0; b < this.examples; b++) {
      longest = Math.max(longest, offsets[b + 1] - offsets[b]);
    }
    this.longest = options.rounded
      ? 2 ** Math.ceil(Math.log2(longest))
      : longest;
    if (options.padded) this.#padded = new PaddedLayout(offsets, this.longest);
    this.starts = tf.tensor1d(offsets, "int32");
    this.#rowIndices = placeRows(offsets, this.first, options.positions);
  }

  /** How many rows an operation has: T or B. */
  rowCount(rows: Rows): number {
    return rows === "all" ? this.tokens : this.examples;
  }

  /** The example and position of each row, for kernels. */
  rowIndices(rows: Rows): RowIndices {
    return this.#rowIndices[rows];
  }

  /** All that it has on the device. */
  get placed(): tf.Tensor[] {
    const { all, cls } = this.#rowIndices;
    return [this.starts, ...Object.values(all), ...Object.values(cls)];
  }

  /** The padded layout, for references. */
  get padded(): PaddedLayout {
    if (!this.#padded) throw new Error("the batch was packed for kernels");
    return this.#padded;
  }
}

function placeRows(
  offsets: Int32Array,
  first: number,
  positions: tf.Tensor1D = tf.tensor1d(countPositions(offsets), "int32"),
): Record<Rows, RowIndices> {
  const count = offsets.length - 1;
  const examples = new Int32Array(offsets[count]);
  for (let b = 0; b < count; b++) {
    examples.fill(first + b, offsets[b], offsets[b + 1]);
  }
  const own = Int32Array.from({ length: count }, (_, b) => first + b);
  return {
    all: { examples: tf.tensor1d(examples, "int32"), positions },
    cls: {
      examples: tf.tensor1d(own, "int32"),
      positions: tf.tensor1d(new Int32Array(count), "int32"),
    },
  };
}
