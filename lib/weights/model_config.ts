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

/** The fields of a model directory's `config.json`. */
export interface ModelConfig {
  /** Tells our file from others. */
  format: "premise-2";
  /** Whose BERT: the book's, or Google's as Hugging Face writes it. */
  family: "d2l-bert" | "hf-bert";
  /** Rows of the token table, V. */
  vocabulary: number;
  /** Width of the encoder, H. */
  hidden: number;
  /** Width of the feed-forward layer, F. */
  feedForward: number;
  /** Attention heads; divides `hidden`. */
  heads: number;
  /** Encoder blocks, L. */
  blocks: number;
  /** Rows of the position table, M: the longest input. */
  positions: number;
  /** Rows of the segment table. */
  segments: number;
  /** The feed-forward layer's; `gelu` is exact, `gelu-tanh` the tanh form. */
  activation: "relu" | "gelu" | "gelu-tanh";
  /** Added to the variance in every layer norm. */
  normEpsilon: number;
  /** Whether a layer norm and dropout follow the embedding sum. */
  embeddingNorm: boolean;
  /** Dropout rate in the encoder while training. */
  dropout: number;
  /** Dropout rate before the output layer while training. */
  classifierDropout: number;
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
 * pairs were cut by "longest-first", and nothing was said of the sentences.
 *
 * @param config The content of the file; not checked.
 */
export function readOwnConfig(
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  if (config.format !== "premise-1") return config;
  const { tokenizer: kind, lowerCase, maxLength, ...rest } = config;
  const tokenizer = { kind, lowerCase };
  return {
    ...rest,
    format: "premise-2",
    text: { rules: 1, tokenizer, maxLength, truncation: "longest-first" },
  };
}

/** A size; the limits are far above any BERT, and keep a typo from running on. */
const size = (limit: number) => z.int().min(1).max(limit);

const schema: z.ZodType<ModelConfig> = z.strictObject({
  format: z.literal("premise-2"),
  family: z.enum(["d2l-bert", "hf-bert"]),
  vocabulary: size(2 ** 24),
  hidden: size(2 ** 16),
  feedForward: size(2 ** 20),
  heads: size(2 ** 16),
  blocks: size(1000),
  positions: size(2 ** 20),
  segments: size(2 ** 10),
  activation: z.enum(["relu", "gelu", "gelu-tanh"]),
  normEpsilon: z.number().positive(),
  embeddingNorm: z.boolean(),
  dropout: z.number().min(0).lt(1),
  classifierDropout: z.number().min(0).lt(1),
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
  const problems = newer
    ? [newer]
    : parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map(({ path, message }) =>
      `${path.join(".") || "the whole"}: ${message}`
    );
  if (!parsed.success || problems.length > 0) {
    throw listProblems(`Cannot use the model "${source}"`, problems, {
      code: "bad-model",
      hint:
        "--heads, --labels, --dropout and --max-len replace what a model says",
    });
  }
  return parsed.data;
}

function contradictions(config: ModelConfig): string[] {
  const { hidden, heads, positions, labels } = config;
  const { maxLength } = config.text;
  const problems: string[] = [];
  if (hidden % heads !== 0) {
    problems.push(
      `${hidden} hidden units cannot be split evenly among ${heads} heads`,
    );
  }
  if (maxLength > positions) {
    problems.push(
      `inputs of up to ${maxLength} tokens do not fit in ${positions} positions`,
    );
  }
  if (new Set(labels).size < labels.length) {
    problems.push(`labels ${labels.join(", ")} are not all different`);
  }
  return problems;
}
