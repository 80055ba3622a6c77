/**
 * What an optimiser's rule is, and its updates in TensorFlow.js operations.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/**
 * What the kernels of an optimiser are of.
 *
 * Kernel `NAME` updates parameters in place: those of its attribute `updates`,
 * each a {@link ParameterUpdate}, by their gradients times `scale`.
 *
 * Kernel `NAMERows`, which a backend may lack, updates rows of one table `p`
 * [V, H] with its states. Row `rows`[i] takes the steps from `since`[i] on of
 * `factors` [S, F] in order, with a gradient of 0; if there is a `g` [U, H],
 * the last step is taken with g[i] times `scale`. Row -1 is none.
 */
export interface RuleDefinition {
  /** The kernels' name. */
  name: string;
  /** What is kept for each parameter, of its shape; zeros at the start. */
  state: readonly string[];
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

/** What a step's factors are made from. */
export interface StepSettings {
  /** Updates so far, this one included. */
  step: number;
  /** The step size. */
  learningRate: number;
  /** The parameter's weight decay. */
  weightDecay: number;
}

/** How an optimiser updates. */
export interface UpdateRule extends RuleDefinition {
  /** One step's numbers, F of them, in the order that the kernels want. */
  factors(settings: StepSettings): number[];
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

/** The name of the kernel that updates rows of a table. */
export function rowsKernel({ name }: Pick<RuleDefinition, "name">): string {
  return `${name}Rows`;
}

/**
 * Updates parameters in place, by the rule's reference.
 *
 * @param rule How.
 * @param updates What.
 * @param scale A scalar that all gradients are multiplied by.
 */
export function referenceUpdate(
  rule: RuleDefinition,
  updates: readonly ParameterUpdate[],
  scale: tf.Scalar,
): void {
  for (const { parameter, state, gradient, factors } of updates) {
    tf.tidy(() => {
      const values = [parameter, ...state];
      rule.reference(values, tf.mul(gradient, scale), factors)
        .forEach((value, i) => values[i].assign(value));
    });
  }
}
