/**
 * What the optimisers' ops have in common: a rule says how one step changes a
 * parameter and the state beside it, and is run on many parameters at once or
 * on some rows of a table.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../../device/define_op.ts";

import {
  type ParameterUpdate,
  referenceUpdate,
  rowsKernel,
  type StepSettings,
  type UpdatedVariables,
  type UpdateRule,
} from "./reference.ts";

export type { ParameterUpdate, StepSettings, UpdatedVariables, UpdateRule };

/**
 * Updates parameters in place.
 *
 * @param rule How.
 * @param updates What.
 * @param scale A scalar that all gradients are multiplied by.
 */
export function updateParameters(
  rule: UpdateRule,
  updates: readonly ParameterUpdate[],
  scale: tf.Scalar,
): void {
  if (!hasKernel(rule.name)) return referenceUpdate(rule, updates, scale);
  const attributes = { updates } as unknown as tf.NamedAttrMap;
  runKernel(rule.name, { scale }, attributes);
}

/** Which rows of a table take which steps, on the device. */
export interface RowSteps {
  /** Which rows, [U], int32; -1 for none. */
  rows: tf.Tensor1D;
  /** The first step that each row takes, [U], int32, in [0, S). */
  since: tf.Tensor1D;
  /** Of every step, [S, F]. */
  factors: tf.Tensor2D;
}

/** Steps of some rows of a table. */
export interface RowUpdate extends UpdatedVariables {
  steps: RowSteps;
  /** Of the last step, if the rows have one. */
  last?: { gradient: tf.Tensor2D; scale: tf.Scalar };
}

/**
 * Puts rows' steps on the device.
 *
 * @param rows Which rows, [U]; -1 for none.
 * @param since The first step that each row takes, [U], in [0, S).
 * @param factors Of each step, [S][F].
 */
export function placeRowSteps(
  rows: Int32Array,
  since: Int32Array,
  factors: readonly (readonly number[])[],
): RowSteps {
  return {
    rows: tf.tensor1d(rows, "int32"),
    since: tf.tensor1d(since, "int32"),
    factors: tf.tensor2d(factors.flat(), [factors.length, factors[0].length]),
  };
}

/** Whether the current backend can update some rows of a table alone. */
export function canUpdateRows(rule: UpdateRule): boolean {
  return hasKernel(rowsKernel(rule));
}

/**
 * Updates rows of a table in place, to the same bits as updates of the whole
 * table would.
 *
 * @param rule How.
 * @param update Which rows, and the steps they take.
 */
export function updateRows(rule: UpdateRule, update: RowUpdate): void {
  const { parameter, state, steps, last } = update;
  const inputs: tf.NamedTensorMap = { p: parameter, ...steps };
  rule.state.forEach((name, i) => inputs[name] = state[i]);
  if (last) Object.assign(inputs, { g: last.gradient, scale: last.scale });
  runKernel(rowsKernel(rule), inputs);
}
