/**
 * What a model is, apart from its weights: our own `config.json`.
 *
 * @module
 */
import { z } from "zod";

/** The fields of a model directory's `config.json`. */
export const modelConfigSchema = z.strictObject({
  format: z.literal("premise-1"),
  /** Whose BERT: the book's, or Google's as Hugging Face writes it. */
  family: z.enum(["d2l-bert", "hf-bert"]),
  /** Rows of the token table, V. */
  vocabulary: z.int().min(1),
  /** Width of the encoder, H. */
  hidden: z.int().min(1),
  /** Width of the feed-forward layer, F. */
  feedForward: z.int().min(1),
  /** Attention heads; divides `hidden`. */
  heads: z.int().min(1),
  /** Encoder blocks, L. */
  blocks: z.int().min(1),
  /** Rows of the position table, M: the longest input. */
  positions: z.int().min(1),
  /** Rows of the segment table. */
  segments: z.int().min(1),
  /** Of the feed-forward layer: `gelu` is exact, `gelu-tanh` the tanh form. */
  activation: z.enum(["relu", "gelu", "gelu-tanh"]),
  /** Added to the variance in every layer norm. */
  normEpsilon: z.number().positive(),
  /** Whether a layer norm and dropout follow the embedding sum. */
  embeddingNorm: z.boolean(),
  /** Dropout rate in the encoder while training. */
  dropout: z.number().min(0).lt(1),
  /** Dropout rate before the output layer while training. */
  classifierDropout: z.number().min(0).lt(1),
  /** How text becomes tokens. */
  tokenizer: z.enum(["words", "wordpiece"]),
  /** Whether text is lower-cased first. */
  lowerCase: z.boolean(),
  /** Longest encoded pair, special tokens included; at most `positions`. */
  maxLength: z.int().min(3),
  /** Label names in the order of the output layer's rows. */
  labels: z.array(z.string().min(1)).min(2),
});

/** The fields of a model directory's `config.json`. */
export type ModelConfig = z.infer<typeof modelConfigSchema>;
