import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/errors.ts";
import type { NamedArrays } from "../../../lib/weights/arrays.ts";
import {
  openModelDir,
  type OpenModelOptions,
  writeModelDir,
} from "../../../lib/weights/model_dir.ts";
import { readWeightFile } from "../../../lib/weights/weight_file.ts";
import { writeSafetensors } from "../../../lib/weights/safetensors.ts";
import { parameterShapes } from "../../../lib/weights/shapes.ts";

const GOLDEN = "fixtures/golden";
const MXNET = `${GOLDEN}/mxnet`;
const TORCH = `${GOLDEN}/torch`;
const HF = `${GOLDEN}/hf`;

/** A model directory made of the golden one, for one test. */
class Copy implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async of(source: string, ...names: string[]): Promise<Copy> {
    const path = await Deno.makeTempDir();
    for (const name of names) {
      await Deno.copyFile(join(source, name), join(path, name));
    }
    return new Copy(path);
  }

  static hf(): Promise<Copy> {
    return Copy.of(HF, "config.json", "model.safetensors", "vocab.txt");
  }

  async editJson(
    name: string,
    fields: Record<string, unknown>,
  ): Promise<void> {
    const file = join(this.path, name);
    const json = JSON.parse(await Deno.readTextFile(file));
    await Deno.writeTextFile(file, JSON.stringify({ ...json, ...fields }));
  }

  /** Writes arrays, changed at will, as safetensors. */
  async editArrays(
    from: string,
    to: string,
    change: (arrays: NamedArrays) => NamedArrays | void,
  ): Promise<void> {
    const arrays = await readWeightFile(from);
    const changed = change(arrays) ?? arrays;
    await Deno.writeFile(
      join(this.path, to),
      await new Blob(writeSafetensors(changed)).bytes(),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

async function refusal(
  directory: string,
  options: OpenModelOptions = {},
): Promise<string> {
  const error = await assertRejects(
    () => openModelDir(directory, options),
    UserError,
  );
  return error.message;
}

const BOOK = {
  format: "premise-1",
  family: "d2l-bert",
  vocabulary: 43,
  hidden: 32,
  feedForward: 48,
  heads: 4,
  blocks: 2,
  positions: 64,
  segments: 2,
  activation: "relu",
  normEpsilon: 1e-5,
  embeddingNorm: false,
  dropout: 0.1,
  classifierDropout: 0,
  tokenizer: "words",
  lowerCase: true,
  maxLength: 64,
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
    activation: "gelu",
    normEpsilon: 1e-12,
    embeddingNorm: true,
    dropout: 0,
    tokenizer: "wordpiece",
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

Deno.test("the heads' arrays are reported by their neutral names", async () => {
  const { unused } = await openModelDir(MXNET, { heads: 4 });
  assertEquals(unused.slice(-2), ["nsp.weight", "nsp.bias"]);
});

Deno.test("options win over facts, facts over defaults", async () => {
  const { config } = await openModelDir(MXNET, {
    heads: 8,
    labels: ["no", "yes"],
    maxLength: 32,
    facts: { heads: 4, dropout: 0.2, labels: ["a", "b", "c"] },
  });
  assertEquals(
    [config.heads, config.dropout, config.labels, config.maxLength],
    [8, 0.2, ["no", "yes"], 32],
  );
});

Deno.test("a book's model whose heads nobody tells is refused with the flag", async () => {
  const error = await assertRejects(() => openModelDir(MXNET), UserError);
  assert(error.hint.includes("--heads"));
});

const options: [string, OpenModelOptions, string][] = [
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
    'array "output.weight" has shape [3, 32], expected [2, 32] for 2 labels (a, b)',
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

const refused: [Record<string, unknown>, string][] = [
  [{ model_type: "roberta" }, "model_type"],
  [{ is_decoder: true }, "is_decoder"],
  [{ add_cross_attention: true }, "add_cross_attention"],
  [{ position_embedding_type: "relative_key" }, "position_embedding_type"],
  [{ quantization_config: { bits: 4 } }, "quantization_config"],
  [{ hidden_act: "silu" }, 'hidden_act is "silu"'],
  [{ attention_probs_dropout_prob: 0.5 }, "--dropout"],
  [{ hidden_dropout_prob: 2 }, "hidden_dropout_prob"],
  [{ num_attention_heads: 5 }, "5 heads"],
  [{ hidden_size: "32" }, "hidden_size"],
  [{ hidden_size: 64 }, "expected [2351, 64]"],
  [{ num_hidden_layers: 1 }, "has no place in a model of 1 blocks"],
  [{ vocab_size: 2000 }, "2351 tokens, expected 2000"],
  [{ id2label: { 0: "a", 2: "b" } }, "id2label numbers its labels 0, 2"],
  [
    { id2label: { 0: "a", 1: "b" }, label2id: { a: 1, b: 0 } },
    'label "a" is 0 in id2label, 1 in label2id',
  ],
  [
    { id2label: { 0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2" }, label2id: null },
    "--labels",
  ],
  [{ id2label: { 0: "a", 1: "b" }, label2id: null }, "for 2 labels (a, b)"],
];
for (const [fields, message] of refused) {
  Deno.test(`a Hugging Face model with ${JSON.stringify(fields)} is refused`, async () => {
    await using copy = await Copy.hf();
    await copy.editJson("config.json", fields);
    const found = await refusal(copy.path);
    assert(found.includes(message), found);
  });
}

Deno.test("labels given make up for LABEL_0 and so on", async () => {
  await using copy = await Copy.hf();
  await copy.editJson("config.json", { id2label: null, label2id: null });
  const labels = ["neutral", "entailment", "contradiction"];
  assertEquals(
    (await openModelDir(copy.path, { labels })).config.labels,
    labels,
  );
});

Deno.test("a cased model says so in its tokenizer_config.json", async () => {
  await using copy = await Copy.hf();
  await Deno.writeTextFile(
    join(copy.path, "tokenizer_config.json"),
    '{"do_lower_case": false}',
  );
  assertEquals((await openModelDir(copy.path)).config.lowerCase, false);
});

Deno.test("a Hugging Face encoder alone opens with the usual labels", async () => {
  await using copy = await Copy.hf();
  await copy.editJson("config.json", { id2label: null, label2id: null });
  await copy.editArrays(
    `${HF}/model.safetensors`,
    "model.safetensors",
    (all) =>
      new Map(
        [...all].filter(([name]) => name.startsWith("bert."))
          .map(([name, array]) => [name.slice("bert.".length), array]),
      ),
  );
  const model = await openModelDir(copy.path);
  assertEquals(model.config.labels, BOOK.labels);
  assertEquals(model.arrays.has("classifier.weight"), false);
});

Deno.test("a Hugging Face model without its pooler is refused with what that is", async () => {
  await using copy = await Copy.hf();
  await copy.editArrays(
    `${HF}/model.safetensors`,
    "model.safetensors",
    (all) => {
      all.delete("bert.pooler.dense.weight");
      all.delete("bert.pooler.dense.bias");
    },
  );
  const found = await refusal(copy.path);
  assert(found.includes('"bert.pooler.dense.weight" is missing (the'), found);
});

Deno.test("a model in several files is the model in one", async () => {
  await using copy = await Copy.of(HF, "config.json", "vocab.txt");
  const weight_map: Record<string, string> = {};
  for (const part of [0, 1]) {
    const name = `model-0000${part}.safetensors`;
    await copy.editArrays(`${HF}/model.safetensors`, name, (all) => {
      const mine = [...all].filter((_, i) => i % 2 === part);
      for (const [array] of mine) weight_map[array] = name;
      return new Map(mine);
    });
  }
  await Deno.writeTextFile(
    join(copy.path, "model.safetensors.index.json"),
    JSON.stringify({ metadata: { total_size: 1 }, weight_map }),
  );
  assertEquals(
    (await openModelDir(copy.path)).arrays,
    (await openModelDir(HF)).arrays,
  );
});

for (
  const [what, map, message] of [
    ["a file elsewhere", { a: "../x.safetensors" }, '"../x.safetensors"'],
    ["a file that is not there", { a: "x.safetensors" }, "x.safetensors"],
    [
      "an array that is not there",
      { a: "model.safetensors" },
      "does not place array",
    ],
  ] as const
) {
  Deno.test(`an index that names ${what} is refused`, async () => {
    await using copy = await Copy.hf();
    const file = join(copy.path, "model.safetensors.index.json");
    await Deno.writeTextFile(file, JSON.stringify({ weight_map: map }));
    await assertRejects(() => readWeightFile(file), UserError, message);
  });
}

Deno.test("a model written opens as it was", async () => {
  await using copy = await Copy.of(HF);
  const { config, vocabularyFile, arrays } = await openModelDir(HF);
  await writeModelDir(copy.path, { config, vocabularyFile, arrays });
  const again = await openModelDir(copy.path);
  assertEquals([again.source, again.config], ["premise", config]);
  assertEquals(again.arrays, arrays);
});

Deno.test("a model written over itself stays whole", async () => {
  await using copy = await Copy.of(HF);
  const model = await openModelDir(MXNET, { heads: 4 });
  await writeModelDir(copy.path, model);
  await writeModelDir(copy.path, await openModelDir(copy.path));
  assertEquals((await openModelDir(copy.path)).arrays, model.arrays);
});

Deno.test("a model directory holds three files and no temporary ones", async () => {
  await using copy = await Copy.of(HF);
  await writeModelDir(copy.path, await openModelDir(MXNET, { heads: 4 }));
  const names = (await Array.fromAsync(Deno.readDir(copy.path)))
    .map(({ name }) => name).sort();
  assertEquals(names, ["config.json", "model.safetensors", "vocab.json"]);
});

Deno.test("our own model takes dropout and length from the options", async () => {
  await using copy = await Copy.of(HF);
  await writeModelDir(copy.path, await openModelDir(MXNET, { heads: 4 }));
  const { config } = await openModelDir(copy.path, {
    dropout: 0.3,
    maxLength: 9,
    facts: { heads: 2 },
  });
  assertEquals([config.dropout, config.maxLength, config.heads], [0.3, 9, 4]);
});

Deno.test("a config.json of ours with a field too many is refused", async () => {
  await using copy = await Copy.of(HF);
  await writeModelDir(copy.path, await openModelDir(MXNET, { heads: 4 }));
  await copy.editJson("config.json", { layers: 2 });
  assert((await refusal(copy.path)).includes("layers"));
});

Deno.test("weights of the book's do not open under a config.json of ours", async () => {
  await using copy = await Copy.of(HF);
  await writeModelDir(copy.path, await openModelDir(MXNET, { heads: 4 }));
  const weights = `${TORCH}/pretrained.params`;
  const found = await refusal(copy.path, { weights });
  assert(found.includes("named as by d2l-torch"), found);
});

Deno.test("weights trained further differ from those they came from", async () => {
  const [before, after] = await Promise.all(
    ["classifier.params", "classifier_after10.params"].map((weights) =>
      openModelDir(MXNET, { heads: 4, weights })
    ),
  );
  assertNotEquals(
    before.arrays.get("classifier.bias"),
    after.arrays.get("classifier.bias"),
  );
});
