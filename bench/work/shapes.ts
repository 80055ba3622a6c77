/**
 * The models whose training is measured; their weights are random.
 *
 * @module
 */
import type { ModelConfig } from "../../lib/weights/model_config.ts";

/** The shape of the book's bert.small. */
export const bertSmall: ModelConfig = {
  format: "premise-3",
  family: "d2l-bert",
  vocabulary: 60005,
  embedding: 256,
  hidden: 256,
  feedForward: 512,
  heads: 4,
  blocks: 2,
  positions: 512,
  firstPosition: 0,
  segments: 2,
  secondSegment: 1,
  activation: "relu",
  poolerActivation: "tanh",
  normEpsilon: 1e-5,
  embeddingNorm: false,
  dropout: 0.1,
  attentionDropout: 0.1,
  attendedDropout: 0.1,
  clsDropout: 0,
  classifierDropout: 0,
  initializerRange: 0.02,
  text: {
    rules: 1,
    tokenizer: { kind: "words", lowerCase: true },
    maxLength: 128,
    truncation: "longest-first",
  },
  labels: ["entailment", "contradiction", "neutral"],
};

/** The shape of the book's bert.base. */
export const bookBase: ModelConfig = {
  ...bertSmall,
  embedding: 768,
  hidden: 768,
  feedForward: 3072,
  heads: 12,
  blocks: 12,
};

/** Google's BERT base. */
export const bertBase: ModelConfig = {
  ...bertSmall,
  family: "hf-bert",
  vocabulary: 30522,
  embedding: 768,
  hidden: 768,
  feedForward: 3072,
  heads: 12,
  blocks: 12,
  activation: "gelu",
  normEpsilon: 1e-12,
  embeddingNorm: true,
  classifierDropout: 0.1,
};

/** MiniLM-L6 of width 384 (Wang et al., 2020). */
export const miniLm: ModelConfig = {
  ...bertBase,
  embedding: 384,
  hidden: 384,
  feedForward: 1536,
  blocks: 6,
};
