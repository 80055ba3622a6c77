/**
 * Updates of a large table whose rows are mostly not read: a row that no
 * example of a batch reads has a gradient of 0, and its step can wait until it
 * is read. Then it takes all the steps that it has missed, one by one and in
 * order, so that every value ever read is, to the bit, that of a table updated
 * as a whole at each step.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { uniqueRows } from "../ops/embedding/unique_rows.ts";
import {
  placeRowSteps,
  type RowSteps,
  type UpdatedVariables,
  updateRows,
  type UpdateRule,
} from "../ops/update_rule/mod.ts";
import type { NamedArrays } from "../weights/formats/arrays.ts";
import { roundUp } from "./rounding.ts";

/** The rows that a batch reads. */
export interface TakenRows {
  /** Which of them each token reads, [T]. */
  tableSlots: Int32Array;
  /** Which they are and the step they take, on the device. */
  steps: RowSteps;
}

/** How rows are taken. */
export interface TakeOptions {
  /** The coming step's, by the rule. */
  factors: readonly number[];
  /** Whether to round up how many rows there are, with rows that are none. */
  rounded?: boolean | undefined;
}

/** How the table is updated. */
export interface LazyRowsOptions {
  rule: UpdateRule;
  /** Whether a step changes rows that never had a gradient. */
  decays: boolean;
}

/** Rounded numbers of rows from a power of two to the next. */
const SIZES = 8;

/** A table [V, H] that is updated row by row, when a row is read. */
export class LazyRows {
  readonly #variables: UpdatedVariables;
  readonly #rule: UpdateRule;
  readonly #decays: boolean;
  /** Of the steps since all rows were last up to date. */
  #factors: (readonly number[])[] = [];
  /** How many of these steps each row has taken. */
  readonly #taken: Int32Array;
  /** Which rows have ever had a gradient: a step changes no others. */
  readonly #touched: Uint8Array;
  /** The indices of the running step's rows, and the step they take. */
  #indices: Int32Array = new Int32Array();
  #steps!: RowSteps;

  /**
   * Starts with all rows up to date, and states of zero.
   *
   * @param variables The table and what the rule keeps for it.
   * @param options The rule.
   */
  constructor(variables: UpdatedVariables, options: LazyRowsOptions) {
    this.#variables = variables;
    this.#rule = options.rule;
    this.#decays = options.decays;
    const [rows] = variables.parameter.shape;
    this.#taken = new Int32Array(rows);
    this.#touched = new Uint8Array(rows);
  }

  /**
   * Begins a step: brings the rows that tokens read up to date. Call it inside
   * `tf.tidy`.
   *
   * @param tokenIds Each token's row of the table, [T].
   * @param options The step.
   * @throws {RangeError} If there is no such row.
   */
  take(tokenIds: Int32Array, { factors, rounded }: TakeOptions): TakenRows {
    const { parameter } = this.#variables;
    const { rows: indices, slots: tableSlots } = uniqueRows(
      tokenIds,
      parameter.shape[0],
    );
    this.#catchUp(indices);
    this.#indices = indices;
    const used = indices.length;
    const count = rounded ? roundUp(used, SIZES) : used;
    const padded = new Int32Array(count).fill(-1);
    padded.set(indices);
    this.#steps = placeRowSteps(padded, new Int32Array(count), [factors]);
    return { tableSlots, steps: this.#steps };
  }

  /** The values of the rows that were taken, [U, H]. */
  read(): tf.Tensor2D {
    const { parameter } = this.#variables;
    return tf.gather(parameter as tf.Tensor2D, this.#steps.rows);
  }

  /**
   * Updates the rows that were taken; the others will follow.
   *
   * @param gradient Of the taken rows, [U, H].
   * @param scale A scalar that it is multiplied by.
   */
  update(gradient: tf.Tensor2D, scale: tf.Scalar): void {
    updateRows(this.#rule, {
      ...this.#variables,
      steps: this.#steps,
      last: { gradient, scale },
    });
  }

  /** Ends the step. Without it, it counts as one that was not taken. */
  end(factors: readonly number[]): void {
    this.#factors.push([...factors]);
    const steps = this.#factors.length;
    for (const row of this.#indices) {
      this.#taken[row] = steps;
      this.#touched[row] = 1;
    }
  }

  /** Brings all rows up to date: before anything but a step reads the table. */
  settle(): void {
    this.#catchUp(Int32Array.from(this.#taken.keys()));
    this.#factors = [];
    this.#taken.fill(0);
  }

  /**
   * Goes on from a saved table.
   *
   * @param state The rule's states as they were saved, [V, H] each.
   */
  restore(state: NamedArrays): void {
    this.#factors = [];
    this.#taken.fill(0);
    this.#touched.fill(0);
    const width = this.#variables.parameter.shape[1]!;
    for (const { data } of state.values()) {
      this.#touched.forEach((touched, row) => {
        if (touched) return;
        const values = data.subarray(row * width, (row + 1) * width);
        if (values.some((value) => value !== 0)) this.#touched[row] = 1;
      });
    }
  }

  #catchUp(candidates: Int32Array): void {
    const taken = this.#taken;
    const steps = this.#factors.length;
    const late = new Int32Array(candidates.length);
    let count = 0;
    let first = steps;
    for (let i = 0; i < candidates.length; i++) {
      const row = candidates[i];
      if (taken[row] === steps) continue;
      if (!(this.#touched[row] || this.#decays)) continue;
      late[count++] = row;
      first = Math.min(first, taken[row]);
    }
    if (count === 0) return;
    const indices = late.subarray(0, count);
    tf.tidy(() =>
      updateRows(this.#rule, {
        ...this.#variables,
        steps: placeRowSteps(
          indices,
          indices.map((row) => taken[row] - first),
          this.#factors.slice(first),
        ),
      })
    );
    for (let i = 0; i < count; i++) taken[indices[i]] = steps;
  }
}
