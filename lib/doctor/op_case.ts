/**
 * What the calls of ops are made of: inputs by their shapes, a small batch,
 * gradients.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { randomWords } from "../base/random.ts";
import { Packing } from "../ops/batch/packing.ts";
import { type EmbeddingIndex, embeddingIndex } from "../ops/embedding/mod.ts";
import { linear } from "../ops/linear/mod.ts";
import { updateParameters, type UpdateRule } from "../ops/update_rule/mod.ts";

/** A call of one op on the current backend. */
export interface OpCase {
  /** The op's folder in lib/ops. */
  op: string;
  /** Makes all that the call results in: values, then gradients. */
  compute(): tf.Tensor[];
}

/** Tensors by name. */
export type Tensors = Record<string, tf.Tensor>;

/** Where examples of 1, 7, 3 and 12 tokens start, and where the last ends. */
const OFFSETS = Int32Array.of(0, 1, 8, 11, 23);
/** Hidden units, neither a multiple of 4 nor of a tile. */
export const WIDTH = 33;
/** The embedding's; more positions than occur. */
export const TABLES = {
  token: [9, WIDTH],
  segment: [2, WIDTH],
  position: [14, WIDTH],
};

/**
 * The value of an operation and its gradient by each of its inputs.
 *
 * @param op The op's folder.
 * @param shapes The inputs, by name.
 * @param operation Calls it.
 * @param offsets Where the batch's four examples start, and the last ends.
 */
export function differentiate(
  op: string,
  shapes: Record<string, number[]>,
  operation: (inputs: Tensors, batch: Batch) => tf.Tensor,
  offsets = OFFSETS,
): OpCase {
  const names = Object.keys(shapes);
  const compute = () => {
    const inputs = Object.values(shapes).map(random);
    const batch = placeExamples(offsets);
    const call = (...args: tf.Tensor[]) =>
      operation(
        Object.fromEntries(names.map((name, i) => [name, args[i]])),
        batch,
      );
    const { shape } = tf.tidy(() => call(...inputs));
    const { value, grads } = tf.valueAndGrads((...args) =>
      call(...args) as tf.Scalar
    )(inputs, random(shape, names.length) as tf.Scalar);
    return [value, ...grads];
  };
  return { op, compute };
}

/**
 * Two results side by side, [T, A] and [T, B] to [T, A + B], by an operation
 * that every device has: products with rows of the unit matrix are exact.
 */
export function sideBySide(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const width = a.shape[1]! + b.shape[1]!;
  const move = (x: tf.Tensor, first: number) => {
    const columns = x.shape[1]!;
    const weight = new Float32Array(width * columns);
    for (let i = 0; i < columns; i++) weight[(first + i) * columns + i] = 1;
    return linear(x as tf.Tensor2D, {
      weight: tf.tensor2d(weight, [width, columns]),
      bias: tf.tensor1d(new Float32Array(width)),
    });
  };
  return tf.add(move(a, 0), move(b, a.shape[1]!));
}

/** Two steps of two parameters. */
export function update(op: string, rule: UpdateRule): OpCase {
  const compute = () => {
    const variables = [[WIDTH, 3], [7]].map((shape, i) => ({
      parameter: tf.variable(random(shape, i)),
      state: rule.state.map(() => tf.variable(tf.zeros(shape))),
    }));
    for (let step = 1; step <= 2; step++) {
      const settings = { step, learningRate: 0.01, weightDecay: 0.1 };
      updateParameters(
        rule,
        variables.map((variable, i) => ({
          ...variable,
          gradient: random(variable.parameter.shape, 10 * step + i),
          factors: rule.factors(settings),
        })),
        tf.scalar(0.5),
      );
    }
    return variables.flatMap(({ parameter, state }) => {
      const all = [parameter, ...state];
      const values = all.map((variable) => variable.clone());
      all.forEach((variable) => variable.dispose());
      return values;
    });
  };
  return { op, compute };
}

/** Uniform in [-1, 1), by the shape and a seed alone. */
export function random(shape: number[], seed: number): tf.Tensor {
  const next = randomWords(seed, 0);
  const size = tf.util.sizeFromShape(shape);
  const values = Float32Array.from(
    { length: size },
    () => next() / 2 ** 31 - 1,
  );
  return tf.tensor(values, shape);
}

/** What a batch has on the device, for all ops. */
export interface Batch {
  packing: Packing;
  lookUp: EmbeddingIndex;
  labels: tf.Tensor1D;
  /** Smoothed. */
  targets: tf.Tensor2D;
}

/**
 * Puts a batch on the device.
 *
 * @param offsets Where its four examples start, and the last ends.
 */
export function placeExamples(offsets = OFFSETS): Batch {
  const length = offsets.at(-1)!;
  const every = (step: number, count: number) =>
    Int32Array.from({ length }, (_, t) => (t * step) % count);
  return {
    packing: new Packing(offsets, { padded: true }),
    lookUp: embeddingIndex(
      [every(5, 9), every(1, 2), every(1, 12)],
      Object.values(TABLES).map(([rows]) => rows),
      true,
    ),
    labels: tf.tensor1d([2, 0, 1, 2], "int32"),
    targets: tf.tensor2d([
      [0.1, 0.1, 0.8],
      [0.8, 0.1, 0.1],
      [0.1, 0.8, 0.1],
      [0, 0, 2],
    ]),
  };
}
