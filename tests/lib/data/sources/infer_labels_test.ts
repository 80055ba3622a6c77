import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { inferLabels } from "../../../../lib/data/sources/infer_labels.ts";
import { openDataset } from "../../../../lib/data/sources/source.ts";
import { LABELS, withFiles } from "../../../support/data/data_files.ts";

/** The labels of CSV files that have these. */
async function inferred(
  labels: readonly string[],
  more: { usual?: readonly string[]; dev?: readonly string[] } = {},
) {
  const csv = (labels: readonly string[]) =>
    "premise,label\n" + labels.map((label) => `a,${label}\n`).join("");
  const files = { "train.csv": csv(labels), "dev.csv": csv(more.dev ?? ["-"]) };
  let found: unknown;
  await withFiles(files, async (directory) => {
    const dataset = await openDataset([
      join(directory, "train.csv"),
      `dev=${join(directory, "dev.csv")}`,
    ], { labels: [], spoolFolder: "nowhere" });
    const { labels, counts } = await inferLabels(dataset, more);
    found = [labels, counts];
  });
  return found;
}

for (
  const [what, labels, expected] of [
    ["names", ["yes", "no", "yes"], [["no", "yes"], [1, 2]]],
    ["numbers", ["10", "2", "2"], [["2", "10"], [2, 1]]],
    ["numbers of pandas", ["1.0", "0.0", "1"], [["0", "1"], [1, 2]]],
    ["rows without a label", ["b", "-", "-1", "a", ""], [["a", "b"], [1, 1]]],
    ["other case and blanks", ["Yes", "yes ", "no", "yes"], [["no", "yes"], [
      1,
      3,
    ]]],
    ["an accent in one or two characters", ["é", "e\u0301", "a"], [["a", "é"], [
      1,
      2,
    ]]],
    ["an invisible blank", ["yes\u200b", "no", "yes"], [["no", "yes"], [1, 2]]],
    ["a class called none", ["none", "some"], [["none", "some"], [1, 1]]],
    ["a number with a sign", ["0", "1", "2+"], [["0", "1", "2+"], [1, 1, 1]]],
    ["words of boole", ["True", "False"], [["False", "True"], [1, 1]]],
  ] as const
) {
  Deno.test(`labels are taken from data with ${what}`, async () => {
    assertEquals<unknown>(await inferred(labels), expected);
  });
}

Deno.test("labels of every split are taken from the data", async () => {
  assertEquals(await inferred(["b", "a"], { dev: ["c"] }), [
    ["a", "b", "c"],
    [1, 1, 1],
  ]);
});

for (
  const [what, labels] of [
    ["two of them", ["neutral", "entailment"]],
    ["their letters", ["n", "e", "e"]],
    ["capitals", ["Neutral", "ENTAILMENT"]],
  ] as const
) {
  Deno.test(`the usual labels keep their order where the data have ${what}`, async () => {
    const [names, counts] = await inferred(labels, { usual: LABELS }) as [
      string[],
      number[],
    ];
    assertEquals(names, LABELS);
    assertEquals(counts, [labels.length - 1, 0, 1]);
  });
}

Deno.test("other labels than the usual ones are sorted", async () => {
  assertEquals(
    await inferred(["non-entailment", "entailment"], { usual: LABELS }),
    [["entailment", "non-entailment"], [1, 1]],
  );
});

for (
  const [name, text] of [
    ["a.csv", "text,target\nA dog,x\n"],
    ["a.jsonl", '{"text": "A dog", "target": "x"}\n'],
  ]
) {
  Deno.test(`where ${name} has no known column of labels, its columns are told`, () =>
    withFiles({ [name]: text }, async (directory) => {
      const dataset = await openDataset([join(directory, name)], {
        labels: [],
        spoolFolder: "nowhere",
      });
      const { code, message, hint } = await assertRejects(
        () => inferLabels(dataset, {}),
        UserError,
      );
      assertEquals(code, "bad-data");
      assertStringIncludes(message, "it has text, target, expected label or");
      assertStringIncludes(hint ?? "", "--label-field");
    }));
}

for (
  const [what, labels, message] of [
    ["scores", ["2.5", "4.0", "1.25"], "numbers with fractions, as 2.5"],
    ["ids", Array.from({ length: 101 }, (_, i) => `id${i}`), "more than 100"],
    ["one name", ["yes", "yes"], 'all are "yes"'],
    ["none", ["-", "-"], "there are none"],
    [
      "no other label than -1",
      ["-", "-1"],
      "there are none; 1 row has -1, taken as no label " +
      "(--labels=-1,0,1 keeps it as a class)",
    ],
    [
      "one label beside -1",
      ["1", "-1", "-1.0"],
      'all are "1"; 2 rows have -1, taken as no label (--labels=-1,1 keeps',
    ],
    ["pandas' NaN", ["a", "b", "NaN"], '"NaN" says that a label is missing'],
    ["a database's null", ["0", "1", "null"], '"null" says that a label'],
    [
      "numbers beside words",
      ["0", "neutral", "2"],
      'there are numbers, as 0, and words, as "neutral"',
    ],
  ] as const
) {
  Deno.test(`labels are not taken from data with ${what}`, async () => {
    const error = await assertRejects(
      () => inferred(labels),
      UserError,
      message,
    );
    assertEquals(error.code, "bad-data");
  });
}
