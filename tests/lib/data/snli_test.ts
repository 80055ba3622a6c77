import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { Example } from "../../../lib/data/example.ts";
import { readSnli, textOfParse } from "../../../lib/data/snli.ts";
import { UserError } from "../../../lib/errors.ts";
import {
  LABELS,
  SNLI_HEADER,
  snliFixture,
  snliRow,
  withFiles,
} from "./data_files.ts";

async function read(
  content: string | Uint8Array,
  labels = LABELS,
): Promise<Example[]> {
  let examples: Example[] = [];
  await withFiles({ "a.txt": content }, async (directory) => {
    examples = await Array.fromAsync(
      readSnli(join(directory, "a.txt"), labels),
    );
  });
  return examples;
}

Deno.test("SNLI's first rows are read as the book reads them", async () => {
  const files = await snliFixture();
  const examples = await read(files["snli_1.0_train.txt"]);
  const premise = "Two women are embracing while holding to go packages .";
  assertEquals(examples.slice(0, 3), [
    {
      premise,
      hypothesis:
        "The sisters are hugging goodbye while holding to go packages after just eating lunch .",
      label: 2,
      row: 2,
    },
    {
      premise,
      hypothesis: "Two woman are holding packages .",
      label: 0,
      row: 3,
    },
    {
      premise,
      hypothesis: "The men are fighting outside a deli .",
      label: 1,
      row: 4,
    },
  ]);
});

Deno.test("SNLI's fixture has its 8,842 and 1,000 pairs", async () => {
  const files = await snliFixture();
  const rows = Object.values(files).map(async (file) =>
    (await read(file)).filter(({ label }) => label !== null).length
  );
  assertEquals((await Promise.all(rows)).sort(), [1000, 8842]);
});

for (
  const [what, parse, text] of [
    ["every bracket goes", "( ( A ( b ) ) c )", "A b c"],
    ["brackets inside words go too", "(a(b)c) d", "abc d"],
    [
      "brackets of the sentence itself stay",
      "( -LRB- x -RRB- )",
      "-LRB- x -RRB-",
    ],
    [
      "two or more spaces of any kind become one",
      "a \t\u00a0b\u3000\u2028c",
      "a b c",
    ],
    [
      "a single character of white space stays",
      "a\u00a0b\u3000c",
      "a\u00a0b\u3000c",
    ],
    ["Python's own spaces are spaces", "\x1c a\x1d\x85b \x1f", "a b"],
    [
      "a zero-width no-break space is no space",
      "\ufeff a \ufeff",
      "\ufeff a \ufeff",
    ],
  ]
) {
  Deno.test(`cleaning a parse: ${what}`, () => {
    assertEquals(textOfParse(parse), text);
  });
}

Deno.test("rows without a gold label have none", async () => {
  const examples = await read(
    [SNLI_HEADER, snliRow("-", "a", "b"), snliRow("neutral", "c", "d"), ""]
      .join("\n"),
  );
  assertEquals(examples.map(({ label, row }) => [label, row]), [
    [null, 2],
    [2, 3],
  ]);
});

Deno.test("a label's class is its place among the model's labels", async () => {
  const examples = await read(
    [SNLI_HEADER, snliRow("neutral", "a", "b")].join("\r\n"),
    ["contradiction", "neutral", "entailment"],
  );
  assertEquals(examples[0].label, 1);
});

for (
  const [what, content, expected] of [
    ["an empty file", "", "it is empty"],
    [
      "another header",
      "label\tpremise\thypothesis\n",
      'line 1: column 1 is "label", expected "gold_label"',
    ],
    [
      "a row that is cut short",
      `${SNLI_HEADER}\n${snliRow("neutral", "a", "b")}\nneutral\t( a\n`,
      "line 3: it has 2 columns, expected at least 7",
    ],
    [
      "a label that the model lacks",
      `${SNLI_HEADER}\n${snliRow("Neutral", "a", "b")}\n`,
      'line 2, column "gold_label": the label is "Neutral", expected entailment, contradiction, neutral',
    ],
  ]
) {
  Deno.test(`an SNLI reader refuses ${what}`, async () => {
    const error = await assertRejects(() => read(content), UserError, expected);
    assertEquals(error.code, "bad-data");
  });
}
