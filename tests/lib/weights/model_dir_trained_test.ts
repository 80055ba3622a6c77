/** Hugging Face's models that were trained here, as their directories lie. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  readSafetensors,
  writeSafetensors,
} from "../../../lib/weights/formats/safetensors.ts";
import { readWeightFile } from "../../../lib/weights/formats/weight_file.ts";
import type { ModelConfig } from "../../../lib/weights/model_config.ts";
import {
  type OpenedModel,
  openModelDir,
} from "../../../lib/weights/model_dir.ts";
import { writeModelDir } from "../../../lib/weights/write_model_dir.ts";
import { familiesIn } from "../../support/model/families.ts";
import { Copy, HF, MXNET, refusal } from "../../support/weights/model_copy.ts";

const GOLDEN = [...familiesIn("fixtures/golden/families"), HF];
const BERT = "fixtures/golden/families/bert_cased";

/** How a training here reads text: otherwise than transformers would. */
const TEXT = {
  maxLength: 17,
  truncation: "ratio",
  sentences: "pair",
} as const;

/** A directory with a golden model, written as trained by {@link TEXT}. */
async function trained(
  golden: string,
  change: Partial<ModelConfig> = {},
): Promise<{ copy: Copy; model: OpenedModel }> {
  const copy = await Copy.of(golden);
  const opened = await openModelDir(golden);
  const text = { ...opened.config.text, ...TEXT };
  const model = { ...opened, config: { ...opened.config, text, ...change } };
  await writeModelDir(copy.path, model);
  return { copy, model };
}

/** Takes a directory's files as they are. */
async function accept({ path }: Copy): Promise<void> {
  await Deno.remove(join(path, "SHA256SUMS"));
}

/** Writes the same model as earlier versions wrote it. */
async function writeEarlier(
  { path }: Copy,
  file: "config.json" | "model.safetensors",
  { config, arrays }: OpenedModel,
): Promise<void> {
  const content = file === "config.json"
    ? new Blob([JSON.stringify(config)])
    : new Blob(writeSafetensors(arrays));
  await Deno.writeFile(join(path, file), await content.bytes());
}

async function shapesIn(directory: string): Promise<unknown> {
  const file = join(directory, "model.safetensors");
  const { arrays, metadata } = readSafetensors(await Deno.readFile(file), file);
  const shapes = [...arrays].map(([name, { shape }]) => [name, shape]);
  return { shapes: Object.fromEntries(shapes), metadata };
}

for (const golden of GOLDEN) {
  Deno.test(`${golden} is written with the arrays that transformers writes, by name and shape`, async () => {
    const { copy } = await trained(golden);
    await using _ = copy;
    assertEquals(await shapesIn(copy.path), await shapesIn(golden));
  });

  Deno.test(`${golden} that was trained here opens as it was trained`, async () => {
    const { copy, model } = await trained(golden);
    await using _ = copy;
    const again = await openModelDir(copy.path);
    assertEquals(again.config, model.config);
    assertEquals([...again.arrays], [...model.arrays]);
    assertEquals([again.labelSource, again.warnings], ["files", []]);
  });

  Deno.test(`${golden} that was trained here opens without premise as transformers opens it`, async () => {
    const { copy, model } = await trained(golden);
    await using _ = copy;
    await copy.editJson("config.json", { premise: undefined });
    await accept(copy);
    const plain = await openModelDir(copy.path);
    const { config: { text } } = await openModelDir(golden);
    assertEquals(plain.config, { ...model.config, text });
    assertEquals([...plain.arrays], [...model.arrays]);
  });
}

for (const file of ["config.json", "model.safetensors"] as const) {
  Deno.test(`a run of an earlier version whose ${file} is still the old one opens`, async () => {
    const { copy, model } = await trained(BERT);
    await using _ = copy;
    await writeEarlier(copy, file, model);
    await accept(copy);
    const { config, arrays } = await openModelDir(copy.path);
    assertEquals([config, [...arrays]], [model.config, [...model.arrays]]);
  });
}

Deno.test("a run of an earlier version is written in transformers' form", async () => {
  const { copy, model } = await trained(BERT);
  await using _ = copy;
  await writeEarlier(copy, "config.json", model);
  await writeEarlier(copy, "model.safetensors", model);
  await accept(copy);
  const earlier = await openModelDir(copy.path);
  assertEquals([earlier.source, earlier.fields], ["premise", null]);
  await writeModelDir(copy.path, earlier);
  assertEquals(await shapesIn(copy.path), await shapesIn(BERT));
  assertEquals((await openModelDir(copy.path)).config, model.config);
});

Deno.test("weights of a checkpoint open in a run", async () => {
  const { copy, model } = await trained(BERT);
  await using _ = copy;
  const weights = join(copy.path, "other.safetensors");
  await Deno.writeFile(
    weights,
    await new Blob(writeSafetensors(model.arrays)).bytes(),
  );
  const { arrays } = await openModelDir(copy.path, { weights });
  assertEquals([...arrays], [...model.arrays]);
});

Deno.test("weights of neutral names are refused in a directory that was not trained here", async () => {
  await using copy = await Copy.hf();
  const { arrays } = await openModelDir(HF);
  const weights = join(copy.path, "other.safetensors");
  await Deno.writeFile(
    weights,
    await new Blob(writeSafetensors(arrays)).bytes(),
  );
  assertStringIncludes(
    await refusal(copy.path, { weights }),
    "named as by premise, expected hf",
  );
});

Deno.test("a model whose configuration was changed by hand is written in our own form", async () => {
  const { copy, model } = await trained(BERT, { poolerActivation: "relu" });
  await using _ = copy;
  const { source, config } = await openModelDir(copy.path);
  assertEquals([source, config], ["premise", model.config]);
});

Deno.test("a model without an output layer is written without one", async () => {
  await using copy = await Copy.of(BERT);
  const opened = await openModelDir(BERT, { newHead: true });
  await writeModelDir(copy.path, opened);
  const { hasHead, arrays } = await openModelDir(copy.path);
  assertEquals([hasHead, [...arrays]], [false, [...opened.arrays]]);
});

Deno.test("labels that transformers takes for none are names in a model that was trained here", async () => {
  const labels = ["LABEL_0", "LABEL_1", "LABEL_2"];
  const { copy } = await trained(BERT, { labels });
  await using _ = copy;
  const model = await openModelDir(copy.path);
  assertEquals([model.config.labels, model.labelSource], [labels, "files"]);
  assertEquals(model.warnings, []);
});

Deno.test("a label has the name that both tables give it", async () => {
  const { copy } = await trained(BERT);
  await using _ = copy;
  await accept(copy);
  const id2label = { 0: "follows", 1: "neutral", 2: "contradiction" };
  await copy.editJson("config.json", { id2label });
  assertStringIncludes(
    await refusal(copy.path),
    'label "follows" is 0 in id2label, absent in label2id',
  );
  const label2id = { follows: 0, neutral: 1, contradiction: 2 };
  await copy.editJson("config.json", { label2id });
  const { config: { labels } } = await openModelDir(copy.path);
  assertEquals(labels, ["follows", "neutral", "contradiction"]);
});

Deno.test("--dropout and --max-len replace what a model was trained with here", async () => {
  const { copy } = await trained(BERT, { attendedDropout: 0.4 });
  await using _ = copy;
  const plain = await openModelDir(copy.path);
  assertEquals(plain.config.attendedDropout, 0.4);
  const { config } = await openModelDir(copy.path, {
    dropout: 0.2,
    maxLength: 9,
  });
  assertEquals(
    [config.dropout, config.attendedDropout, config.text],
    [0.2, 0.2, { ...plain.config.text, maxLength: 9 }],
  );
});

Deno.test("a model that transformers has saved since it was trained here is told with how its text is read", async () => {
  const { copy } = await trained(BERT);
  await using _ = copy;
  await accept(copy);
  await copy.editJson("config.json", { transformers_version: "5.24.0" });
  const { config, warnings } = await openModelDir(copy.path);
  assertEquals(config.text.maxLength, TEXT.maxLength);
  const [{ code, message }, ...rest] = warnings;
  assertEquals([code, rest], ["saved-since", []]);
  assertStringIncludes(message, 'cut to 17 tokens by "ratio"');
});

Deno.test("tokenizer_config.json is taken for another if it was changed in a run", async () => {
  const { copy } = await trained(BERT);
  await using _ = copy;
  await copy.editJson("tokenizer_config.json", { do_lower_case: true });
  assertStringIncludes(await refusal(copy.path), "is not as it was written");
});

const refused: [premise: unknown, message: string][] = [
  [null, "premise is null, expected an object"],
  ["yes", 'premise is "yes", expected an object'],
  [[], "premise is [], expected an object"],
  [{ format: "premise-3", secondSegment: 1 }, "premise.text is missing"],
  [{ text: {}, hidden: 3, labels: [] }, "premise.hidden is no field of ours"],
  [{ format: "premise-3", secondSegment: 1, text: {} }, "text.rules"],
];
for (const [premise, message] of refused) {
  Deno.test(`a config.json with premise ${JSON.stringify(premise)} is refused`, async () => {
    await using copy = await Copy.hf();
    await copy.editJson("config.json", { premise });
    assertStringIncludes(await refusal(copy.path), message);
  });
}

Deno.test("a run's premise of other rules, format or segment is refused by name", async () => {
  for (
    const [change, message] of [
      [{ format: "premise-9" }, "format"],
      [{ secondSegment: 2 }, "secondSegment"],
      [{ text: { rules: 99 } }, "version 99 of the text rules"],
    ] as const
  ) {
    const { copy } = await trained(BERT);
    await using _ = copy;
    await accept(copy);
    const path = join(copy.path, "config.json");
    const { premise } = JSON.parse(await Deno.readTextFile(path));
    await copy.editJson("config.json", { premise: { ...premise, ...change } });
    assertStringIncludes(await refusal(copy.path), message);
  }
});

Deno.test("a model of the book's is written under neutral names", async () => {
  await using copy = await Copy.of(MXNET);
  const model = await openModelDir(MXNET, { heads: 4 });
  await writeModelDir(copy.path, model);
  const arrays = await readWeightFile(join(copy.path, "model.safetensors"));
  assert(arrays.has("layers.0.attention.query.weight"));
});
