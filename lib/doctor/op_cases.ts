/**
 * A small call of every op, with odd shapes, whose results two devices can be
 * compared by.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { accumulate } from "../ops/accumulate/mod.ts";
import { adam } from "../ops/adam/mod.ts";
import { addNorm, layerNorm } from "../ops/add_norm/mod.ts";
import { attention } from "../ops/attention/mod.ts";
import { clsAttention } from "../ops/cls_attention/mod.ts";
import { correctCount, crossEntropy } from "../ops/cross_entropy/mod.ts";
import { siteKey } from "../ops/dropout/mask.ts";
import { dropFeatures } from "../ops/dropout/mod.ts";
import { embedding, type EmbeddingTables } from "../ops/embedding/mod.ts";
import { gatherCls } from "../ops/gather_cls/mod.ts";
import { clipFactor, globalNorm } from "../ops/global_norm/mod.ts";
import { type Activation, type Layer, linear } from "../ops/linear/mod.ts";
import { projectedEmbedding } from "../ops/projected_embedding/mod.ts";
import { projections } from "../ops/projections/mod.ts";
import { sgd } from "../ops/sgd/mod.ts";
import {
  type Batch,
  differentiate,
  type OpCase,
  placeExamples,
  random,
  sideBySide,
  TABLES,
  type Tensors,
  update,
  WIDTH,
} from "./op_case.ts";

/** Of the small batch. */
const EXAMPLES = 4;
const TOKENS = 23;
/** Of 11 features each. */
const HEADS = 3;
/** Examples that are longer than attention's tiles, and one that is not. */
const LONG = Int32Array.of(0, 40, 57, 59, 100);
const LONG_TOKENS = 100;
const DROPOUT = { rate: 0.1, key: siteKey(1, 2, 3) };
const NORM = { epsilon: 1e-5 };
/** Rows of odd width are read in other ways, activations or none. */
const ODD: Activation[] = ["none", "relu"];
/** As models have it: whole vectors of four, several of them a step. */
const EVEN: Activation[] = ["gelu", "gelu-tanh", "tanh"];

/** The calls of all ops. */
export const opCases: readonly OpCase[] = [
  ...ODD.map((activation) => linearCase([TOKENS, WIDTH, 19], activation)),
  ...EVEN.map((activation) => linearCase([TOKENS, 48, 32], activation)),
  // More than one tile.
  linearCase([LONG_TOKENS, 192, 160], "relu"),
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
  differentiate(
    "attention",
    { projected: [LONG_TOKENS, 3 * 128] },
    ({ projected }, { packing }) =>
      attention(projected as tf.Tensor2D, {
        packing,
        heads: 2,
        dropout: DROPOUT,
      }),
    LONG,
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
      x: [LONG_TOKENS, 256],
      weight: [256],
      bias: [256],
    },
    ({ x, ...norm }) =>
      layerNorm(x as tf.Tensor2D, { ...NORM, ...norm as NormArrays }),
    LONG,
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
    ({ token, segment, position, ...layers }, { lookUp }) => {
      const { x, projected } = projectedEmbedding(
        inOrder({ token, segment, position }),
        lookUp,
        inPairs(layers),
      );
      return sideBySide(x, projected);
    },
  ),
  differentiate(
    "cross_entropy",
    { logits: [EXAMPLES, 3] },
    ({ logits }, { targets }) => crossEntropy(logits as tf.Tensor2D, targets),
  ),
  {
    op: "cross_entropy",
    compute: () => {
      const logits = random([EXAMPLES, 3], 1) as tf.Tensor2D;
      return [correctCount(logits, placeExamples().labels)];
    },
  },
  {
    op: "global_norm",
    compute: () => {
      const norm = globalNorm([random([TOKENS, WIDTH], 1), random([5], 2)]);
      return [norm, clipFactor(norm, 1)];
    },
  },
  {
    op: "accumulate",
    compute: () => [accumulate(random([TOKENS, 3], 1), random([TOKENS, 3], 2))],
  },
  update("adam", adam("torch")),
  update("adam", adam("mxnet")),
  update("sgd", sgd(0.9)),
];

function linearCase(
  [tokens, features, width]: [number, number, number],
  activation: Activation,
): OpCase {
  return differentiate(
    "linear",
    { x: [tokens, features], weight: [width, features], bias: [width] },
    ({ x, weight, bias }) =>
      linear(x as tf.Tensor2D, { weight, bias } as Layer, activation),
  );
}

type NormArrays = { weight: tf.Tensor1D; bias: tf.Tensor1D };

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
