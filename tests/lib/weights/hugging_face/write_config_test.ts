/** The `config.json` that runs of Hugging Face's models have. */
import { assert, assertEquals } from "@std/assert";
import { describeForTransformers } from "../../../../lib/weights/hugging_face/write_config.ts";
import type { ModelConfig } from "../../../../lib/weights/model_config.ts";
import { openModelDir } from "../../../../lib/weights/model_dir.ts";
import { Copy, MXNET } from "../../../support/weights/model_copy.ts";

const GOLDEN = "fixtures/golden/families";
const FAMILIES = ["bert_cased", "distilbert", "electra", "roberta"];
const FILES = ["config.json", "model.safetensors", "tokenizer.json"];

type Fields = Record<string, unknown>;

/** What is written of a golden model whose `config.json` was changed. */
async function writtenOf(
  family: string,
  fields: Fields,
  change: Partial<ModelConfig> = {},
): Promise<Fields> {
  await using copy = await Copy.of(`${GOLDEN}/${family}`, ...FILES);
  await copy.editJson("config.json", fields);
  const model = await openModelDir(copy.path);
  const config = { ...model.config, ...change };
  return describeForTransformers(config, { fields: model.fields! })!;
}

for (const family of FAMILIES) {
  Deno.test(`the fields of ${family} stay as they came, but for who wrote them`, async () => {
    const came: Fields = JSON.parse(
      await Deno.readTextFile(`${GOLDEN}/${family}/config.json`),
    );
    const { transformers_version: _, ...kept } = came;
    const { premise, problem_type: type, ...written } = await writtenOf(
      family,
      {},
    );
    assertEquals(type, "single_label_classification");
    assert(premise);
    assertEquals(written, kept);
  });

  Deno.test(`the fields made of ${family}'s configuration mean that configuration`, async () => {
    await using copy = await Copy.of(`${GOLDEN}/${family}`, ...FILES);
    const { config } = await openModelDir(copy.path);
    const { premise: _, ...made } = describeForTransformers(config)!;
    await Deno.writeTextFile(
      `${copy.path}/config.json`,
      JSON.stringify(made),
    );
    assertEquals((await openModelDir(copy.path)).config, config);
  });
}

Deno.test("fields that would mislead are left out", async () => {
  const misleading = {
    _name_or_path: "somebody/model",
    _commit_hash: "abc",
    auto_map: { AutoConfig: "other.py" },
    finetuning_task: "mnli",
    num_labels: 3,
    quantization_config: null,
    sbert_ce_default_activation_function: "torch.nn.Sigmoid",
    sentence_transformers: { version: "5" },
    torch_dtype: "float16",
    transformers_version: "4.1",
  };
  const written = await writtenOf("electra", misleading);
  assertEquals(Object.keys(misleading).filter((name) => name in written), []);
});

Deno.test("fields that nobody here knows are kept", async () => {
  const written = await writtenOf("roberta", { of_somebody: [1, { a: null }] });
  assertEquals(written.of_somebody, [1, { a: null }]);
});

Deno.test("a file of other numbers and another head says what is written", async () => {
  const written = await writtenOf("bert_cased", {
    model_type: undefined,
    architectures: ["BertForSequenceClassification", "BertForMaskedLM"],
    dtype: "float16",
  });
  assertEquals(
    [written.model_type, written.architectures, written.dtype],
    ["bert", ["BertForSequenceClassification"], "float32"],
  );
});

Deno.test("labels stand in both of transformers' tables, in the order of the outputs", async () => {
  const labels = ["b", "10", "a"];
  const written = await writtenOf("distilbert", {}, { labels });
  assertEquals(written.id2label, { 0: "b", 1: "10", 2: "a" });
  assertEquals(written.label2id, { b: 0, 10: 1, a: 2 });
});

Deno.test("an activation keeps the name that it came with", async () => {
  const written = await writtenOf("bert_cased", { hidden_act: "gelu_fast" });
  assertEquals(written.hidden_act, "gelu_fast");
});

Deno.test("dropout rates are those of the training", async () => {
  const rates = { dropout: 0.3, attendedDropout: 0.3, classifierDropout: 0.2 };
  const { premise, ...written } = await writtenOf("bert_cased", {}, rates);
  assertEquals(written.hidden_dropout_prob, 0.3);
  assertEquals(written.attention_probs_dropout_prob, 0.1);
  assertEquals(written.classifier_dropout, 0.2);
  assertEquals(Object.keys(premise as Fields), [
    "format",
    "secondSegment",
    "text",
  ]);
});

Deno.test("a dropout rate that shares a field with another stands under premise", async () => {
  const { premise, hidden_dropout_prob: rate } = await writtenOf(
    "bert_cased",
    {},
    { attendedDropout: 0.4 },
  );
  assertEquals(rate, 0.1);
  assertEquals((premise as Fields).attendedDropout, 0.4);
});

Deno.test("a model all of whose rows learn says so under premise beside its pad_token_id", async () => {
  const { premise, pad_token_id: padding } = await writtenOf(
    "roberta",
    {},
    { paddingRow: undefined },
  );
  assertEquals(padding, 1);
  assertEquals((premise as Fields).paddingRow, null);
});

Deno.test("a model without padding keeps that as its pad_token_id alone", async () => {
  const written = await writtenOf("bert_cased", { pad_token_id: null });
  assertEquals(written.pad_token_id, null);
  assert(!("paddingRow" in (written.premise as Fields)));
});

Deno.test("a field that an old file lacks is written", async () => {
  const written = await writtenOf("bert_cased", { layer_norm_eps: undefined });
  assertEquals(written.layer_norm_eps, 1e-12);
});

Deno.test("a model without an output layer is no classifier", async () => {
  const { config } = await openModelDir(`${GOLDEN}/distilbert`);
  const { architectures } = describeForTransformers(config, {
    hasHead: false,
  })!;
  assertEquals(architectures, ["DistilBertModel"]);
});

Deno.test("a model of the book's has no fields of transformers", async () => {
  const { config } = await openModelDir(MXNET, { heads: 4 });
  assertEquals(describeForTransformers(config), null);
});

Deno.test("a configuration that transformers has no words for has none", async () => {
  const { config } = await openModelDir(`${GOLDEN}/bert_cased`);
  for (
    const change of [
      { embeddingNorm: false },
      { poolerActivation: "relu" as const },
      { firstPosition: 2 },
    ]
  ) {
    assertEquals(describeForTransformers({ ...config, ...change }), null);
  }
});
