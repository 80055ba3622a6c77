import { assertEquals, assertThrows } from "@std/assert";
import { bertBase } from "../../../bench/work/shapes.ts";
import { UserError } from "../../../lib/base/errors.ts";
import {
  checkConfig,
  longestInput,
  type ModelConfig,
  readOwnConfig,
} from "../../../lib/weights/model_config.ts";

/** What earlier versions wrote of a model. */
const SECOND = {
  format: "premise-2",
  family: "hf-bert",
  vocabulary: 30522,
  hidden: 768,
  feedForward: 3072,
  heads: 12,
  blocks: 12,
  positions: 512,
  segments: 2,
  activation: "gelu",
  normEpsilon: 1e-12,
  embeddingNorm: true,
  dropout: 0.2,
  classifierDropout: 0.1,
  text: bertBase.text,
  labels: bertBase.labels,
};

Deno.test("a config.json of premise-2 has one rate for all of the encoder", () => {
  assertEquals(checkConfig(readOwnConfig(SECOND), "config.json"), {
    ...bertBase,
    dropout: 0.2,
    attentionDropout: 0.2,
    attendedDropout: 0.2,
    clsDropout: 0,
    classifierDropout: 0.1,
  });
});

Deno.test("a config.json of premise-1 is read as the later ones", () => {
  const { text: _text, ...rest } = SECOND;
  const first = {
    ...rest,
    format: "premise-1",
    tokenizer: "words",
    lowerCase: true,
    maxLength: 128,
  };
  assertEquals(readOwnConfig(first), readOwnConfig(SECOND));
});

Deno.test("a config.json of today is read as it is", () => {
  assertEquals(readOwnConfig({ ...bertBase }), { ...bertBase });
});

Deno.test("the longest input of a model that counts from 2 is two tokens shorter", () => {
  assertEquals(longestInput({ positions: 514, firstPosition: 2 }), 512);
});

for (
  const [fields, message] of [
    [{ positions: 129, firstPosition: 2 }, "do not fit in 127 positions"],
    [{ segments: 1 }, "the second sentence has segment 1, and there are 1"],
    [{ segments: 0 }, "the second sentence has segment 1, and there are 0"],
    [
      { embedding: 128, embeddingNorm: false },
      "tables of width 128 for 768 hidden units need a norm",
    ],
    [{ clsDropout: 1 }, "clsDropout"],
    [{ poolerActivation: "sigmoid" }, "poolerActivation"],
    [{ family: "albert" }, "family"],
    [{ initializerRange: 0 }, "initializerRange"],
    [{ paddingRow: -1 }, "paddingRow"],
    [{ paddingRow: 30522 }, "padding has row 30522, and the token table 30522"],
  ] as [Partial<Record<keyof ModelConfig, unknown>>, string][]
) {
  Deno.test(`a configuration with ${JSON.stringify(fields)} is refused`, () => {
    assertThrows(
      () => checkConfig({ ...bertBase, ...fields }, "config.json"),
      UserError,
      message,
    );
  });
}
