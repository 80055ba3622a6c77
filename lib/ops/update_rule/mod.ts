/**
 * What the optimisers' rooms have in common: a rule says how one step changes
 * a parameter and the state beside it, and is run on many parameters at once
 * or on some rows of a table.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../../device/define_op.ts";

/** What a step's factors are made from. */
export interface StepSettings {
  /** Updates so far, this one included. */
  step: number;
  /** The step size. */
  learningRate: number;
  /** The parameter's weight decay. */
  weightDecay: number;
}

/**
 * How an optimiser updates.
 *
 * Kernel `NAME` updates parameters in place: those of its attribute `updates`,
 * each a {@link ParameterUpdate}, by their gradients times `scale`.
 *
 * Kernel `NAMERows`, which a backend may lack, updates rows of one table `p`
 * [V, H] with its states. Row `rows`[i] takes the steps from `since`[i] on of
 * `factors` [S, F] in order, with a gradient of 0; if there is a `g` [U, H],
 * the last step is taken with g[i] times `scale`. Row -1 is none.
 */
export interface UpdateRule {
  /** The kernels' name. */
  name: string;
  /** What is kept for each parameter, of its shape; zeros at the start. */
  state: readonly string[];
  /** One step's numbers, F of them, in the order that the kernels want. */
  factors(settings: StepSettings): number[];
  /**
   * The rule in tfjs operations.
   *
   * @param values The parameter, then its states.
   * @param gradient Of the parameter, scaled.
   * @param factors The step's.
   * @return The new parameter, then its new states.
   */
  reference(
    values: readonly tf.Tensor[],
    gradient: tf.Tensor,
    factors: readonly number[],
  ): tf.Tensor[];
}

/** A parameter and what a rule keeps for it. */
export interface UpdatedVariables {
  parameter: tf.Variable;
  /** In the order of the rule's names. */
  state: readonly tf.Variable[];
}

/** What the kernel of whole parameters is told. */
export interface UpdateAttributes {
  updates: readonly ParameterUpdate[];
}

/** One parameter's step. */
export interface ParameterUpdate extends UpdatedVariables {
  gradient: tf.Tensor;
  /** The rule's. A step that is played again finds its own in the same array. */
  factors: readonly number[];
}

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
  if (hasKernel(rule.name)) {
    const attributes = { updates } as unknown as tf.NamedAttrMap;
    runKernel(rule.name, { scale }, attributes);
    return;
  }
  for (const { parameter, state, gradient, factors } of updates) {
    tf.tidy(() => {
      const values = [parameter, ...state];
      rule.reference(values, tf.mul(gradient, scale), factors)
        .forEach((value, i) => values[i].assign(value));
    });
  }
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
  return hasKernel(`${rule.name}Rows`);
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
  runKernel(`${rule.name}Rows`, inputs);
}
