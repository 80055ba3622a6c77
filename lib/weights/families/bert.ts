/**
 * BERT (Devlin et al., 2018) as transformers has it: `BertConfig`,
 * `BertForSequenceClassification`. ELECTRA and RoBERTa differ from it by little.
 *
 * @module
 */
import { z } from "zod";
import type { ModelConfig } from "../model_config.ts";
import {
  type Alias,
  type Architecture,
  type HuggingFaceFamily,
  inBlocks,
  type NameRow,
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

/** The names of the tables and the blocks. */
export const ENCODER_NAMES: readonly NameRow[] = [
  ["embeddings.token.weight", "embeddings.word_embeddings.weight"],
  ["embeddings.segment.weight", "embeddings.token_type_embeddings.weight"],
  ["embeddings.position.weight", "embeddings.position_embeddings.weight"],
  ...withLeaves([
    ["embeddings.norm", "embeddings.LayerNorm"],
    ...inBlocks("encoder.layer.{i}", [
      ["attention.query", "attention.self.query"],
      ["attention.key", "attention.self.key"],
      ["attention.value", "attention.self.value"],
      ["attention.output", "attention.output.dense"],
      ["attentionNorm", "attention.output.LayerNorm"],
      ["ffn.up", "intermediate.dense"],
      ["ffn.down", "output.dense"],
      ["ffnNorm", "output.LayerNorm"],
    ]),
  ]),
];

/** The original checkpoints of 2018 carry TensorFlow's names of a layer norm. */
export const NORM_ALIASES: readonly Alias[] = [
  [/LayerNorm\.gamma$/, "LayerNorm.weight"],
  [/LayerNorm\.beta$/, "LayerNorm.bias"],
];

/** Buffers that old versions of transformers saved. */
export const BUFFERS: readonly string[] = [
  "embeddings.position_ids",
  "embeddings.token_type_ids",
];

/** The fields of a `config.json`, with transformers' defaults. */
export const bertFields = {
  vocab_size: z.number().default(30522),
  hidden_size: z.number().default(768),
  num_hidden_layers: z.number().default(12),
  num_attention_heads: z.number().default(12),
  intermediate_size: z.number().default(3072),
  hidden_act: z.string().default("gelu"),
  hidden_dropout_prob: rate.default(0.1),
  attention_probs_dropout_prob: rate.default(0.1),
  classifier_dropout: rate.nullish(),
  max_position_embeddings: z.number().default(512),
  type_vocab_size: z.number().default(2),
  initializer_range: z.number().default(0.02),
  layer_norm_eps: z.number().default(1e-12),
  pad_token_id: paddingId.default(0),
};

const schema = z.object(bertFields);

/**
 * What these fields say of the architecture, as far as the families that have
 * them agree.
 *
 * @param fields The fields.
 * @param problems Gets a clause for an activation that is not known.
 */
export function bertEncoder(
  fields: z.output<typeof schema>,
  problems: string[],
) {
  const dropout = fields.hidden_dropout_prob;
  const { pad_token_id: padding, vocab_size: vocabulary } = fields;
  return {
    vocabulary,
    paddingRow: translatePadding(padding, vocabulary, problems),
    embedding: fields.hidden_size,
    hidden: fields.hidden_size,
    feedForward: fields.intermediate_size,
    heads: fields.num_attention_heads,
    blocks: fields.num_hidden_layers,
    positions: fields.max_position_embeddings,
    firstPosition: 0,
    segments: fields.type_vocab_size,
    activation: translateActivation("hidden_act", fields.hidden_act, problems),
    normEpsilon: fields.layer_norm_eps,
    embeddingNorm: true,
    dropout,
    attentionDropout: fields.attention_probs_dropout_prob,
    attendedDropout: dropout,
    classifierDropout: fields.classifier_dropout ?? dropout,
    initializerRange: fields.initializer_range,
  } satisfies Partial<ModelConfig>;
}

/**
 * An architecture in these fields, the inverse of {@link bertEncoder}.
 *
 * @param architecture Of a family that has them.
 */
export function describeBertEncoder(
  architecture: Architecture,
): z.input<typeof schema> {
  return {
    vocab_size: architecture.vocabulary,
    hidden_size: architecture.hidden,
    num_hidden_layers: architecture.blocks,
    num_attention_heads: architecture.heads,
    intermediate_size: architecture.feedForward,
    hidden_act: ACTIVATION_NAMES[architecture.activation],
    hidden_dropout_prob: architecture.dropout,
    attention_probs_dropout_prob: architecture.attentionDropout,
    classifier_dropout: architecture.classifierDropout,
    max_position_embeddings: architecture.positions,
    type_vocab_size: architecture.segments,
    initializer_range: architecture.initializerRange,
    layer_norm_eps: architecture.normEpsilon,
    ...describePadding(architecture),
  };
}

/** BERT: a pooler with tanh, then dropout and the output layer. */
export const bert: HuggingFaceFamily = {
  name: "hf-bert",
  title: "BERT",
  modelType: "bert",
  classPrefix: "Bert",
  dropouts: [
    "dropout",
    "attentionDropout",
    "attendedDropout",
    "classifierDropout",
  ],
  names: {
    rows: [
      ...ENCODER_NAMES,
      ...withLeaves([
        ["pooler", "pooler.dense"],
        ["classifier", "classifier"],
        ["mlm.transform", "cls.predictions.transform.dense"],
        ["mlm.norm", "cls.predictions.transform.LayerNorm"],
        ["nsp", "cls.seq_relationship"],
      ]),
      ["mlm.decoder.weight", "cls.predictions.decoder.weight"],
      ["mlm.decoder.bias", "cls.predictions.bias"],
    ],
    prefix: "bert.",
    prefixed: /^(?:embeddings|layers|pooler)\./,
    aliases: NORM_ALIASES,
    redundant: [...BUFFERS, "cls.predictions.decoder.bias"],
  },
  translate(config, problems): Architecture | undefined {
    const fields = readFields(schema, config, problems);
    if (!fields) return undefined;
    const encoder = bertEncoder(fields, problems);
    return { ...encoder, poolerActivation: "tanh", clsDropout: 0 };
  },
  describe: describeBertEncoder,
};
