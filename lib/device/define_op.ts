/**
 * How an operation room becomes a differentiable tfjs operation.
 *
 * A room has a reference, a composition of plain tfjs operations that any
 * backend runs, and for some backends two tfjs kernels, `NAME` and
 * `NAMEGradient`, that do the same faster.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** An operation room. */
export interface OpDefinition<Input extends string, Attributes> {
  /** The kernels' name. */
  name: string;
  /** The differentiable inputs, in order. */
  inputs: readonly Input[];
  /** Inputs that the gradient's kernel reads. */
  saves: readonly Input[];
  /** The operation's meaning, in tfjs operations. */
  reference(
    inputs: Record<Input, tf.Tensor>,
    attributes: Attributes,
  ): tf.Tensor;
}

/** What a gradient's kernel is told besides the operation's attributes. */
export interface GradientAttributes {
  /**
   * Inputs whose gradients nobody reads: variables that are not trained. A
   * kernel may give anything for them, and so skip their work.
   */
  frozen: readonly string[];
}

/**
 * Defines an operation.
 *
 * Kernel `NAME` gets the inputs by name and returns the value and any
 * residuals. Kernel `NAMEGradient` gets `dy`, the saved inputs by name and the
 * residuals as `residual0`, `residual1`, ..., and returns one gradient an
 * input, in order.
 *
 * @param definition The room.
 * @return The operation: the backend's kernels if it has them, else the
 *   reference.
 */
export function defineOp<Input extends string, Attributes extends object>(
  definition: OpDefinition<Input, Attributes>,
): (
  inputs: Record<Input, tf.Tensor>,
  attributes: Attributes,
) => tf.Tensor {
  const { name, inputs: names, saves, reference } = definition;
  return (inputs, attributes) => {
    if (!hasKernel(name)) return reference(inputs, attributes);
    const attrs = attributes as unknown as tf.NamedAttrMap;
    const operation = tf.customGrad((...args) => {
      const save = args.pop() as tf.GradSaveFunc;
      const named = byName(names, args as tf.Tensor[]);
      const [value, ...residuals] = runKernel(name, named, attrs);
      save([...saves.map((input) => named[input]), ...residuals]);
      return {
        value,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
          const kept = byName(
            [...saves, ...residuals.map((_, i) => `residual${i}`)],
            saved,
          );
          const frozen = names.filter((input) => isFrozen(inputs[input]));
          return runKernel(`${name}Gradient`, { dy, ...kept }, {
            ...attrs,
            frozen,
          });
        },
      };
    });
    return operation(...names.map((input) => inputs[input]));
  };
}

function isFrozen(input: tf.Tensor): boolean {
  return input instanceof tf.Variable && !input.trainable;
}

/** Whether the current backend has a kernel of its own for an operation. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

function byName<Name extends string>(
  names: readonly Name[],
  tensors: readonly tf.Tensor[],
): Record<Name, tf.Tensor> {
  return Object.fromEntries(
    names.map((name, i) => [name, tensors[i]]),
  ) as Record<Name, tf.Tensor>;
}

/** Runs a kernel of the current backend; it has no gradient. */
export function runKernel(
  name: string,
  inputs: tf.NamedTensorMap,
  attrs: tf.NamedAttrMap = {},
): tf.Tensor[] {
  return tf.engine().runKernel(name, inputs, attrs) as tf.Tensor[];
}
