/**
 * A small call of every operation room, with odd shapes, whose results two
 * devices can be compared by.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { accumulate } from "../ops/accumulate/mod.ts";
import { adam } from "../ops/adam/mod.ts";
import { addNorm, layerNorm } from "../ops/add_norm/mod.ts";
import { attention } from "../ops/attention/mod.ts";
import { clsAttention } from "../ops/cls_attention/mod.ts";
import { correctCount, crossEntropy } from "../ops/cross_entropy/mod.ts";
import { siteKey } from "../ops/dropout/mask.ts";
import { dropFeatures } from "../ops/dropout/mod.ts";
import {
  embedding,
  type EmbeddingIndex,
  embeddingIndex,
  type EmbeddingTables,
} from "../ops/embedding/mod.ts";
import { gatherCls } from "../ops/gather_cls/mod.ts";
import { clipFactor, globalNorm } from "../ops/global_norm/mod.ts";
import { type Activation, type Layer, linear } from "../ops/linear/mod.ts";
import { Packing } from "../ops/packing.ts";
import { projectedEmbedding } from "../ops/projected_embedding/mod.ts";
import { projections } from "../ops/projections/mod.ts";
import { sgd } from "../ops/sgd/mod.ts";
import { updateParameters, type UpdateRule } from "../ops/update_rule.ts";
import { randomWords } from "../random.ts";

/** A call of one room on the current backend. */
export interface RoomCase {
  /** The room's folder in lib/ops. */
  room: string;
  /** Makes all that the call results in: values, then gradients. */
  compute(): tf.Tensor[];
}

/** Examples of 1, 7, 3 and 12 tokens. */
const OFFSETS = Int32Array.of(0, 1, 8, 11, 23);
const EXAMPLES = OFFSETS.length - 1;
const TOKENS = OFFSETS[EXAMPLES];
/** Hidden units, neither a multiple of 4 nor of a tile; 3 heads of 11. */
const WIDTH = 33;
const HEADS = 3;
const DROPOUT = { rate: 0.1, key: siteKey(1, 2, 3) };
/** More positions than occur. */
const TABLES = {
  token: [9, WIDTH],
  segment: [2, WIDTH],
  position: [14, WIDTH],
};
const NORM = { epsilon: 1e-5 };
const ACTIVATIONS: Activation[] = [
  "none",
  "relu",
  "gelu",
  "gelu-tanh",
  "tanh",
];

/** The calls of all rooms. */
export const roomCases: readonly RoomCase[] = [
  ...ACTIVATIONS.map((activation) =>
    differentiate(
      "linear",
      {
        x: [TOKENS, WIDTH],
        weight: [19, WIDTH],
        bias: [19],
      },
      ({ x, weight, bias }) =>
        linear(x as tf.Tensor2D, { weight, bias } as Layer, activation),
    )
  ),
  differentiate("projections", {
    x: [TOKENS, WIDTH],
    ...layersOf(3),
  }, ({ x, ...layers }) => projections(x as tf.Tensor2D, inPairs(layers))),
  differentiate(
    "attention",
    { projected: [TOKENS, 3 * WIDTH] },
    ({ projected }, batch) =>
      attention(projected as tf.Tensor2D, headsOf(batch)),
  ),
  differentiate("cls_attention", {
    query: [EXAMPLES, WIDTH],
    x: [TOKENS, WIDTH],
    ...layersOf(2),
  }, ({ query, x, ...layers }, batch) => {
    const [key, value] = inPairs(layers);
    const rows = { query, x } as Record<"query" | "x", tf.Tensor2D>;
    return clsAttention(rows, { key, value }, headsOf(batch));
  }),
  differentiate(
    "add_norm",
    {
      x: [TOKENS, WIDTH],
      r: [TOKENS, WIDTH],
      weight: [WIDTH],
      bias: [WIDTH],
    },
    ({ x, r, ...norm }, { packing }) =>
      addNorm(x as tf.Tensor2D, r as tf.Tensor2D, {
        ...NORM,
        ...norm as NormArrays,
      }, { packing, rows: "all", dropout: DROPOUT }),
  ),
  differentiate(
    "add_norm",
    {
      x: [TOKENS, WIDTH],
      weight: [WIDTH],
      bias: [WIDTH],
    },
    ({ x, ...norm }) =>
      layerNorm(x as tf.Tensor2D, { ...NORM, ...norm as NormArrays }),
  ),
  differentiate(
    "dropout",
    { x: [TOKENS, WIDTH] },
    ({ x }, { packing }) =>
      dropFeatures(x as tf.Tensor2D, {
        packing,
        rows: "all",
        dropout: DROPOUT,
      }),
  ),
  differentiate(
    "gather_cls",
    { x: [TOKENS, WIDTH] },
    ({ x }, { packing }) => gatherCls(x as tf.Tensor2D, packing),
  ),
  differentiate(
    "embedding",
    TABLES,
    (tables, { lookUp }) => embedding(inOrder(tables), lookUp),
  ),
  differentiate(
    "projected_embedding",
    {
      ...TABLES,
      ...layersOf(2),
    },
    ({ token, segment, position, ...layers }, { lookUp, packing }) =>
      projectedEmbedding(
        inOrder({ token, segment, position }),
        { ...lookUp, longest: packing.longest },
        inPairs(layers),
      ),
  ),
  differentiate(
    "cross_entropy",
    { logits: [EXAMPLES, 3] },
    ({ logits }, { targets }) => crossEntropy(logits as tf.Tensor2D, targets),
  ),
  {
    room: "cross_entropy",
    compute: () => {
      const logits = random([EXAMPLES, 3], 1) as tf.Tensor2D;
      return [correctCount(logits, placeBatch().labels)];
    },
  },
  {
    room: "global_norm",
    compute: () => {
      const norm = globalNorm([random([TOKENS, WIDTH], 1), random([5], 2)]);
      return [norm, clipFactor(norm, 1)];
    },
  },
  {
    room: "accumulate",
    compute: () => [accumulate(random([TOKENS, 3], 1), random([TOKENS, 3], 2))],
  },
  update("adam", adam("torch")),
  update("adam", adam("mxnet")),
  update("sgd", sgd(0.9)),
];

type NormArrays = { weight: tf.Tensor1D; bias: tf.Tensor1D };
type Tensors = Record<string, tf.Tensor>;

/** The value of an operation and its gradient by each of its inputs. */
function differentiate(
  room: string,
  shapes: Record<string, number[]>,
  operation: (inputs: Tensors, batch: Batch) => tf.Tensor,
): RoomCase {
  const names = Object.keys(shapes);
  const compute = () => {
    const inputs = Object.values(shapes).map(random);
    const batch = placeBatch();
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
  return { room, compute };
}

/** Two steps of two parameters. */
function update(room: string, rule: UpdateRule): RoomCase {
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
  return { room, compute };
}

/** Uniform in [-1, 1), by the shape and a seed alone. */
function random(shape: number[], seed: number): tf.Tensor {
  const next = randomWords(seed, 0);
  const size = tf.util.sizeFromShape(shape);
  const values = Float32Array.from(
    { length: size },
    () => next() / 2 ** 31 - 1,
  );
  return tf.tensor(values, shape);
}

/** What a batch has on the device, for all rooms. */
interface Batch {
  packing: Packing;
  lookUp: EmbeddingIndex;
  labels: tf.Tensor1D;
  /** Smoothed. */
  targets: tf.Tensor2D;
}

function placeBatch(): Batch {
  const every = (step: number, count: number) =>
    Int32Array.from({ length: TOKENS }, (_, t) => (t * step) % count);
  const tables = Object.values(TABLES).map((shape) => tf.zeros(shape));
  return {
    packing: new Packing(OFFSETS, { padded: true }),
    lookUp: embeddingIndex(
      [every(5, 9), every(1, 2), every(1, 12)],
      tables as EmbeddingTables,
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

function headsOf({ packing }: Batch) {
  return { packing, heads: HEADS, dropout: DROPOUT };
}

function inOrder({ token, segment, position }: Tensors): EmbeddingTables {
  return [token, segment, position] as EmbeddingTables;
}

/** Shapes of n layers' weights and biases. */
function layersOf(n: number): Record<string, number[]> {
  return Object.fromEntries(
    Array.from({ length: n }, (_, i) => [
      [`weight${i}`, [WIDTH, WIDTH]],
      [`bias${i}`, [WIDTH]],
    ]).flat(),
  );
}

function inPairs(layers: Tensors): Layer[] {
  const count = Object.keys(layers).length / 2;
  return Array.from({ length: count }, (_, i) => ({
    weight: layers[`weight${i}`] as tf.Tensor2D,
    bias: layers[`bias${i}`] as tf.Tensor1D,
  }));
}
