/**
 * A classifier as a model of ONNX, for padded batches of any size and length.
 * Only the `<cls>` rows leave the last block, as in the encoder here.
 *
 * @module
 */
import { versions } from "../../base/versions.ts";
import type { NamedArrays } from "../../weights/formats/arrays.ts";
import type { ModelConfig } from "../../weights/model_config.ts";
import type { Value } from "./graph.ts";
import { Layers } from "./layers.ts";
import { encodeModel, type ValueFields } from "./messages.ts";
import type { Encoded } from "./protobuf.ts";

/** What is added to the scores of padding: softmax makes it nothing. */
const MASKED = -3.4028234663852886e38;

/**
 * The names of a model's inputs, each int64 of [batch, sequence], in the order of
 * transformers. Models that see no segments have no `token_type_ids`.
 *
 * @param config The model.
 */
export function inputNames({ secondSegment }: ModelConfig): string[] {
  const segments = secondSegment === 1 ? ["token_type_ids"] : [];
  return ["input_ids", "attention_mask", ...segments];
}

/**
 * Writes a classifier as a model of ONNX, whose output `logits` is
 * [batch, classes].
 *
 * @param config The model.
 * @param arrays Its parameters by neutral name.
 * @return The file in sections, some of which view the arrays.
 */
export function encodeClassifier(
  config: ModelConfig,
  arrays: NamedArrays,
): Encoded {
  const layers = new Layers(config, arrays);
  const mask = addMask(layers);
  let x = embed(layers);
  for (let i = 0; i < config.blocks; i++) {
    x = encoderBlock(layers, { x, mask }, i);
  }
  const cls = layers.node("Squeeze", "pooler", [x, layers.integers([1])]);
  const pooled = layers.activate(
    layers.linear(cls, "pooler"),
    config.poolerActivation,
    "pooler",
  );
  layers.node("Identity", "classifier", [layers.linear(pooled, "classifier")], {
    output: "logits",
  });
  const inputs = inputNames(config).map((name): ValueFields => ({
    name,
    type: "int64",
    shape: ["batch", "sequence"],
  }));
  return encodeModel({
    nodes: layers.nodes,
    tensors: layers.tensors,
    inputs,
    outputs: [{
      name: "logits",
      type: "float",
      shape: ["batch", config.labels.length],
    }],
    producer: ["premise", versions().premise],
    remarks: { labels: JSON.stringify(config.labels) },
  });
}

/** [batch, 1, 1, sequence]: 0 where there is a token, else {@link MASKED}. */
function addMask(layers: Layers): Value {
  const place = "mask";
  const floats = layers.node("Cast", place, ["attention_mask"], {
    attributes: { to: { int: 1 } },
  });
  const rows = layers.node("Unsqueeze", place, [
    floats,
    layers.integers([1, 2]),
  ]);
  const absent = layers.node("Sub", place, [layers.float(1), rows]);
  return layers.node("Mul", place, [absent, layers.float(MASKED)]);
}

/** [batch, sequence, hidden]. */
function embed(layers: Layers): Value {
  const { config } = layers;
  const place = "embeddings";
  const add = (a: Value, b: Value) => layers.node("Add", place, [a, b]);
  const tokens = layers.node("Gather", place, [
    layers.parameter("embeddings.token.weight"),
    "input_ids",
  ]);
  let sum = add(tokens, embedPositions(layers));
  if (config.segments > 0) {
    const ids = config.secondSegment === 1
      ? "token_type_ids"
      : layers.integers([0]);
    sum = add(
      sum,
      layers.node("Gather", place, [
        layers.parameter("embeddings.segment.weight"),
        ids,
      ]),
    );
  }
  if (!config.embeddingNorm) return sum;
  const normal = layers.norm(sum, "embeddings.norm");
  return config.embedding === config.hidden
    ? normal
    : layers.linear(normal, "embeddings.projection");
}

/**
 * [sequence, embedding], or [batch, sequence, embedding] where padding is not
 * counted.
 */
function embedPositions(layers: Layers): Value {
  const { firstPosition } = layers.config;
  const place = "embeddings";
  const table = layers.parameter("embeddings.position.weight");
  if (firstPosition === 0) {
    const length = layers.node("Shape", place, ["input_ids"], {
      attributes: { start: { int: 1 }, end: { int: 2 } },
    });
    return layers.node("Slice", place, [table, layers.integers([0]), length]);
  }
  const padding = layers.integers(firstPosition - 1);
  const isPadding = layers.node("Equal", place, ["input_ids", padding]);
  const isToken = layers.node("Not", place, [isPadding]);
  const ones = layers.node("Cast", place, [isToken], {
    attributes: { to: { int: 7 } },
  });
  const count = layers.node("CumSum", place, [ones, layers.integers(1)]);
  const counted = layers.node("Mul", place, [count, ones]);
  const positions = layers.node("Add", place, [counted, padding]);
  return layers.node("Gather", place, [table, positions]);
}

/** What a block computes from. */
interface BlockInput {
  /** [batch, sequence, hidden]. */
  x: Value;
  /** [batch, 1, 1, sequence]. */
  mask: Value;
}

/** One post-norm block; of the last, [batch, 1, hidden] is all that comes out. */
function encoderBlock(
  layers: Layers,
  { x, mask }: BlockInput,
  index: number,
): Value {
  const { config } = layers;
  const place = `layers.${index}`;
  const own = index === config.blocks - 1
    ? layers.node("Slice", place, [
      x,
      layers.integers([0]),
      layers.integers([1]),
      layers.integers([1]),
    ])
    : x;
  const attended = layers.linear(
    attend(layers, { own, x, mask }, `${place}.attention`),
    `${place}.attention.output`,
  );
  const middle = layers.norm(
    layers.node("Add", place, [own, attended]),
    `${place}.attentionNorm`,
  );
  const up = layers.activate(
    layers.linear(middle, `${place}.ffn.up`),
    config.activation,
    `${place}.ffn`,
  );
  const down = layers.linear(up, `${place}.ffn.down`);
  return layers.norm(
    layers.node("Add", place, [middle, down]),
    `${place}.ffnNorm`,
  );
}

/** Attention of the rows `own` to all of `x`, before its output layer. */
function attend(
  layers: Layers,
  { own, x, mask }: BlockInput & { own: Value },
  place: string,
): Value {
  const { hidden, heads } = layers.config;
  const width = hidden / heads;
  const split = (rows: Value, role: string, perm: number[]) => {
    const projected = layers.linear(rows, `${place}.${role}`);
    // An extent of 0 stays as it is.
    const shape = layers.integers([0, 0, heads, width]);
    const parts = layers.node("Reshape", place, [projected, shape]);
    return layers.node("Transpose", place, [parts], {
      attributes: { perm: { ints: perm } },
    });
  };
  const query = split(own, "query", [0, 2, 1, 3]);
  const key = split(x, "key", [0, 2, 3, 1]);
  const value = split(x, "value", [0, 2, 1, 3]);
  const scores = layers.node("Div", place, [
    layers.node("MatMul", place, [query, key]),
    layers.float(Math.sqrt(width)),
  ]);
  const masked = layers.node("Add", place, [scores, mask]);
  const shares = layers.node("Softmax", place, [masked], {
    attributes: { axis: { int: -1 } },
  });
  const context = layers.node("MatMul", place, [shares, value]);
  const rows = layers.node("Transpose", place, [context], {
    attributes: { perm: { ints: [0, 2, 1, 3] } },
  });
  return layers.node("Reshape", place, [
    rows,
    layers.integers([0, 0, hidden]),
  ]);
}
