/**
 * Small inputs that stand for what people reported in public: what is read of
 * each, or why it is refused.
 */
import { assertEquals } from "@std/assert";
import expected from "../fixtures/cases/expected.json" with { type: "json" };
import { UserError } from "../lib/base/errors.ts";
import { prepareTables } from "../lib/data/encode/prepare.ts";
import type { PrepareTablesOptions } from "../lib/data/encode/prepare_options.ts";
import { readTableDir } from "../lib/data/table/table_dir.ts";
import { withFolder } from "./support/with_folder.ts";

/** The labels of a model that has some, or none. */
const LABELS = {
  model: ["entailment", "contradiction", "neutral"],
  auto: null,
};

/** What is read of a file or folder, as `expected.json` has it. */
async function read(
  path: string,
  labels: PrepareTablesOptions["labels"],
): Promise<unknown> {
  const warnings: string[] = [];
  const told = (text: string) => text.replaceAll("fixtures/cases/", "");
  let found: object = {};
  await withFolder(async (folder) => {
    try {
      const { directory, manifest } = await prepareTables(`${folder}/tables`, {
        data: [`fixtures/cases/${path}`],
        vocabularyFile: "fixtures/golden/mxnet/vocab.json",
        tokenizer: { kind: "words", lowerCase: true },
        labels,
        maxLength: 64,
        truncation: "longest-first",
        workers: 1,
        onWarning: ({ code, message }) =>
          warnings.push(told(`${code}: ${message}`)),
      });
      found = { splits: await rowsOf(directory, Object.keys(manifest.splits)) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      found = { refused: told(error.message) };
    }
  });
  return { ...found, warnings };
}

/** Line, sentences and label of each row. */
async function rowsOf(
  directory: string,
  names: readonly string[],
): Promise<Record<string, unknown[]>> {
  const { manifest, open } = await readTableDir(directory);
  const splits: Record<string, unknown[]> = {};
  for (const name of names) {
    const table = await open(name);
    splits[name] = Array.from({ length: table.rows }, (_, i) => [
      table.sourceLines[i],
      table.premise(i),
      table.hypothesis(i),
      manifest.labels[table.labels[i]],
    ]);
  }
  return splits;
}

for (const [path, cases] of Object.entries(expected)) {
  for (const [labels, result] of Object.entries(cases)) {
    const whose = labels === "auto" ? "the data's labels" : "a model's labels";
    Deno.test(`${path} is read with ${whose} as it was meant, or refused`, async () => {
      assertEquals(
        await read(path, LABELS[labels as keyof typeof LABELS]),
        result as unknown,
      );
    });
  }
}
