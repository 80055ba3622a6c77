import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { openDataset } from "../../../../lib/data/sources/source.ts";
import { findSplitRows } from "../../../../lib/data/sources/split_column.ts";
import type { WarningEvent } from "../../../../lib/events/events.ts";
import { LABELS, withFiles } from "../../../support/data/data_files.ts";

/** A CSV file whose rows have these values in a column. */
function csv(column: string, values: readonly string[]): string {
  return `premise,hypothesis,label,${column}\n` +
    values.map((value, i) => `Person ${i} .,He runs .,neutral,${value}\n`)
      .join("");
}

/** How many rows a file of a name and a content has for each split. */
async function splitsOf(
  name: string,
  content: string,
): Promise<Record<string, number> | null> {
  let found: Record<string, number> | null = null;
  await withFiles({ [name]: content }, async (directory) => {
    const file = { path: join(directory, name), shown: name };
    const splits = await findSplitRows(file, {});
    found = splits &&
      Object.fromEntries(splits.map(({ split, rows }) => [split, rows]));
  });
  return found;
}

for (
  const [what, name, content, expected] of [
    ["usual names", "a.csv", csv("split", ["test", "train", "dev", "train"]), {
      train: 2,
      dev: 1,
      test: 1,
    }],
    ["other names and case", "a.csv", csv("Split", ["Validation", "TRAIN"]), {
      train: 1,
      dev: 1,
    }],
    ["SICK's names", "a.csv", csv("SemEval_set", ["TRIAL", "TRAIN", "TEST"]), {
      train: 1,
      dev: 1,
      test: 1,
    }],
    ["one of them alone", "a.csv", csv("split", ["test", "test"]), { test: 2 }],
    ["a column called subset", "a.csv", csv("subset", ["train", "dev"]), {
      train: 1,
      dev: 1,
    }],
    [
      "a column called subset of other things",
      "a.csv",
      csv("subset", ["train", "news"]),
      null,
    ],
    ["no such column", "a.csv", csv("genre", ["train", "dev"]), null],
    [
      "JSON Lines",
      "a.jsonl",
      ["train", "test"].map((split) =>
        JSON.stringify({ premise: "A man .", label: 0, split })
      ).join("\n"),
      { train: 1, test: 1 },
    ],
    [
      "a JSON array",
      "a.json",
      JSON.stringify(["dev", "train"].map((split) => ({
        split,
        premise: "A man .",
        label: 0,
      }))),
      { train: 1, dev: 1 },
    ],
    [
      "a TSV file",
      "a.tsv",
      "split\tpremise\thypothesis\tlabel\ndev\tA man .\tHe .\tneutral\n",
      { dev: 1 },
    ],
  ] as const
) {
  Deno.test(`rows say their splits by ${what}`, async () => {
    assertEquals<unknown>(await splitsOf(name, content), expected);
  });
}

Deno.test("a column of splits with another name in it is refused", async () => {
  const error = await assertRejects(
    () => splitsOf("a.csv", csv("split", ["train", "gold"])),
    UserError,
    'column "split": it has rows of "gold", expected the names of splits',
  );
  assertStringIncludes(error.hint, "--data train=FILE");
});

for (
  const [what, spec, splits, message] of [
    ["a lone file", "DIR/a.csv", ["train", "dev"], "are those that its column"],
    ["a file named as train", "train=DIR/a.csv", ["train"], "All rows of"],
    ["a file in a folder", "DIR", ["train"], "All rows of"],
  ] as const
) {
  Deno.test(`the column of splits of ${what} is told`, () =>
    withFiles(
      {
        [what.includes("folder") ? "train.csv" : "a.csv"]: csv("split", [
          "dev",
          "train",
        ]),
      },
      async (directory) => {
        const warnings: WarningEvent[] = [];
        const dataset = await openDataset([spec.replace("DIR", directory)], {
          labels: LABELS,
          spoolFolder: "nowhere",
          onWarning: (warning) => warnings.push(warning),
        });
        assertEquals([...dataset.keys()], [...splits]);
        assertEquals(warnings.map(({ code }) => code), ["split-column"]);
        assertStringIncludes(warnings[0].message, message);
      },
    ));
}
