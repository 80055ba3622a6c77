import { assertEquals } from "@std/assert";
import { elementCount } from "../../../lib/weights/formats/arrays.ts";
import type { ModelConfig } from "../../../lib/weights/model_config.ts";
import { parameterShapes } from "../../../lib/weights/shapes.ts";

const SMALL: ModelConfig = {
  format: "premise-3",
  family: "d2l-bert",
  vocabulary: 60_005,
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

function count(config: ModelConfig, classifier: boolean): number {
  return parameterShapes(config, { classifier }).values()
    .reduce((sum, shape) => sum + elementCount(shape), 0);
}

Deno.test("bert.small has 16,612,864 parameters before its classifier", () => {
  assertEquals(count(SMALL, false), 16_612_864);
});

Deno.test("bert.base has 132,123,648 parameters before its classifier", () => {
  const base = {
    ...SMALL,
    embedding: 768,
    hidden: 768,
    feedForward: 3072,
    blocks: 12,
  };
  assertEquals(count(base, false), 132_123_648);
});

Deno.test("the classifier adds a row and a bias a label", () => {
  assertEquals(count(SMALL, true) - count(SMALL, false), 3 * 256 + 3);
});

Deno.test("a norm after the embeddings adds its weight and bias", () => {
  const normed = { ...SMALL, embeddingNorm: true };
  assertEquals(count(normed, false) - count(SMALL, false), 2 * 256);
});
