/**
 * DistilBERT (Sanh et al., 2019) as transformers has it: `DistilBertConfig`,
 * `DistilBertForSequenceClassification`.
 *
 * @module
 */
import { z } from "zod";
import { BUFFERS, NORM_ALIASES } from "./bert.ts";
import {
  type Architecture,
  type HuggingFaceFamily,
  inBlocks,
  withLeaves,
} from "./family.ts";
import {
  ACTIVATION_NAMES,
  describePadding,
  paddingId,
  rate,
  readFields,
  translateActivation,
  translatePadding,
} from "./hf_fields.ts";

const schema = z.object({
  vocab_size: z.number().default(30522),
  max_position_embeddings: z.number().default(512),
  n_layers: z.number().default(6),
  n_heads: z.number().default(12),
  dim: z.number().default(768),
  hidden_dim: z.number().default(3072),
  dropout: rate.default(0.1),
  attention_dropout: rate.default(0.1),
  activation: z.string().default("gelu"),
  initializer_range: z.number().default(0.02),
  seq_classif_dropout: rate.default(0.2),
  pad_token_id: paddingId.default(0),
});

/** Names of other families' fields that transformers takes here, too. */
const ALIASES = {
  hidden_size: "dim",
  num_attention_heads: "n_heads",
  num_hidden_layers: "n_layers",
};

/** The fields by DistilBERT's own names. */
function byOwnNames(
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const own: Record<string, unknown> = { ...config };
  for (const [alias, name] of Object.entries(ALIASES)) {
    if (alias in config) own[name] = config[alias];
  }
  return own;
}

/**
 * DistilBERT: no segments, no dropout after attention, and a head of a layer with
 * ReLU, dropout, and the output layer. Sinusoidal positions are a table in the
 * file like any other.
 */
export const distilbert: HuggingFaceFamily = {
  name: "distilbert",
  title: "DistilBERT",
  modelType: "distilbert",
  classPrefix: "DistilBert",
  dropouts: ["dropout", "attentionDropout", "classifierDropout"],
  names: {
    rows: [
      ["embeddings.token.weight", "embeddings.word_embeddings.weight"],
      ["embeddings.position.weight", "embeddings.position_embeddings.weight"],
      ...withLeaves([
        ["embeddings.norm", "embeddings.LayerNorm"],
        ...inBlocks("transformer.layer.{i}", [
          ["attention.query", "attention.q_lin"],
          ["attention.key", "attention.k_lin"],
          ["attention.value", "attention.v_lin"],
          ["attention.output", "attention.out_lin"],
          ["attentionNorm", "sa_layer_norm"],
          ["ffn.up", "ffn.lin1"],
          ["ffn.down", "ffn.lin2"],
          ["ffnNorm", "output_layer_norm"],
        ]),
        ["pooler", "pre_classifier"],
        ["classifier", "classifier"],
      ]),
    ],
    prefix: "distilbert.",
    prefixed: /^(?:embeddings|layers)\./,
    aliases: NORM_ALIASES,
    redundant: BUFFERS,
  },
  translate(config, problems): Architecture | undefined {
    const fields = readFields(schema, byOwnNames(config), problems);
    if (!fields) return undefined;
    const { activation, pad_token_id: padding, vocab_size } = fields;
    return {
      vocabulary: vocab_size,
      paddingRow: translatePadding(padding, vocab_size, problems),
      embedding: fields.dim,
      hidden: fields.dim,
      feedForward: fields.hidden_dim,
      heads: fields.n_heads,
      blocks: fields.n_layers,
      positions: fields.max_position_embeddings,
      firstPosition: 0,
      segments: 0,
      activation: translateActivation("activation", activation, problems),
      poolerActivation: "relu",
      normEpsilon: 1e-12,
      embeddingNorm: true,
      dropout: fields.dropout,
      attentionDropout: fields.attention_dropout,
      attendedDropout: 0,
      clsDropout: 0,
      classifierDropout: fields.seq_classif_dropout,
      initializerRange: fields.initializer_range,
    };
  },
  describe(architecture): Record<string, unknown> {
    return {
      vocab_size: architecture.vocabulary,
      max_position_embeddings: architecture.positions,
      n_layers: architecture.blocks,
      n_heads: architecture.heads,
      dim: architecture.hidden,
      hidden_dim: architecture.feedForward,
      dropout: architecture.dropout,
      attention_dropout: architecture.attentionDropout,
      activation: ACTIVATION_NAMES[architecture.activation],
      initializer_range: architecture.initializerRange,
      seq_classif_dropout: architecture.classifierDropout,
      ...describePadding(architecture),
    };
  },
};
