import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import { TEXT_RULES } from "../../../lib/text/recipe.ts";
import {
  openModelDir,
  type OpenModelDirOptions,
} from "../../../lib/weights/model_dir.ts";
import { parameterShapes } from "../../../lib/weights/shapes.ts";
import {
  Copy,
  HF,
  MXNET,
  refusal,
  TORCH,
} from "../../support/weights/model_copy.ts";

const BOOK = {
  format: "premise-3",
  family: "d2l-bert",
  vocabulary: 43,
  embedding: 32,
  hidden: 32,
  feedForward: 48,
  heads: 4,
  blocks: 2,
  positions: 64,
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
    maxLength: 64,
    truncation: "longest-first",
  },
  labels: ["entailment", "contradiction", "neutral"],
};

Deno.test("a model of the book's is described from its shapes", async () => {
  const { config } = await openModelDir(MXNET, { heads: 4 });
  assertEquals<unknown>(config, BOOK);
});

Deno.test("a model of Hugging Face's is described by its config.json", async () => {
  const { config } = await openModelDir(HF);
  assertEquals<unknown>(config, {
    ...BOOK,
    family: "hf-bert",
    vocabulary: 2351,
    paddingRow: 0,
    activation: "gelu",
    normEpsilon: 1e-12,
    embeddingNorm: true,
    dropout: 0,
    attentionDropout: 0,
    attendedDropout: 0,
    text: {
      ...BOOK.text,
      rules: TEXT_RULES,
      tokenizer: {
        kind: "wordpiece",
        lowerCase: true,
        class: "BertTokenizer",
      },
      truncation: "longest-first-hf",
    },
    labels: ["entailment", "neutral", "contradiction"],
  });
});

for (
  const [directory, source, weights, unused] of [
    [MXNET, "d2l-mxnet", "pretrained.params", 8],
    [MXNET, "d2l-mxnet", "classifier.params", 0],
    [TORCH, "d2l-torch", "pretrained.params", 8],
    [TORCH, "d2l-torch", "pretrained_legacy.params", 8],
    [TORCH, "d2l-torch", "classifier.params", 0],
    [HF, "hf", "model.safetensors", 0],
  ] as const
) {
  Deno.test(`${directory}/${weights} has exactly the model's parameters`, async () => {
    const model = await openModelDir(directory, { heads: 4, weights });
    const classifier = model.arrays.has("classifier.bias");
    assertEquals(
      [...model.arrays].map(([name, { shape }]) => [name, shape]),
      [...parameterShapes(model.config, { classifier })],
    );
    assertEquals([model.source, model.unused.length], [source, unused]);
  });
}

Deno.test("the heads' arrays are reported by the file's names", async () => {
  const { unused } = await openModelDir(MXNET, { heads: 4 });
  assertEquals(unused.slice(-2), ["nsp.output.weight", "nsp.output.bias"]);
});

Deno.test("options win over facts, facts over defaults", async () => {
  const { config } = await openModelDir(MXNET, {
    heads: 8,
    labels: ["no", "yes"],
    maxLength: 32,
    facts: { heads: 4, dropout: 0.2, labels: ["a", "b", "c"] },
  });
  assertEquals(
    [config.heads, config.dropout, config.labels, config.text.maxLength],
    [8, 0.2, ["no", "yes"], 32],
  );
});

Deno.test("a book's model whose heads nobody tells is refused with the flag", async () => {
  const error = await assertRejects(() => openModelDir(MXNET), UserError);
  assert(error.hint.includes("--heads"));
});

Deno.test("text can be encoded for a book's model whose heads nobody tells", async () => {
  const { config, hasHead } = await openModelDir(MXNET, { textOnly: true });
  assertEquals([config.text.tokenizer.kind, config.text.maxLength, hasHead], [
    "words",
    64,
    false,
  ]);
});

const options: [string, OpenModelDirOptions, string][] = [
  ["heads that do not divide", { heads: 5 }, "32 hidden units"],
  ["half a head", { heads: 0.5 }, "heads: "],
  ["too long inputs", { heads: 4, maxLength: 65 }, "fit in 64 positions"],
  ["a label twice", { heads: 4, labels: ["a", "a"] }, "not all different"],
  ["one label", { heads: 4, labels: ["a"] }, "labels: "],
  ["a dropout of 1", { heads: 4, dropout: 1 }, "dropout: "],
  ["no such file", { heads: 4, weights: "x.params" }, 'no file "x.params"'],
  [
    "another number of labels than the classifier's",
    { heads: 4, weights: "classifier.params", labels: ["a", "b"] },
    "its output layer has 3 classes, and --labels names 2: a, b",
  ],
];
for (const [what, given, message] of options) {
  Deno.test(`a model opened with ${what} is refused`, async () => {
    const found = await refusal(MXNET, given);
    assert(found.includes(message), found);
  });
}

Deno.test("every array that does not fit is listed at once", async () => {
  await using copy = await Copy.of(MXNET, "vocab.json");
  await copy.editArrays(
    `${MXNET}/pretrained.params`,
    "a.safetensors",
    (all) => {
      const short = { shape: [16, 32], data: new Float32Array(512) };
      all.delete("encoder.blks.0.addnorm1.ln.beta");
      all.set("encoder.blks.1.attention.W_q.weight", short);
      all.set("encoder.extra.weight", short);
      all.set("encoder.blks.7.ffn.dense1.bias", short);
      all.set("module.hidden.bias", all.get("hidden.bias")!);
    },
  );
  const found = await refusal(copy.path, { heads: 4 });
  assertEquals(found.split("\n").slice(1), [
    '  - array "encoder.extra.weight" is not part of a BERT encoder or its heads',
    '  - arrays "hidden.bias" and "module.hidden.bias" are both pooler.bias',
    '  - array "encoder.blks.0.addnorm1.ln.beta" is missing',
    '  - array "encoder.blks.1.attention.W_q.weight" has shape [16, 32], expected [32, 32] for 32 hidden units',
    '  - array "encoder.blks.7.ffn.dense1.bias" has no place in a model of 2 blocks',
  ]);
});

Deno.test("a book's model without its tanh layer is refused with what that is", async () => {
  await using copy = await Copy.of(MXNET, "vocab.json");
  await copy.editArrays(
    `${MXNET}/pretrained.params`,
    "a.safetensors",
    (all) => {
      all.delete("hidden.weight");
    },
  );
  const found = await refusal(copy.path, { heads: 4 });
  assert(found.includes('"hidden.weight" is missing (the tanh layer'), found);
});

for (
  const [what, names] of [
    ["position table, as of March 2020,", /pos_embedding/],
    ["biases in its attention, as of May 2020,", /W_q\.bias/],
  ] as const
) {
  Deno.test(`a book's model without ${what} is refused`, async () => {
    await using copy = await Copy.of(MXNET, "vocab.json");
    await copy.editArrays(
      `${MXNET}/pretrained.params`,
      "a.safetensors",
      (all) => new Map([...all].filter(([name]) => !names.test(name))),
    );
    const found = await refusal(copy.path, { heads: 4 });
    assert(/missing/.test(found), found);
  });
}

Deno.test("a vocabulary of another size than the token table is refused", async () => {
  await using copy = await Copy.of(MXNET, "vocab.json", "pretrained.params");
  const file = join(copy.path, "vocab.json");
  const tokens = JSON.parse(await Deno.readTextFile(file));
  await Deno.writeTextFile(file, JSON.stringify([...tokens, "one more"]));
  const found = await refusal(copy.path, { heads: 4 });
  assert(found.includes("has 44 tokens, expected 43"), found);
});

Deno.test("a directory with several weight files asks which", async () => {
  await using copy = await Copy.of(
    MXNET,
    "vocab.json",
    "classifier.params",
    "classifier_after10.params",
  );
  const found = await refusal(copy.path, { heads: 4 });
  assert(found.includes("classifier.params, classifier_after10.params"), found);
});

for (const names of [[], ["config.json"], ["model.safetensors"]]) {
  Deno.test(`a directory with ${names.join() || "nothing"} is no model`, async () => {
    await using copy = await Copy.of(HF, ...names);
    assert((await refusal(copy.path)).startsWith("Cannot open the model"));
  });
}

Deno.test("a directory that is not there is refused", async () => {
  assert((await refusal("no/such")).includes("no/such"));
});

for (const source of [MXNET, HF]) {
  Deno.test(`${source} opened with random weights has no arrays`, async () => {
    const model = await openModelDir(source, { heads: 4, weights: "random" });
    assertEquals([model.weightsFile, model.arrays.size], [null, 0]);
    assertEquals(model.config.hidden, 32);
  });
}
