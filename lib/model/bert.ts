/**
 * The BERT encoder (Devlin et al., 2018) on packed batches, for a classifier:
 * only the `<cls>` rows leave the last block, so that block asks, projects and
 * feeds forward B rows instead of T. The result is the full encoder's.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { hasKernel } from "../device/define_op.ts";
import { addNorm, layerNorm, type Norm } from "../ops/add_norm/mod.ts";
import { attention } from "../ops/attention/mod.ts";
import { clsAttention } from "../ops/cls_attention/mod.ts";
import { type Dropout, siteKey } from "../ops/dropout/mask.ts";
import { dropFeatures } from "../ops/dropout/mod.ts";
import {
  embedding,
  type EmbeddingIndex,
  embeddingIndex,
  type EmbeddingTables,
} from "../ops/embedding/mod.ts";
import { uniqueRows } from "../ops/embedding/unique_rows.ts";
import { gatherCls } from "../ops/gather_cls/mod.ts";
import { type Layer, linear } from "../ops/linear/mod.ts";
import { Packing, type Rows } from "../ops/packing.ts";
import {
  projectedEmbedding,
  projectsTables,
} from "../ops/projected_embedding/mod.ts";
import { projections } from "../ops/projections/mod.ts";
import type { ModelConfig } from "../weights/model_config.ts";

/** A model's parameters by their neutral names. */
export type Parameters = ReadonlyMap<string, tf.Tensor>;

/** Packed examples: T tokens of B examples, on the host. */
export interface TokenBatch {
  /** Row of the token table of each token, [T]. */
  tokens: Int32Array;
  /** 0 in the first sentence, 1 in the second, [T]. */
  segments: Int32Array;
  /** Place of each token in its example, [T]. */
  positions: Int32Array;
  /** Where each example starts, and T at the end, [B + 1]. */
  offsets: Int32Array;
  /** The first example's place in the batch that this one is a part of. */
  first?: number;
}

/** What one training step's dropout is drawn from. */
export interface DropoutDraw {
  seed: number;
  /** Steps since the start of training. */
  step: number;
}

/**
 * A batch on the device. Make it before the function whose gradient is taken:
 * tfjs frees what that function makes before it computes the gradient.
 */
export interface PlacedBatch {
  packing: Packing;
  lookUp: EmbeddingIndex;
  /** What is looked up in, if not the parameters: their rows in use. */
  tables?: EmbeddingTables | undefined;
}

/** How a batch to train on is put on the device. */
export interface TrainingOptions {
  /** Rows of the tables that are looked up in: token, segment, position. */
  counts: readonly number[];
  /** Whether their gradients will be asked for. */
  learned: boolean;
  /** Whether sizes are rounded, so that the step can be recorded. */
  rounded?: boolean | undefined;
}

/**
 * Puts a batch on the device. Call it inside `tf.tidy`, which frees it.
 *
 * @param batch The examples.
 * @param parameters The model's parameters.
 * @param training Whether a gradient will be asked for.
 */
export function placeBatch(
  batch: TokenBatch,
  parameters: Parameters,
  training: boolean,
): PlacedBatch {
  const own = embeddingTables(parameters);
  if (training) {
    return placeTraining(batch, { counts: rowsOf(own), learned: true });
  }
  // The rows in use are enough, and few enough to be projected.
  const { tokens, tables } = rowsInUse(batch.tokens, own);
  const inUse = { ...batch, tokens };
  return {
    ...placeTraining(inUse, { counts: rowsOf(tables), learned: false }),
    tables,
  };
}

/**
 * Puts a batch to train on on the device. Call it inside `tf.tidy`, which frees
 * it.
 *
 * @param batch The examples.
 * @param options Where they are looked up.
 */
export function placeTraining(
  { tokens, segments, positions, offsets, first }: TokenBatch,
  { counts, learned, rounded }: TrainingOptions,
): PlacedBatch {
  const lookUp = embeddingIndex(
    [tokens, segments, positions],
    counts,
    learned,
  );
  return {
    packing: new Packing(offsets, {
      padded: !hasKernel("Attention"),
      first,
      positions: lookUp.index[2],
      rounded,
    }),
    lookUp,
  };
}

/** All that a batch has on the device. */
export function placedTensors({ packing, lookUp }: PlacedBatch): tf.Tensor[] {
  const [tokens, segments] = lookUp.index;
  const groups = Object.values(lookUp.groups ?? {});
  return [...packing.placed, tokens, segments, ...groups];
}

function rowsOf(tables: EmbeddingTables): number[] {
  return tables.map(({ shape }) => shape[0]);
}

function rowsInUse(
  tokens: Int32Array,
  [token, segment, position]: EmbeddingTables,
): { tokens: Int32Array; tables: EmbeddingTables } {
  const { rows, slots } = uniqueRows(tokens, token.shape[0]);
  const table = tf.gather(token, tf.tensor1d(rows, "int32"));
  return { tokens: slots, tables: [table, segment, position] };
}

/** The names of the tables that are looked up in. */
export const TABLES = ["token", "segment", "position"].map((name) =>
  `embeddings.${name}.weight`
);

function embeddingTables(parameters: Parameters): EmbeddingTables {
  return TABLES.map((name) => parameters.get(name)) as EmbeddingTables;
}

/** The parts of a forward pass that every layer needs. */
export class ForwardPass {
  readonly packing: Packing;
  readonly lookUp: EmbeddingIndex;
  readonly tables: EmbeddingTables;
  readonly #draw: DropoutDraw | undefined;
  #sites = 0;

  /**
   * @param config The model.
   * @param parameters Its parameters.
   * @param batch The examples.
   * @param draw Dropout's source while training; none while evaluating.
   */
  constructor(
    readonly config: ModelConfig,
    readonly parameters: Parameters,
    batch: PlacedBatch,
    draw?: DropoutDraw,
  ) {
    this.packing = batch.packing;
    this.lookUp = batch.lookUp;
    this.tables = batch.tables ?? embeddingTables(parameters);
    this.#draw = draw;
  }

  /** Whether a gradient is wanted. */
  get training(): boolean {
    return this.#draw !== undefined;
  }

  /** The next dropout site; none while evaluating. */
  dropout(rate: number): Dropout | undefined {
    const site = this.#sites++;
    const draw = this.#draw;
    if (draw === undefined || rate === 0) return undefined;
    return {
      rate,
      get key() {
        return siteKey(draw.seed, draw.step, site);
      },
    };
  }

  /** A parameter by its name. */
  parameter<R extends tf.Rank>(name: string): tf.Tensor<R> {
    const tensor = this.parameters.get(name);
    if (!tensor) throw new Error(`there is no parameter "${name}"`);
    return tensor as tf.Tensor<R>;
  }

  /** A linear layer's parameters. */
  layer(name: string): Layer {
    return {
      weight: this.parameter(`${name}.weight`),
      bias: this.parameter(`${name}.bias`),
    };
  }

  /** A layer norm's parameters. */
  norm(name: string): Norm {
    return {
      weight: this.parameter(`${name}.weight`),
      bias: this.parameter(`${name}.bias`),
      epsilon: this.config.normEpsilon,
    };
  }
}

/**
 * The encoder's `<cls>` vectors. Call it inside `tf.tidy`.
 *
 * @param pass The examples and the model.
 * @return [B, H].
 */
export function encodeCls(pass: ForwardPass): tf.Tensor2D {
  const { blocks } = pass.config;
  let x = embed(pass);
  for (let i = 0; i < blocks; i++) {
    const rows = i === blocks - 1 ? "cls" : "all";
    const block = () => encoderBlock(pass, x, i, rows);
    // The tape needs what a block computes on the way; nothing else does.
    x = pass.training ? block() : tf.tidy(block);
  }
  return x;
}

function embed(pass: ForwardPass): tf.Tensor2D {
  const { config, packing, lookUp, tables } = pass;
  const sum = embedding(tables, lookUp);
  if (!config.embeddingNorm) return sum;
  const dropout = pass.dropout(config.dropout);
  const normal = layerNorm(sum, pass.norm("embeddings.norm"));
  return dropFeatures(normal, { packing, rows: "all", dropout });
}

/** One post-norm block: x [T, H] to [T, H], or to [B, H] for `cls` rows. */
function encoderBlock(
  pass: ForwardPass,
  x: tf.Tensor2D,
  index: number,
  rows: Rows,
): tf.Tensor2D {
  const { config, packing } = pass;
  const name = `layers.${index}`;
  const own = rows === "all" ? x : gatherCls(x, packing);
  const [query, key, value, output] = ["query", "key", "value", "output"]
    .map((role) => pass.layer(`${name}.attention.${role}`));
  const asked = {
    packing,
    heads: config.heads,
    dropout: pass.dropout(config.dropout),
  };
  const context = rows === "all"
    ? attention(project(pass, x, index, [query, key, value]), asked)
    : clsAttention({ query: linear(own, query), x }, { key, value }, asked);
  const attended = addNorm(
    own,
    linear(context, output),
    pass.norm(`${name}.attentionNorm`),
    { packing, rows, dropout: pass.dropout(config.dropout) },
  );
  const up = linear(
    attended,
    pass.layer(`${name}.ffn.up`),
    config.activation,
  );
  return addNorm(
    attended,
    linear(up, pass.layer(`${name}.ffn.down`)),
    pass.norm(`${name}.ffnNorm`),
    { packing, rows, dropout: pass.dropout(config.dropout) },
  );
}

/** The projections of a block's input, side by side: [T, 3H]. */
function project(
  pass: ForwardPass,
  x: tf.Tensor2D,
  index: number,
  layers: readonly Layer[],
): tf.Tensor2D {
  const { config, packing, lookUp, tables } = pass;
  const lookUps = { ...lookUp, longest: packing.longest };
  const isSum = index === 0 && !config.embeddingNorm;
  return isSum && projectsTables(tables, lookUps)
    ? projectedEmbedding(tables, lookUps, layers)
    : projections(x, layers);
}
