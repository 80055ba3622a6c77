/** Models with every setting of BERT's tokenizer, asked as a user asks them. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  classify,
  encodePair,
  loadClassifier,
  openDevice,
  openModel,
  tokenizerOf,
  tokenizerOptions,
} from "../../../mod.ts";
import { runTask } from "../../support/tasks/run_task.ts";
import { withFolder } from "../../support/with_folder.ts";

const GOLDEN = "fixtures/golden/families";
const SETTINGS = [
  "bert_accents",
  "bert_added_tokens",
  "bert_cased",
  "bert_cased_no_accents",
  "bert_no_chinese",
];

interface Text {
  premise: string;
  hypothesis: string | null;
  max_len: number;
  input_ids: number[];
  logits: number[];
}

/** A golden model; without its tokenizer.json, as transformers 4 left them. */
async function copyModel(name: string, folder: string, slow: boolean) {
  const source = join(GOLDEN, name);
  for await (const { name: file } of Deno.readDir(source)) {
    if (slow && file === "tokenizer.json") continue;
    await Deno.copyFile(join(source, file), join(folder, file));
  }
  if (slow && name === "bert_added_tokens") {
    await Deno.writeTextFile(
      join(folder, "added_tokens.json"),
      '{"[E1]": 2351, "[E2]": 2352}',
    );
  }
  const reference = await Deno.readTextFile(join(source, "reference.json"));
  return JSON.parse(reference).texts as Text[];
}

function assertLogits(found: readonly number[], expected: readonly number[]) {
  assertEquals(found.length, expected.length);
  found.forEach((logit, i) => assertAlmostEquals(logit, expected[i], 1e-5));
}

for (const name of SETTINGS) {
  for (const slow of [false, true]) {
    const called = `${name}${slow ? " without tokenizer.json" : ""}`;

    Deno.test(`${called} gives transformers' ids and logits`, () =>
      withFolder(async (folder) => {
        const texts = await copyModel(name, folder, slow);
        await openDevice("cpu", { threads: 1, blas: "none" });
        const opened = await openModel(folder, {
          maxLength: texts[0].max_len,
        });
        const options = tokenizerOptions(opened.config.text);
        const tokenizer = tokenizerOf(opened.vocabulary, options);
        const ids = texts.map(({ premise, hypothesis }) =>
          encodePair(tokenizer, premise, hypothesis, opened.config.text)
            .tokenIds
        );
        assertEquals(ids, texts.map(({ input_ids }) => input_ids));
        const answers = await classify(loadClassifier(opened), texts, {
          tokenizer,
        });
        answers.forEach(({ logits }, i) =>
          assertLogits(Object.values(logits), texts[i].logits)
        );
      }));
  }
}

Deno.test("predict gives transformers' logits for every setting of the tokenizer", () =>
  withFolder(async (folder) => {
    for (const name of SETTINGS) {
      const model = join(folder, name);
      await Deno.mkdir(model);
      const texts = await copyModel(name, model, name === "bert_cased");
      const pairs = texts.filter(({ hypothesis }) => hypothesis !== null);
      const file = join(folder, `${name}.jsonl`);
      await Deno.writeTextFile(
        file,
        pairs.map(({ premise, hypothesis }) =>
          JSON.stringify({ premise, hypothesis }) + "\n"
        ).join(""),
      );
      const { events } = await runTask("predict", [
        `--model=${model}`,
        `--data=${file}`,
        `--max-len=${pairs[0].max_len}`,
        "--device=cpu",
        "--threads=1",
      ], { cwd: folder });
      const answers = events.filter(({ event }) => event === "prediction");
      assertEquals(answers.length, pairs.length);
      answers.forEach(({ logits }, i) =>
        assertLogits(Object.values(Object(logits)), pairs[i].logits)
      );
    }
  }));
