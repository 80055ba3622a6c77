import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { prepareTables } from "../../../../lib/data/encode/prepare.ts";
import type { TextRecipe } from "../../../../lib/text/recipe.ts";
import { openTableFor } from "../../../../lib/train/data/open_table.ts";
import type { ModelConfig } from "../../../../lib/weights/model_config.ts";
import {
  type OpenedModel,
  openModelDir,
} from "../../../../lib/weights/model_dir.ts";

const MODEL = "fixtures/golden/mxnet";

/** A recipe that the table was not made by. */
const CASED: TextRecipe = {
  rules: 1,
  tokenizer: { kind: "words", lowerCase: false },
  maxLength: 64,
  truncation: "longest-first",
};

/** Tests with two pairs that were encoded for the small model. */
async function withTable(
  test: (table: string, model: OpenedModel) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const model = await openModelDir(MODEL, { heads: 4 });
    const { text, labels } = model.config;
    const data = join(folder, "pairs.jsonl");
    await Deno.writeTextFile(
      data,
      '{"premise":"a person","hypothesis":"people","label":"neutral"}\n' +
        '{"premise":"a ball","hypothesis":"two","label":"entailment"}\n',
    );
    await prepareTables(join(folder, "table"), {
      data: [data],
      vocabularyFile: model.vocabularyFile,
      ...text,
      labels,
      workers: 1,
    });
    await test(join(folder, "table"), model);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refused(
  table: string,
  model: OpenedModel,
): Promise<UserError> {
  return await assertRejects(() => openTableFor(table, model), UserError);
}

Deno.test("a table that was encoded for the model is opened", () =>
  withTable(async (table, model) => {
    const { rows } = await (await openTableFor(table, model)).open("train");
    assertEquals(rows, 2);
  }));

Deno.test("a directory that is no table is refused", () =>
  withTable(async (_, model) => {
    assertEquals((await refused(MODEL, model)).code, "bad-table");
  }));

Deno.test("a table of another vocabulary is refused", () =>
  withTable(async (table, model) => {
    const vocabularyFile = "fixtures/golden/hf/vocab.txt";
    const error = await refused(table, { ...model, vocabularyFile });
    assertEquals(error.code, "wrong-table");
    assertStringIncludes(error.message, "its vocabulary of 43 entries is not");
  }));

for (
  const [what, change, told] of [
    ["of text in another case", { text: CASED }, "is lower-cased"],
    [
      "with labels in another order",
      { labels: ["neutral", "contradiction", "entailment"] },
      "its labels are entailment, contradiction, neutral",
    ],
    ["with longer examples", { positions: 32 }, "up to 64 tokens"],
  ] as [string, Partial<ModelConfig>, string][]
) {
  Deno.test(`a table ${what} is refused`, () =>
    withTable(async (table, model) => {
      const config = { ...model.config, ...change };
      const error = await refused(table, { ...model, config, hasHead: true });
      assertEquals(error.code, "wrong-table");
      assertStringIncludes(error.message, told);
    }));
}

for (
  const [what, labels, told] of [
    [
      "as many labels of other names",
      ["follows", "contradiction", "open"],
      "--labels entailment,contradiction,neutral calls the model's so",
    ],
    [
      "the same labels in another order",
      ["neutral", "contradiction", "entailment"],
      "deno task preprocess --model",
    ],
    ["fewer labels", ["yes", "no"], "finetune --new-head"],
  ] as [string, string[], string][]
) {
  Deno.test(`a table is refused by a model of ${what} with what helps`, () =>
    withTable(async (table, model) => {
      const config = { ...model.config, labels };
      const { hint } = await refused(table, {
        ...model,
        config,
        hasHead: true,
      });
      assertStringIncludes(hint, told);
    }));
}

Deno.test("all that is wrong with a table is told at once", () =>
  withTable(async (table, model) => {
    const config = { ...model.config, text: CASED, positions: 32 };
    const { message } = await refused(table, { ...model, config });
    assertStringIncludes(message, "2 problems");
  }));
