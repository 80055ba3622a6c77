/**
 * What a model is, apart from its weights: our own `config.json`.
 *
 * @module
 */
import { z } from "zod";
import { boundedList } from "../base/bounded.ts";
import { listProblems } from "../base/errors.ts";
import type { ModelFacts } from "../hub/catalogue/catalogue.ts";
import { type TextRecipe, unknownRules } from "../text/recipe.ts";
import { recipeSchema } from "../text/recipe_schema.ts";

/** What a caller says of a model, over what its files and the catalogue say. */
export interface ModelOverrides extends ModelFacts {
  /**
   * Longest encoded pair, special tokens included; at most the model's
   * positions. By default what its files say, or 128, or fewer positions.
   */
  maxLength?: number | undefined;
}

/**
 * The families of models: the book's BERT, and Hugging Face's BERT, DistilBERT,
 * ELECTRA and RoBERTa.
 */
export type FamilyName =
  | "d2l-bert"
  | "hf-bert"
  | "distilbert"
  | "electra"
  | "roberta";

/** The fields of a model directory's `config.json`. */
export interface ModelConfig {
  /** Tells our file from others. */
  format: "premise-3";
  /** Whose BERT, or which of its relatives as Hugging Face writes them. */
  family: FamilyName;
  /** Rows of the token table, V. */
  vocabulary: number;
  /**
   * Row of the token table that learns nothing, padding's; where `firstPosition`
   * is not 0, its position learns nothing, either. With null all rows learn, and
   * so they do in models written before there was this field.
   */
  paddingRow?: number | null | undefined;
  /**
   * Width of the tables and of the norm of their sum, E. Where it is not
   * `hidden`, a linear layer leads from one to the other.
   */
  embedding: number;
  /** Width of the encoder, H. */
  hidden: number;
  /** Width of the feed-forward layer, F. */
  feedForward: number;
  /** Attention heads; divides `hidden`. */
  heads: number;
  /** Encoder blocks, L. */
  blocks: number;
  /** Rows of the position table, M. */
  positions: number;
  /**
   * Row of the position table that an input's first token looks up, so that M
   * less this is the longest input. Where it is not 0, the token whose id is
   * one less is padding: it looks up that row, and is not counted.
   */
  firstPosition: number;
  /** Rows of the segment table; 0 if there is none. */
  segments: number;
  /** Row of the segment table that the second sentence looks up. */
  secondSegment: 0 | 1;
  /** The feed-forward layer's; `gelu` is exact, `gelu-tanh` the tanh form. */
  activation: "relu" | "gelu" | "gelu-tanh";
  /** The pooler's: of the layer between the `<cls>` vector and the output. */
  poolerActivation: "tanh" | "relu" | "gelu";
  /** Added to the variance in every layer norm. */
  normEpsilon: number;
  /** Whether a layer norm and dropout follow the embedding sum. */
  embeddingNorm: boolean;
  /**
   * Dropout rate while training after the embeddings' norm and after each
   * feed-forward layer.
   */
  dropout: number;
  /** Dropout rate of attention's probabilities. */
  attentionDropout: number;
  /** Dropout rate after attention's output layer. */
  attendedDropout: number;
  /** Dropout rate of the `<cls>` vector, before the pooler. */
  clsDropout: number;
  /** Dropout rate before the output layer. */
  classifierDropout: number;
  /** Deviation that new weights are drawn with in Hugging Face's style. */
  initializerRange: number;
  /**
   * How text becomes tokens, at most `positions` of them: of a fine-tuned model
   * as it was when it was trained; of others what suits them, without a word on
   * the sentences.
   */
  text: TextRecipe;
  /** Label names in the order of the output layer's rows. */
  labels: string[];
}

/**
 * What a `config.json` of ours says, in today's form. Before text had a recipe,
 * pairs were cut by "longest-first", and nothing was said of the sentences;
 * before there were BERT's relatives, the encoder had one dropout rate.
 *
 * @param config The content of the file; not checked.
 */
export function readOwnConfig(
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (config.format === "premise-1") return readOwnConfig(withRecipe(config));
  if (config.format !== "premise-2") return config;
  const { hidden, dropout, segments } = config;
  return {
    ...config,
    format: "premise-3",
    embedding: hidden,
    firstPosition: 0,
    secondSegment: segments === 1 ? 0 : 1,
    poolerActivation: "tanh",
    attentionDropout: dropout,
    attendedDropout: dropout,
    clsDropout: 0,
    initializerRange: 0.02,
  };
}

function withRecipe(
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { tokenizer: kind, lowerCase, maxLength, ...rest } = config;
  const tokenizer = { kind, lowerCase };
  return {
    ...rest,
    format: "premise-2",
    text: { rules: 1, tokenizer, maxLength, truncation: "longest-first" },
  };
}

/**
 * Tokens of the longest text that a model takes.
 *
 * @param config The model.
 */
export function longestInput(
  { positions, firstPosition }: Pick<
    ModelConfig,
    "positions" | "firstPosition"
  >,
): number {
  return positions - firstPosition;
}

/** A size; the limits are far above any BERT, and keep a typo from running on. */
const size = (limit: number) => z.int().min(1).max(limit);

const rate = z.number().min(0).lt(1);

const schema: z.ZodType<ModelConfig> = z.strictObject({
  format: z.literal("premise-3"),
  family: z.enum(["d2l-bert", "hf-bert", "distilbert", "electra", "roberta"]),
  vocabulary: size(2 ** 24),
  paddingRow: z.int().min(0).nullish(),
  embedding: size(2 ** 16),
  hidden: size(2 ** 16),
  feedForward: size(2 ** 20),
  heads: size(2 ** 16),
  blocks: size(1000),
  positions: size(2 ** 20),
  firstPosition: z.int().min(0).max(2 ** 20),
  segments: z.int().min(0).max(2 ** 10),
  secondSegment: z.literal([0, 1]),
  activation: z.enum(["relu", "gelu", "gelu-tanh"]),
  poolerActivation: z.enum(["tanh", "relu", "gelu"]),
  normEpsilon: z.number().positive(),
  embeddingNorm: z.boolean(),
  dropout: rate,
  attentionDropout: rate,
  attendedDropout: rate,
  clsDropout: rate,
  classifierDropout: rate,
  initializerRange: z.number().positive(),
  text: recipeSchema,
  labels: boundedList(z.string().min(1), 1000, { least: 2 }),
});

/**
 * Checks that a configuration describes a model that can be built.
 *
 * @param candidate What should be a {@link ModelConfig}.
 * @param source The file or directory that it comes from, for the error.
 * @return The configuration.
 * @throws UserError `bad-model` that lists every problem at once.
 */
export function checkConfig(candidate: unknown, source: string): ModelConfig {
  const parsed = schema.safeParse(candidate);
  const newer = unknownRules(Object(Object(candidate).text).rules);
  const problems: Problem[] = newer
    ? [[newer, "a newer version of this program reads it"]]
    : parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map(({ path, message }) => [
      `${path.join(".") || "the whole"}: ${message}`,
      hintFor(path.join(".")),
    ]);
  if (!parsed.success || problems.length > 0) {
    const hints = new Set(problems.map(([_, hint]) => hint));
    throw listProblems(
      `Cannot use the model "${source}"`,
      problems.map(([problem]) => problem),
      { code: "bad-model", hint: [...hints].join("; ") },
    );
  }
  return parsed.data;
}

/** What is wrong, and what to do about it. */
type Problem = [problem: string, hint: string];

const LABELS_HINT = "--labels gives others, in the order of its outputs";

/** What to do about a field that is not as it has to be. */
function hintFor(field: string): string {
  if (field.startsWith("labels")) return LABELS_HINT;
  if (/dropout/i.test(field)) return "--dropout gives another rate";
  if (field === "text.maxLength") return "--max-len gives another length";
  return "its config.json is damaged, or of no model that can be built: get it " +
    "again from where it came from";
}

function contradictions(config: ModelConfig): Problem[] {
  const { vocabulary, paddingRow, embedding, family, hidden, heads, labels } =
    config;
  const { maxLength } = config.text;
  const longest = longestInput(config);
  const problems: Problem[] = [];
  if (hidden % heads !== 0) {
    problems.push([
      `${hidden} hidden units cannot be split evenly among ${heads} heads`,
      family === "d2l-bert"
        ? `--heads gives another number, which divides ${hidden}`
        : "its config.json is not the one that its weights were trained with",
    ]);
  }
  if ((paddingRow ?? 0) >= vocabulary) {
    problems.push([
      `padding has row ${paddingRow}, and the token table ${vocabulary} rows`,
      hintFor("paddingRow"),
    ]);
  }
  if (maxLength > longest) {
    problems.push([
      `inputs of up to ${maxLength} tokens do not fit in ${longest} positions`,
      `--max-len is ${longest} at most`,
    ]);
  }
  if (config.secondSegment === 1 && config.segments < 2) {
    problems.push([
      `the second sentence has segment 1, and there are ${config.segments}`,
      hintFor("secondSegment"),
    ]);
  }
  if (embedding !== hidden && !config.embeddingNorm) {
    problems.push([
      `tables of width ${embedding} for ${hidden} hidden units need a norm`,
      hintFor("embedding"),
    ]);
  }
  if (new Set(labels).size < labels.length) {
    problems.push([
      `labels ${labels.join(", ")} are not all different`,
      LABELS_HINT,
    ]);
  }
  return problems;
}
