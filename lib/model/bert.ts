/**
 * The encoder of BERT (Devlin et al., 2018) and its relatives on packed batches,
 * for a classifier: what sets them apart is in the configuration. Only the `<cls>` rows leave the last block, so that block asks, projects and
 * feeds forward B rows instead of T. The result is the full encoder's.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { addNorm, layerNorm, type Norm } from "../ops/add_norm/mod.ts";
import { attention } from "../ops/attention/mod.ts";
import type { Packing, Rows } from "../ops/batch/packing.ts";
import {
  embeddingTables,
  type Parameters,
  type PlacedBatch,
} from "../ops/batch/place_batch.ts";
import { clsAttention } from "../ops/cls_attention/mod.ts";
import { type Dropout, siteKey } from "../ops/dropout/mask.ts";
import { dropFeatures } from "../ops/dropout/mod.ts";
import {
  embedding,
  type EmbeddingIndex,
  type EmbeddingTables,
} from "../ops/embedding/mod.ts";
import { gatherCls } from "../ops/gather_cls/mod.ts";
import { type Layer, linear } from "../ops/linear/mod.ts";
import {
  projectedEmbedding,
  projectsTables,
} from "../ops/projected_embedding/mod.ts";
import { projections } from "../ops/projections/mod.ts";
import type { ModelConfig } from "../weights/model_config.ts";

/** What one training step's dropout is drawn from. */
export interface DropoutDraw {
  seed: number;
  /** Steps since the start of training. */
  step: number;
}

/** What every layer of a forward pass needs. */
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
  let input: BlockInput | undefined;
  for (let i = 0; i < blocks; i++) {
    const rows = i === blocks - 1 ? "cls" : "all";
    const block = () => encoderBlock(pass, input ?? embed(pass), i, rows);
    // The tape needs what a block computes on the way; nothing else does.
    input = { x: pass.training ? block() : tf.tidy(block) };
  }
  return input!.x;
}

/** What a block computes from. */
interface BlockInput {
  /** [T, H]. */
  x: tf.Tensor2D;
  /** Its projections, [T, 3H], where they are made with it. */
  projected?: tf.Tensor2D;
}

function embed(pass: ForwardPass): BlockInput {
  const { config, packing, lookUp, tables, training } = pass;
  // A lone block asks with its `<cls>` rows only.
  const projects = !config.embeddingNorm && config.blocks > 1 &&
    projectsTables(tables, lookUp, training);
  if (projects) {
    return projectedEmbedding(tables, lookUp, attentionLayers(pass, 0));
  }
  const sum = embedding(tables, lookUp);
  if (!config.embeddingNorm) return { x: sum };
  const dropout = pass.dropout(config.dropout);
  const normal = layerNorm(sum, pass.norm("embeddings.norm"));
  const x = dropFeatures(normal, { packing, rows: "all", dropout });
  if (config.embedding === config.hidden) return { x };
  return { x: linear(x, pass.layer("embeddings.projection")) };
}

/** The layers of a block's queries, keys and values. */
function attentionLayers(pass: ForwardPass, index: number): Layer[] {
  return ["query", "key", "value"]
    .map((role) => pass.layer(`layers.${index}.attention.${role}`));
}

/** One post-norm block: x [T, H] to [T, H], or to [B, H] for `cls` rows. */
function encoderBlock(
  pass: ForwardPass,
  { x, projected }: BlockInput,
  index: number,
  rows: Rows,
): tf.Tensor2D {
  const { config, packing } = pass;
  const name = `layers.${index}`;
  const own = rows === "all" ? x : gatherCls(x, packing);
  const layers = attentionLayers(pass, index);
  const [query, key, value] = layers;
  const options = {
    packing,
    heads: config.heads,
    dropout: pass.dropout(config.attentionDropout),
  };
  const context = rows === "all"
    ? attention(projected ?? projections(x, layers), options)
    : clsAttention({ query: linear(own, query), x }, { key, value }, options);
  const attended = addNorm(
    own,
    linear(context, pass.layer(`${name}.attention.output`)),
    pass.norm(`${name}.attentionNorm`),
    { packing, rows, dropout: pass.dropout(config.attendedDropout) },
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
