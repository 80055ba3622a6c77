import { assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { prepareTables } from "../../../../lib/data/encode/prepare.ts";
import { openDevice } from "../../../../lib/device/mod.ts";
import { classify } from "../../../../lib/evaluate/classify.ts";
import { scoreTable } from "../../../../lib/evaluate/evaluate.ts";
import {
  createClassifier,
  loadClassifier,
} from "../../../../lib/model/load.ts";
import { openTrained } from "../../../../lib/run/trained/open_trained.ts";
import { openTokenizer } from "../../../../lib/text/open_tokenizer.ts";
import {
  type TextRecipe,
  tokenizerOptions,
} from "../../../../lib/text/recipe.ts";
import { openTableFor } from "../../../../lib/train/data/open_table.ts";
import { openModelDir } from "../../../../lib/weights/model_dir.ts";
import { writeModelDir } from "../../../../lib/weights/write_model_dir.ts";
import { Random } from "../../../support/random.ts";

const MODELS = ["fixtures/golden/mxnet", "fixtures/golden/hf"];
const WORDS =
  "a man woman dog is in the park . , Playing! naïve 東京 [SEP] <unk>"
    .split(" ");

/** A text of up to so many words. */
function textOf(random: Random, most: number): string {
  const count = 1 + random.below(most);
  return Array.from({ length: count }, () => random.pick(WORDS)).join(" ");
}

/** Settings as somebody may choose them, and rows that are cut by them. */
function draw(seed: number) {
  const random = new Random(`predict equals eval ${seed}`);
  const sentences = random.pick(["pair", "single", "hypothesis-only"] as const);
  const rows = Array.from({ length: 12 }, (_, i) => ({
    premise: textOf(random, 20),
    hypothesis: sentences === "single" ? null : textOf(random, 20),
    label: i % 3,
  }));
  return {
    model: random.pick(MODELS),
    rows,
    text: {
      maxLength: 3 + random.below(25),
      truncation: random.pick(
        ["longest-first", "longest-first-hf", "ratio"] as const,
      ),
      sentences,
    },
  };
}

/** Trains nothing, and writes the model that finetune would. */
async function writeRun(
  run: string,
  model: string,
  text: TextRecipe,
  seed: number,
): Promise<void> {
  const pretrained = await openModelDir(model, { heads: 4 });
  const classifier = createClassifier(
    { ...pretrained, arrays: new Map(pretrained.arrays) },
    { seed, text },
  );
  const arrays = await classifier.copyParameters();
  await writeModelDir(run, {
    config: classifier.config,
    vocabularyFile: pretrained.vocabularyFile,
    arrays,
  });
  classifier.dispose();
}

for (let seed = 0; seed < 30; seed++) {
  const { model, rows, text } = draw(seed);
  const settings = `${model.split("/").at(-1)} ${text.sentences} ` +
    `${text.maxLength} ${text.truncation}`;

  Deno.test(`predict says row for row what eval does (${seed}: ${settings})`, async () => {
    const folder = await Deno.makeTempDir();
    await openDevice("cpu", { threads: 1, blas: "none" });
    const { config, vocabularyFile } = await openModelDir(model, { heads: 4 });
    const data = join(folder, "test.jsonl");
    const lines = rows.map(({ hypothesis, ...row }) =>
      JSON.stringify(hypothesis === null ? row : { ...row, hypothesis })
    );
    await Deno.writeTextFile(data, lines.join("\n"));
    await prepareTables(join(folder, "table"), {
      ...config.text,
      ...text,
      data: [`train=${data}`],
      vocabularyFile,
      labels: config.labels,
      workers: 1,
    });
    const { manifest } = await openTableFor(join(folder, "table"), {
      ...await openModelDir(model, { heads: 4 }),
    });
    await writeRun(join(folder, "run"), model, manifest.text, seed);
    const { opened } = await openTrained(join(folder, "run"), {});
    const used = loadClassifier(opened);
    const tables = await openTableFor(join(folder, "table"), opened);
    const scores = await scoreTable(used, await tables.open("train"), {
      batchSize: 12,
    });
    const recipe = opened.config.text;
    const tokenizer = await openTokenizer(
      opened.vocabularyFile,
      tokenizerOptions(recipe),
    );
    const predictions = await classify(used, rows, { tokenizer });
    assertEquals(
      predictions.map(({ label }) => config.labels.indexOf(label)),
      [...scores.predicted],
    );
    // They are the logits, but for a constant.
    predictions.flatMap(({ probabilities }) => Object.values(probabilities))
      .forEach((probability, i) =>
        assertAlmostEquals(probability, scores.probabilities[i], 1e-7)
      );
    used.dispose();
    await Deno.remove(folder, { recursive: true });
  });
}
