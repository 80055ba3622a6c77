/** Directories of BERT's relatives, and of BERT as few people have it. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import type { NamedArrays } from "../../../lib/weights/formats/arrays.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import { Copy, refusal } from "../../support/weights/model_copy.ts";

const GOLDEN = "fixtures/golden/families";

/** What a family's models hold besides the encoder. */
interface Heads {
  /** How its classes begin, and the encoder's arrays. */
  title: string;
  prefix: string;
  /** The layer that its classifier reads, and the output layer. */
  dense: string;
  output: string;
  /** Arrays of its head for masked words. */
  words: string[];
  /** Where dropout acts. */
  dropouts: string[];
}

const FAMILIES: Record<string, Heads> = {
  bert_cased: {
    title: "Bert",
    prefix: "bert.",
    dense: "bert.pooler.dense",
    output: "classifier",
    words: [
      "cls.predictions.bias",
      "cls.predictions.transform.LayerNorm.weight",
    ],
    dropouts: [
      "dropout",
      "attentionDropout",
      "attendedDropout",
      "classifierDropout",
    ],
  },
  distilbert: {
    title: "DistilBert",
    prefix: "distilbert.",
    dense: "pre_classifier",
    output: "classifier",
    words: ["vocab_transform.weight", "vocab_projector.bias"],
    dropouts: ["dropout", "attentionDropout", "classifierDropout"],
  },
  electra: {
    title: "Electra",
    prefix: "electra.",
    dense: "classifier.dense",
    output: "classifier.out_proj",
    words: ["generator_predictions.dense.weight", "generator_lm_head.bias"],
    dropouts: [
      "dropout",
      "attentionDropout",
      "attendedDropout",
      "clsDropout",
      "classifierDropout",
    ],
  },
  roberta: {
    title: "Roberta",
    prefix: "roberta.",
    dense: "classifier.dense",
    output: "classifier.out_proj",
    words: ["lm_head.dense.weight", "roberta.pooler.dense.weight"],
    dropouts: [
      "dropout",
      "attentionDropout",
      "attendedDropout",
      "clsDropout",
      "classifierDropout",
    ],
  },
};

/** A vocabulary of word pieces, as some RoBERTas have; padding is token 1. */
const PIECES = "[CLS]\n[PAD]\n[SEP]\n[UNK]\n[MASK]\na\nman\n";

/** A copy of a golden model with other arrays and other fields. */
async function edited(
  family: string,
  change: (arrays: NamedArrays) => NamedArrays | void,
  fields: Record<string, unknown> = {},
): Promise<Copy> {
  const source = `${GOLDEN}/${family}`;
  const ofBert = ["tokenizer.json", "tokenizer_config.json"];
  const files = family === "roberta" ? [] : ofBert;
  const copy = await Copy.of(source, "config.json", ...files);
  if (family === "roberta") {
    await Deno.writeTextFile(join(copy.path, "vocab.txt"), PIECES);
    await Deno.writeTextFile(
      join(copy.path, "tokenizer_config.json"),
      '{"tokenizer_class": "BertTokenizer", "model_input_names": []}',
    );
  }
  await copy.editJson("config.json", fields);
  const file = "model.safetensors";
  await copy.editArrays(join(source, file), file, change);
  return copy;
}

/** Some arrays of another head. */
function withArrays(arrays: NamedArrays, names: string[]): NamedArrays {
  const one = { shape: [1], data: Float32Array.of(1) };
  return new Map([...arrays, ...names.map((name) => [name, one] as const)]);
}

function without(arrays: NamedArrays, ...modules: string[]): NamedArrays {
  const isLeft = (name: string) =>
    !modules.some((module) => name.startsWith(`${module}.`));
  return new Map([...arrays].filter(([name]) => isLeft(name)));
}

for (const [family, heads] of Object.entries(FAMILIES)) {
  const { title, prefix, dense, output, words } = heads;

  Deno.test(`a model of ${family} is opened with its output layer, and nothing to tell`, async () => {
    await using copy = await edited(family, () => {});
    const model = await openModelDir(copy.path);
    const { hasHead, fresh, unused, warnings, arrays } = model;
    assertEquals([hasHead, fresh, unused, warnings], [true, [], [], []]);
    assert(arrays.has("pooler.weight") && arrays.has("classifier.weight"));
  });

  Deno.test(`the encoder of a model of ${family} alone starts with a fresh head`, async () => {
    await using copy = await edited(
      family,
      (arrays) =>
        new Map(
          [...without(arrays, dense, output)].map(([name, array]) => [
            name.replace(prefix, ""),
            array,
          ]),
        ),
      { architectures: [`${title}Model`], id2label: null, label2id: null },
    );
    const { hasHead, fresh, unused, config } = await openModelDir(copy.path);
    assertEquals(hasHead, false);
    assertEquals([fresh, unused], [["pooler.weight", "pooler.bias"], []]);
    assertEquals(config.labels, ["entailment", "contradiction", "neutral"]);
  });

  Deno.test(`a model of ${family} of masked words gives its encoder, and its head is told`, async () => {
    await using copy = await edited(
      family,
      (arrays) => withArrays(without(arrays, dense, output), words),
      { architectures: [`${title}ForMaskedLM`] },
    );
    const { hasHead, fresh, unused } = await openModelDir(copy.path);
    assertEquals([hasHead, fresh.length, unused.length], [false, 2, 2]);
  });

  Deno.test(`a model of ${family} that classifies tokens gives its encoder, and its head is told`, async () => {
    await using copy = await edited(
      family,
      (arrays) => {
        const { shape, data } = arrays.get(`${output}.weight`)!;
        const kept = without(arrays, dense, output);
        return kept.set("classifier.weight", { shape, data });
      },
      { architectures: [`${title}ForTokenClassification`] },
    );
    const { hasHead, fresh, unused } = await openModelDir(copy.path);
    assertEquals([hasHead, fresh.length], [false, 2]);
    assertEquals(unused.length, 1);
  });

  Deno.test(`a new head on a model of ${family} keeps the layer below the output layer`, async () => {
    await using copy = await edited(family, () => {});
    const options = { labels: ["yes", "no"], newHead: true };
    const { hasHead, fresh, arrays } = await openModelDir(copy.path, options);
    assertEquals([hasHead, fresh], [false, []]);
    assert(arrays.has("pooler.weight") && !arrays.has("classifier.weight"));
  });

  Deno.test(`a model of ${family} with other labels than its classes is refused`, async () => {
    await using copy = await edited(family, () => {});
    const labels = ["yes", "no"];
    await assertRejects(
      () => openModelDir(copy.path, { labels }),
      UserError,
      "its output layer has 3 classes",
    );
  });

  Deno.test(`a model of ${family} without half of its head is refused by what is missing`, async () => {
    await using copy = await edited(
      family,
      (arrays) => without(arrays, dense),
    );
    const found = await refusal(copy.path);
    assert(found.includes(`array "${dense}.weight" is missing (the`), found);
  });

  for (
    const fields of [
      { id2label: { 0: "LABEL_0" }, label2id: { LABEL_0: 0 } },
      { problem_type: "regression" },
      { problem_type: "multi_label_classification" },
    ]
  ) {
    const what = JSON.stringify(fields);
    Deno.test(`a model of ${family} with ${what} is refused, and gives its encoder to a new head`, async () => {
      await using copy = await edited(family, (arrays) => {
        if (!("id2label" in fields)) return;
        const { data } = arrays.get(`${output}.weight`)!;
        arrays.set(`${output}.weight`, {
          shape: [1, 32],
          data: data.slice(0, 32),
        });
        arrays.set(`${output}.bias`, { shape: [1], data: Float32Array.of(0) });
      }, fields);
      const { message, hint } = await assertRejects(
        () => openModelDir(copy.path),
        UserError,
      );
      assert(`${message} ${hint}`.includes("finetune --new-head"), message);
      const { hasHead } = await openModelDir(copy.path, { newHead: true });
      assertEquals(hasHead, false);
      await openModelDir(copy.path, { textOnly: true });
    });
  }

  Deno.test(`one dropout rate given acts on a model of ${family} wherever it has dropout`, async () => {
    await using copy = await edited(family, () => {});
    const { config } = await openModelDir(copy.path, { dropout: 0.25 });
    const rates = Object.entries(config).filter(([, value]) => value === 0.25);
    assertEquals(rates.map(([name]) => name), heads.dropouts);
  });

  Deno.test(`a model of ${family} whose config.json is of another family is refused`, async () => {
    const model_type = title === "Electra" ? "bert" : "electra";
    await using copy = await edited(family, () => {}, { model_type });
    const found = await refusal(copy.path);
    assert(found.includes("its arrays are those of"), found);
  });

  Deno.test(`a model of ${family} without model_type is known by its architecture, or by its arrays, which is told`, async () => {
    await using original = await edited(family, () => {});
    const expected = (await openModelDir(original.path)).config;
    for (
      const [fields, codes] of [
        [{ model_type: null }, []],
        [{ model_type: null, architectures: null }, ["no-model-type"]],
      ] as const
    ) {
      await using copy = await edited(family, () => {}, fields);
      const { config, warnings } = await openModelDir(copy.path);
      assertEquals(config, expected);
      assertEquals(warnings.map(({ code }) => code), [...codes]);
    }
  });

  Deno.test(`a model of ${family} is refused by its config.json before its weights are read`, async () => {
    await using copy = await edited(family, () => {}, { is_decoder: true });
    await Deno.writeTextFile(join(copy.path, "model.safetensors"), "nothing");
    assert((await refusal(copy.path)).includes("is_decoder is true"));
  });
}

for (const type of ["deberta-v2", "xlm-roberta", "t5", "gpt2", "modernbert"]) {
  Deno.test(`a ${type} is refused as such, whatever files it has`, async () => {
    await using copy = await edited("bert_cased", () => {}, {
      model_type: type,
    });
    await Deno.writeTextFile(join(copy.path, "model.safetensors"), "nothing");
    await Deno.remove(join(copy.path, "tokenizer.json"));
    const found = await refusal(copy.path);
    assert(found.includes(`model_type is "${type}"`), found);
    assert(found.includes("bert, distilbert, electra, roberta"), found);
  });
}

Deno.test("an encoder without model_type that may be a RoBERTa is refused", async () => {
  await using copy = await edited(
    "bert_cased",
    (arrays) =>
      new Map(
        [...without(arrays, "classifier")].map(([name, array]) => [
          name.replace("bert.", ""),
          array,
        ]),
      ),
    { model_type: null, architectures: null, pad_token_id: 1 },
  );
  const found = await refusal(copy.path);
  assert(found.includes("may be those of a BERT or a RoBERTa"), found);
});

Deno.test("a BERT of one segment tells that both sentences are of it", async () => {
  await using copy = await edited("bert_cased", (arrays) => {
    const name = "bert.embeddings.token_type_embeddings.weight";
    const { data } = arrays.get(name)!;
    arrays.set(name, { shape: [1, 32], data: data.slice(0, 32) });
  }, { type_vocab_size: 1 });
  const { config, warnings } = await openModelDir(copy.path);
  assertEquals([config.segments, config.secondSegment], [1, 0]);
  assertEquals(warnings.map(({ code }) => code), ["one-segment"]);
});

/** Which tokenizers make segments of their own, by AutoTokenizer 5.24. */
const SEGMENTS: [
  family: string,
  fields: Record<string, unknown>,
  second: number,
][] = [
  ["bert_cased", {}, 1],
  ["bert_cased", { tokenizer_class: null }, 1],
  ["bert_cased", { tokenizer_class: "BertTokenizerFast" }, 1],
  ["bert_cased", { tokenizer_class: "ElectraTokenizer" }, 1],
  ["bert_cased", { tokenizer_class: "PreTrainedTokenizerFast" }, 0],
  ["bert_cased", { tokenizer_class: "DistilBertTokenizer" }, 0],
  ["bert_cased", { tokenizer_class: "TokenizersBackend" }, 0],
  ["bert_cased", { model_input_names: ["input_ids", "attention_mask"] }, 0],
  ["electra", {}, 1],
  ["electra", { tokenizer_class: "DistilBertTokenizerFast" }, 0],
  [
    "electra",
    {
      tokenizer_class: "PreTrainedTokenizerFast",
      model_input_names: ["input_ids", "token_type_ids", "attention_mask"],
    },
    1,
  ],
  ["distilbert", { tokenizer_class: "BertTokenizer" }, 0],
];
for (const [family, fields, second] of SEGMENTS) {
  Deno.test(`the second sentence of a model of ${family} with ${JSON.stringify(fields)} is of segment ${second}`, async () => {
    await using copy = await edited(family, () => {});
    await copy.editJson("tokenizer_config.json", fields);
    const { config, warnings } = await openModelDir(copy.path);
    assertEquals(config.secondSegment, second);
    const told = second === 1 || family === "distilbert" ? [] : ["one-segment"];
    assertEquals(warnings.map(({ code }) => code), told);
  });
}
