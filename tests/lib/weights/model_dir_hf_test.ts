import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import { readWeightFile } from "../../../lib/weights/formats/weight_file.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import { Copy, HF, refusal } from "../../support/weights/model_copy.ts";

const refused: [Record<string, unknown>, string][] = [
  [
    { model_type: "deberta-v2" },
    'model_type is "deberta-v2"; supported are bert, distilbert, electra, roberta',
  ],
  [
    { model_type: "xlm-roberta" },
    "whose tokenizer, SentencePiece, is not read",
  ],
  [{ model_type: "camembert" }, "whose tokenizer, SentencePiece, is not read"],
  [{ model_type: ["bert"] }, `model_type is ["bert"]; supported`],
  [{ model_type: "roberta" }, "it has no vocab.json"],
  [{ pruned_heads: { 0: [1] } }, 'pruned_heads is {"0":[1]}, expected none'],
  [{ is_encoder_decoder: true }, "is_encoder_decoder"],
  [{ is_decoder: true }, "is_decoder"],
  [{ add_cross_attention: true }, "add_cross_attention"],
  [{ position_embedding_type: "relative_key" }, "position_embedding_type"],
  [{ quantization_config: { bits: 4 } }, "quantization_config"],
  [{ problem_type: "regression" }, 'problem_type is "regression"'],
  [
    { problem_type: "multi_label_classification" },
    'expected "single_label_classification"',
  ],
  [{ hidden_act: "silu" }, 'hidden_act is "silu"'],
  [{ hidden_act: "gelu_10" }, 'hidden_act is "gelu_10", expected one of gelu'],
  [{ attention_probs_dropout_prob: 1 }, "attention_probs_dropout_prob"],
  [{ hidden_dropout_prob: 2 }, "hidden_dropout_prob"],
  [{ num_attention_heads: 5 }, "5 heads"],
  [{ hidden_size: "32" }, `hidden_size is "32", expected number`],
  [{ hidden_size: 64 }, "expected [2351, 64]"],
  [{ num_hidden_layers: 1 }, ": its encoder has 2 blocks, expected 1, the"],
  [{ num_hidden_layers: 4 }, ": its encoder has 2 blocks, expected 4, the"],
  [{ vocab_size: 2000 }, "2351 tokens, expected 2000"],
  [{ id2label: { 0: "a", 2: "b" } }, "id2label numbers its labels 0, 2"],
  [
    { id2label: { 0: "a", 1: "b" }, label2id: { a: 1, b: 0 } },
    'label "a" is 0 in id2label, 1 in label2id',
  ],
  [
    { id2label: { 0: "a", 1: "b" }, label2id: null },
    "its output layer has 3 classes, and its config.json names 2: a, b",
  ],
  [{ id2label: null, label2id: { a: 0, b: 2 } }, "label2id numbers its labels"],
  [
    { id2label: null, label2id: { a: 0, b: 1, c: 2, d: 2 } },
    "label2id gives 4 labels 3 numbers, expected one for each",
  ],
  [
    { id2label: { 0: "a", 1: "a", 2: "b" }, label2id: null },
    "not all different",
  ],
  [{ id2label: { 0: ["a"], 1: ["b"] } }, "id2label"],
];
for (const [fields, message] of refused) {
  Deno.test(`a Hugging Face model with ${JSON.stringify(fields)} is refused`, async () => {
    await using copy = await Copy.hf();
    await copy.editJson("config.json", fields);
    const found = await refusal(copy.path);
    assert(found.includes(message), found);
  });
}

for (
  const [fields, told] of [
    [
      { problem_type: "multi_label_classification" },
      /^finetune --new-head puts/,
    ],
    [
      { id2label: { 0: "a", 1: "b", 2: "c" }, label2id: { a: 1, b: 0, c: 2 } },
      /^make id2label and label2id agree, or --labels names/,
    ],
    [
      { position_embedding_type: "relative_key" },
      /^take a BERT with the usual/,
    ],
    [
      { problem_type: "regression", hidden_act: "silu" },
      /^take a BERT .*; finetune --new-head puts/,
    ],
    [{ num_attention_heads: 5 }, /^its config.json is not the one that its/],
    [
      { id2label: { 0: "a", 1: "a", 2: "b" }, label2id: null },
      /^--labels gives others/,
    ],
    [{ num_hidden_layers: 5000 }, /^its config.json is damaged/],
  ] as [Record<string, unknown>, RegExp][]
) {
  Deno.test(`a Hugging Face model with ${JSON.stringify(fields)} is answered with what to do`, async () => {
    await using copy = await Copy.hf();
    await copy.editJson("config.json", fields);
    const { hint } = await assertRejects(
      () => openModelDir(copy.path),
      UserError,
    );
    assertMatch(hint!, told);
  });
}

Deno.test("--max-len beyond the positions is answered with the most it may be", async () => {
  const { hint } = await assertRejects(
    () => openModelDir(HF, { maxLength: 5000 }),
    UserError,
  );
  assertMatch(hint!, /^--max-len is \d+ at most$/);
});

Deno.test("labels given make up for LABEL_0 and so on", async () => {
  await using copy = await Copy.hf();
  await copy.editJson("config.json", { id2label: null, label2id: null });
  const labels = ["neutral", "entailment", "contradiction"];
  assertEquals(
    (await openModelDir(copy.path, { labels })).config.labels,
    labels,
  );
});

for (
  const [what, fields, labels] of [
    [
      "a label2id of place-holders",
      { label2id: { LABEL_0: 0, LABEL_1: 1, LABEL_2: 2 } },
      ["entailment", "neutral", "contradiction"],
    ],
    [
      "no label2id",
      { label2id: null },
      ["entailment", "neutral", "contradiction"],
    ],
    [
      "place-holders in another order",
      {
        id2label: { 0: "LABEL_2", 1: "LABEL_0", 2: "LABEL_1" },
        label2id: { LABEL_2: 0, LABEL_0: 1, LABEL_1: 2 },
      },
      ["LABEL_2", "LABEL_0", "LABEL_1"],
    ],
    [
      "numbers for names",
      { id2label: { 0: 3, 1: 4, 2: 5 }, label2id: null },
      ["3", "4", "5"],
    ],
    [
      "keys out of order",
      { id2label: { 2: "c", 0: "a", 1: "b" }, label2id: null },
      ["a", "b", "c"],
    ],
    [
      "a list of names",
      { id2label: ["a", "b", "c"], label2id: null },
      ["a", "b", "c"],
    ],
    [
      "label2id alone",
      { id2label: null, label2id: { c: 2, a: 0, b: 1 } },
      ["a", "b", "c"],
    ],
  ] as const
) {
  Deno.test(`a Hugging Face model with ${what} has its labels in their order`, async () => {
    await using copy = await Copy.hf();
    await copy.editJson("config.json", fields);
    const { config, labelSource, warnings } = await openModelDir(copy.path);
    assertEquals([config.labels, labelSource, warnings], [
      [...labels],
      "files",
      [],
    ]);
  });
}

for (
  const [how, fields] of [
    ["LABEL_0 and so on", { 0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2" }],
    ["no id2label", null],
  ] as const
) {
  for (const textOnly of [false, true]) {
    Deno.test(`names are not made up for a head with ${how}, ${textOnly ? "without" : "with"} its weights`, async () => {
      await using copy = await Copy.hf();
      await copy.editJson("config.json", {
        id2label: fields,
        label2id: null,
        num_labels: 3,
      });
      const model = await openModelDir(copy.path, { textOnly });
      assertEquals(model.config.labels, ["LABEL_0", "LABEL_1", "LABEL_2"]);
      assertEquals(model.warnings.map(({ code }) => code), ["unnamed-labels"]);
      assertEquals(model.warnings[0].hint.includes("--labels"), true);
    });
  }
}

Deno.test("a model of several right classes gives its encoder to a new head", async () => {
  await using copy = await Copy.hf();
  const problem_type = "multi_label_classification";
  await copy.editJson("config.json", { problem_type });
  const { hasHead, arrays } = await openModelDir(copy.path, { newHead: true });
  assertEquals([hasHead, arrays.has("pooler.weight")], [false, true]);
});

Deno.test("labels given rescue a contradictory id2label", async () => {
  await using copy = await Copy.hf();
  await copy.editJson("config.json", { id2label: { 0: "a", 2: "b" } });
  const labels = ["x", "y", "z"];
  const model = await openModelDir(copy.path, { labels });
  assertEquals(model.config.labels, labels);
});

Deno.test("labels in another order than the head's own are told", async () => {
  const labels = ["neutral", "entailment", "contradiction"];
  const { warnings: [warning] } = await openModelDir(HF, { labels });
  assertEquals(warning.code, "renamed-labels");
  assertEquals(
    warning.message,
    "The model's own labels are entailment, neutral, contradiction, and are " +
      "taken as neutral, entailment, contradiction, in this order",
  );
});

/** A model whose vocabulary has capital letters in so many of 2351 entries. */
async function withCapitals(entries: number): Promise<Copy> {
  const copy = await Copy.hf();
  const file = join(copy.path, "vocab.txt");
  const tokens = (await Deno.readTextFile(file)).split("\n");
  const from = tokens.indexOf("a");
  for (let i = from; i < from + entries; i++) tokens[i] = `Z${i}`;
  await Deno.writeTextFile(file, tokens.join("\n"));
  return copy;
}

Deno.test("a cased vocabulary of a model that does not say so is told", async () => {
  await using copy = await withCapitals(470);
  const { warnings: [warning] } = await openModelDir(copy.path);
  assertEquals(warning.code, "cased-vocabulary");
  assertEquals(
    warning.message,
    "Text is lower-cased, as the model's tokenizer_config.json does not say " +
      `otherwise, but 20 % of the entries of "${
        join(copy.path, "vocab.txt")
      }" have capital letters, and are never found`,
  );
});

Deno.test("nothing is told of a cased vocabulary whose model says so, or of few capitals", async () => {
  await using cased = await withCapitals(470);
  await Deno.writeTextFile(
    join(cased.path, "tokenizer_config.json"),
    '{"do_lower_case": false}',
  );
  await using few = await withCapitals(20);
  for (const { path } of [cased, few]) {
    assertEquals((await openModelDir(path)).warnings, []);
  }
});

Deno.test("labels of another number name both lists and --new-head", async () => {
  const error = await assertRejects(
    () => openModelDir(HF, { labels: ["yes", "no"] }),
    UserError,
    "its output layer has 3 classes: entailment, neutral, contradiction, and " +
      "--labels names 2: yes, no",
  );
  assertEquals(error.code, "wrong-labels");
  assertEquals(error.hint.includes("--new-head"), true);
});

Deno.test("a new head leaves the old one out", async () => {
  const labels = ["yes", "no"];
  const model = await openModelDir(HF, { labels, newHead: true });
  assertEquals(model.config.labels, labels);
  assertEquals(
    [model.hasHead, model.arrays.has("classifier.weight"), model.unused],
    [false, false, []],
  );
  assertEquals(model.arrays.has("pooler.weight"), true);
});

/** Heads that classify no whole sequences, as transformers saves them. */
const FOREIGN: [
  what: string,
  architecture: string,
  head: string,
  pooler: boolean,
][] = [
  ["token classification", "BertForTokenClassification", "classifier", false],
  ["question answering", "BertForQuestionAnswering", "qa_outputs", false],
  ["multiple choice", "BertForMultipleChoice", "classifier", true],
  ["a head of one's own", "MyBert", "scorer.0", true],
];
for (const [what, architecture, head, pooler] of FOREIGN) {
  Deno.test(`a model of ${what} is opened without its head`, async () => {
    await using copy = await Copy.hf();
    await copy.editJson("config.json", {
      architectures: [architecture],
      id2label: null,
      label2id: null,
    });
    await copy.editArrays(
      `${HF}/model.safetensors`,
      "model.safetensors",
      (all) => {
        const weight = all.get("classifier.weight")!;
        all.delete("classifier.weight");
        all.delete("classifier.bias");
        all.set(`${head}.weight`, weight);
        if (!pooler) {
          all.delete("bert.pooler.dense.weight");
          all.delete("bert.pooler.dense.bias");
        }
      },
    );
    const { hasHead, arrays, unused, fresh } = await openModelDir(copy.path);
    assertEquals([hasHead, arrays.has("classifier.weight")], [false, false]);
    assertEquals(unused, [`${head}.weight`]);
    assertEquals(fresh, pooler ? [] : ["pooler.weight", "pooler.bias"]);
  });
}

Deno.test("a Hugging Face encoder without a pooler gets a fresh one", async () => {
  await using copy = await Copy.hf();
  await copy.editJson("config.json", { architectures: ["BertForMaskedLM"] });
  await copy.editArrays(
    `${HF}/model.safetensors`,
    "model.safetensors",
    (all) =>
      new Map([...all].filter(([name]) => !/pooler|classifier/.test(name))),
  );
  const { fresh, arrays } = await openModelDir(copy.path);
  assertEquals(fresh, ["pooler.weight", "pooler.bias"]);
  assertEquals(arrays.has("pooler.weight"), false);
});

Deno.test("a cased model says so in its tokenizer_config.json", async () => {
  await using copy = await Copy.hf();
  await Deno.writeTextFile(
    join(copy.path, "tokenizer_config.json"),
    '{"do_lower_case": false}',
  );
  assertEquals(
    (await openModelDir(copy.path)).config.text.tokenizer.lowerCase,
    false,
  );
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
  assertEquals(model.config.labels, ["entailment", "contradiction", "neutral"]);
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
