/**
 * How an op becomes a differentiable tfjs operation.
 *
 * An op has a reference, a composition of plain tfjs operations that any
 * backend runs, and for some backends two tfjs kernels, `NAME` and
 * `NAMEGradient`, that do the same faster.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** An op. */
export interface OpDefinition<Input extends string, Attributes, Result> {
  /** The kernels' name. */
  name: string;
  /** The differentiable inputs, in order. */
  inputs: readonly Input[];
  /** Inputs that the gradient's kernel reads. */
  saves: readonly Input[];
  /** The operation's meaning, in tfjs operations. */
  reference(inputs: Record<Input, tf.Tensor>, attributes: Attributes): Result;
}

/**
 * What kernels are registered for: an {@link OpDefinition}, whose attributes
 * they then must take, or a name where the definition depends on the call.
 */
export interface NamedOp<Attributes> {
  /** The kernels' name. */
  readonly name: string;
  reference?(inputs: never, attributes: Attributes): unknown;
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
 * Defines an operation of one result.
 *
 * Kernel `NAME` gets the inputs by name and returns the value and any
 * residuals. Kernel `NAMEGradient` gets `dy`, the saved inputs by name and the
 * residuals as `residual0`, `residual1`, ..., and returns one gradient an
 * input, in order.
 *
 * @param definition The op.
 * @return The operation: the backend's kernels if it has them, else the
 *   reference.
 */
export function defineOp<Input extends string, Attributes extends object>(
  definition: OpDefinition<Input, Attributes, tf.Tensor>,
): (
  inputs: Record<Input, tf.Tensor>,
  attributes: Attributes,
) => tf.Tensor {
  const run = defineOps<Input, Attributes>(1, {
    ...definition,
    reference: (...args) => [definition.reference(...args)],
  });
  return (inputs, attributes) => run(inputs, attributes)[0];
}

/**
 * Defines an operation of several results, whose gradient is computed from all
 * of theirs at once: its kernel gets `dy0`, `dy1`, ..., zeros for a result
 * that nobody uses. Else as {@link defineOp}.
 *
 * @param count Results.
 * @param definition The op.
 */
export function defineOps<Input extends string, Attributes extends object>(
  count: number,
  definition: OpDefinition<Input, Attributes, tf.Tensor[]>,
): (
  inputs: Record<Input, tf.Tensor>,
  attributes: Attributes,
) => tf.Tensor[] {
  const { name, inputs: names, saves, reference } = definition;
  return (inputs, attributes) => {
    if (!hasKernel(name)) return reference(inputs, attributes);
    const attrs = attributes as unknown as tf.NamedAttrMap;
    const outputs = runKernel(name, inputs, attrs);
    const [results, residuals] = [
      outputs.slice(0, count),
      outputs.slice(count),
    ];
    const engine = engineInternals();
    if (!engine.isTapeOn()) {
      tf.dispose(residuals);
      return results;
    }
    const kept = new Map<string, tf.Tensor>();
    for (const input of saves) kept.set(input, keepInput(inputs[input]));
    residuals.forEach((tensor, i) => kept.set(`residual${i}`, tf.keep(tensor)));
    const own = [...kept.values()].filter((x) => !(x instanceof tf.Variable));
    const gradient = (dys: tf.Tensor | tf.Tensor[]) => {
      const frozen = names.filter((input) => isFrozen(inputs[input]));
      const gradients = runKernel(
        `${name}Gradient`,
        { ...namedSlopes(dys), ...Object.fromEntries(kept) },
        { ...attrs, frozen },
      );
      return Object.fromEntries(
        names.map((input, i) => [input, () => gradients[i]]),
      );
    };
    engine.addTapeNode(name, inputs, results, gradient, own, {});
    return results;
  };
}

/** The results' gradients as a kernel gets them. */
function namedSlopes(dys: tf.Tensor | tf.Tensor[]): tf.NamedTensorMap {
  return dys instanceof Array
    ? Object.fromEntries(dys.map((dy, i) => [`dy${i}`, dy]))
    : { dy: dys };
}

/**
 * What tfjs 4.22 keeps private. Its public way to a gradient, `customGrad`,
 * runs each kernel as an operation within an operation and copies what is
 * saved by one more each, which together take the host longer than a GPU takes
 * for a small model's step.
 */
interface EngineInternals {
  state: { kernelDepth: number };
  /** Whether operations are recorded. */
  isTapeOn(): boolean;
  /** Records an operation; `saved` is disposed when the tape is done with. */
  addTapeNode(
    name: string,
    inputs: tf.NamedTensorMap,
    outputs: tf.Tensor[],
    gradient: (
      dys: tf.Tensor | tf.Tensor[],
    ) => Record<string, () => tf.Tensor>,
    saved: tf.Tensor[],
    attrs: tf.NamedAttrMap,
  ): void;
  /** A tensor of the running scope. */
  makeTensorFromTensorInfo(info: tf.TensorInfo): tf.Tensor;
}

function engineInternals(): EngineInternals {
  return tf.engine() as unknown as EngineInternals;
}

/** An input until the gradient is computed; a variable stays by itself. */
function keepInput(input: tf.Tensor): tf.Tensor {
  if (input instanceof tf.Variable) return input;
  return tf.keep(runKernel("Identity", { x: input })[0]);
}

function isFrozen(input: tf.Tensor): boolean {
  return input instanceof tf.Variable && !input.trainable;
}

/** Whether the current backend has a kernel of its own for an operation. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** A tensor of the running scope. */
export function tensorOf(info: tf.TensorInfo): tf.Tensor {
  return engineInternals().makeTensorFromTensorInfo(info);
}

/** Runs a kernel of the current backend; it has no gradient. */
export function runKernel(
  name: string,
  inputs: tf.NamedTensorMap,
  attrs: tf.NamedAttrMap = {},
): tf.Tensor[] {
  const { state } = engineInternals();
  const { kernelFunc } = tf.getKernel(name, tf.getBackend());
  // What kernels compute with is not to be recorded.
  state.kernelDepth++;
  try {
    const results = kernelFunc({ inputs, attrs, backend: tf.backend() });
    return [results].flat().map(tensorOf);
  } finally {
    state.kernelDepth--;
  }
}
