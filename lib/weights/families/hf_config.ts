/**
 * The configuration of a Hugging Face BERT directory.
 *
 * Fields and defaults are those of transformers' `BertConfig`.
 *
 * @module
 */
import { z } from "zod";
import { listProblems } from "../../base/errors.ts";
import { newestRules } from "../../text/recipe.ts";
import type { ModelConfig, ModelOverrides } from "../model_config.ts";
import { DEFAULT_LABELS, DEFAULT_MAX_LENGTH } from "./book_config.ts";
import {
  type LabelFields,
  labelFields,
  namedLabels,
  placeHolders,
} from "./hf_labels.ts";
import type { LabelSource } from "./label_source.ts";

const rate = z.number().min(0).lt(1);

const schema = z.object({
  model_type: z.literal("bert"),
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
  layer_norm_eps: z.number().default(1e-12),
  position_embedding_type: z.literal("absolute").nullish(),
  is_decoder: z.literal(false).nullish(),
  add_cross_attention: z.literal(false).nullish(),
  quantization_config: z.null().optional(),
  problem_type: z.string().nullish(),
  ...labelFields,
});

const tokenizerSchema = z.object({ do_lower_case: z.boolean().default(true) });

/** What transformers calls a model whose outputs are classes, one of which is right. */
const ONE_CLASS = "single_label_classification";

const ACTIVATIONS = new Map<string, ModelConfig["activation"]>([
  ["gelu", "gelu"],
  ["gelu_new", "gelu-tanh"],
  ["gelu_pytorch_tanh", "gelu-tanh"],
  ["relu", "relu"],
]);

/**
 * What overrides, or completes, a Hugging Face configuration. `dropout` stands
 * for every dropout rate of it.
 */
export interface HuggingFaceFacts extends ModelOverrides {
  /** Label names of the catalogue, where the configuration has none. */
  catalogueLabels?: readonly string[] | undefined;
  /**
   * Rows of the output layer, which the labels are then of; null if there is
   * none; undefined if there is one that was not read.
   */
  headRows: number | null | undefined;
}

/** A configuration, and who named its labels. */
export interface TranslatedConfig {
  /** The configuration, its sizes not yet checked. */
  config: ModelConfig;
  /** Who named its labels. */
  labelSource: LabelSource;
  /** What it calls them itself, if it does. */
  ownLabels: readonly string[] | undefined;
}

/** A directory's JSON files. */
export interface HuggingFaceFiles {
  /** The content of `config.json`. */
  config: unknown;
  /** The content of `tokenizer_config.json`, or an empty object. */
  tokenizer: unknown;
}

/**
 * Translates a Hugging Face configuration.
 *
 * @param files The directory's JSON files.
 * @param source The path of `config.json`, for errors.
 * @param facts What overrides it.
 * @return The configuration, its sizes not yet checked, and who named its
 *     labels.
 * @throws UserError `bad-model` that lists what this project's BERT has not:
 *     decoders, relative positions, other activations, quantised weights, outputs
 *     that are no classes of which one is right.
 */
export function translateHuggingFaceConfig(
  files: HuggingFaceFiles,
  source: string,
  facts: HuggingFaceFacts,
): TranslatedConfig {
  const parsed = schema.safeParse(files.config);
  const tokenizer = tokenizerSchema.safeParse(files.tokenizer);
  if (!parsed.success || !tokenizer.success) {
    const issues = [parsed, tokenizer].flatMap(({ error }) =>
      error?.issues ?? []
    );
    throw badConfig(
      source,
      issues.map(({ path, message }) => `${path.join(".")}: ${message}`),
    );
  }
  const config = parsed.data;
  const problems: string[] = [];
  const activation = ACTIVATIONS.get(config.hidden_act);
  if (!activation) {
    problems.push(
      `hidden_act is "${config.hidden_act}", expected one of ${
        [...ACTIVATIONS.keys()].join(", ")
      }`,
    );
  }
  const dropout = facts.dropout ?? config.hidden_dropout_prob;
  if (
    facts.dropout === undefined &&
    config.attention_probs_dropout_prob !== dropout
  ) {
    problems.push(
      `hidden_dropout_prob is ${dropout}, attention_probs_dropout_prob ${config.attention_probs_dropout_prob}, expected one rate (--dropout)`,
    );
  }
  const { problem_type: type } = config;
  if (typeof facts.headRows === "number" && type && type !== ONE_CLASS) {
    problems.push(
      `problem_type is "${type}", expected "${ONE_CLASS}"; finetune ` +
        "--new-head puts another output layer on it",
    );
  }
  // Labels that are given replace what contradicts itself.
  const ownLabels = namedLabels(config, facts.labels ? [] : problems) ??
    undefined;
  const { labels, labelSource } = chooseLabels(config, facts, ownLabels);
  if (!activation || problems.length > 0) throw badConfig(source, problems);
  const translated: ModelConfig = {
    format: "premise-2",
    family: "hf-bert",
    vocabulary: config.vocab_size,
    hidden: config.hidden_size,
    feedForward: config.intermediate_size,
    heads: facts.heads ?? config.num_attention_heads,
    blocks: config.num_hidden_layers,
    positions: config.max_position_embeddings,
    segments: config.type_vocab_size,
    activation,
    normEpsilon: config.layer_norm_eps,
    embeddingNorm: true,
    dropout,
    classifierDropout: facts.dropout ?? config.classifier_dropout ?? dropout,
    text: {
      rules: newestRules("wordpiece"),
      tokenizer: {
        kind: "wordpiece",
        lowerCase: tokenizer.data.do_lower_case,
      },
      maxLength: facts.maxLength ??
        Math.min(DEFAULT_MAX_LENGTH, config.max_position_embeddings),
      truncation: "longest-first-hf",
    },
    labels: [...labels],
  };
  return { config: translated, labelSource, ownLabels };
}

/** A head's own names come first; a model without a head has none. */
function chooseLabels(
  fields: LabelFields,
  { labels, catalogueLabels, headRows }: HuggingFaceFacts,
  ownLabels: readonly string[] | undefined,
): { labels: readonly string[]; labelSource: LabelSource } {
  if (labels) return { labels, labelSource: "given" };
  if (ownLabels) return { labels: ownLabels, labelSource: "files" };
  if (catalogueLabels) {
    return { labels: catalogueLabels, labelSource: "catalogue" };
  }
  if (headRows === null) {
    return { labels: DEFAULT_LABELS, labelSource: "usual" };
  }
  return { labels: placeHolders(fields, headRows), labelSource: "numbers" };
}

function badConfig(source: string, problems: readonly string[]): Error {
  return listProblems(`Cannot use the model "${source}"`, problems, {
    code: "bad-model",
    hint: "a BERT encoder as transformers' BertModel is expected",
  });
}
