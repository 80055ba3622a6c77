import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { textOfParse } from "../../../../lib/data/read/snli.ts";
import {
  LABELS,
  readExamples,
  SNLI_HEADER,
  snliFixture,
  snliRow,
} from "../../../support/data/data_files.ts";

const read = (content: string | Uint8Array, labels = LABELS) =>
  readExamples("a.txt", content, { labels });

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
      sourceLine: 2,
    },
    {
      premise,
      hypothesis: "Two woman are holding packages .",
      label: 0,
      sourceLine: 3,
    },
    {
      premise,
      hypothesis: "The men are fighting outside a deli .",
      label: 1,
      sourceLine: 4,
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
  assertEquals(examples.map(({ label, sourceLine }) => [label, sourceLine]), [
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
      "line 1: it has label, premise, hypothesis, expected sentence1_binary_parse",
    ],
    [
      "a row that is cut short",
      `${SNLI_HEADER}\n${snliRow("neutral", "a", "b")}\nneutral\t( a\n`,
      "line 3: it has 2 columns, expected at least 7",
    ],
    [
      "a label that the model lacks",
      `${SNLI_HEADER}\n${snliRow("unrelated", "a", "b")}\n`,
      'line 2, column "gold_label": the label is "unrelated", expected entailment, contradiction, neutral',
    ],
  ]
) {
  Deno.test(`an SNLI reader refuses ${what}`, async () => {
    const error = await assertRejects(() => read(content), UserError, expected);
    assertEquals(error.code, "bad-data");
  });
}

Deno.test("the words of a parse are what the book's own expressions leave", async () => {
  const text = (parse: string) =>
    parse.replace(/[()]/g, "").replace(/\s{2,}/g, " ")
      .trim();
  const files = await snliFixture();
  const rows = new TextDecoder().decode(files["snli_1.0_train.txt"]).split(
    "\n",
  );
  const parses = rows.slice(1).flatMap((row) => row.split("\t").slice(1, 3));
  assertEquals(parses.map(textOfParse), parses.map(text));
});

Deno.test("MultiNLI's columns are read, its labels may be cut off", async () => {
  const header =
    "gold_label\tsentence1_binary_parse\tsentence2_binary_parse\t" +
    "sentence1_parse\tsentence2_parse\tsentence1\tsentence2\tpromptID\t" +
    "pairID\tgenre\tlabel1\tlabel2\tlabel3\tlabel4\tlabel5\n";
  const row = 'neutral\t( "a )\t( b )\t\t\t"a\tb\t1\t1n\tfiction\tneutral\n';
  assertEquals(await read(header + row), [
    { premise: '"a', hypothesis: "b", label: 2, sourceLine: 2 },
  ]);
});

Deno.test("SNLI's plain sentences are read when they are named", async () => {
  const row = "neutral\t( x )\t( y )\t\t\tA dog.\tIt runs.\n";
  const examples = await readExamples("a.txt", `${SNLI_HEADER}\n${row}`, {
    fields: { premise: "sentence1", hypothesis: "sentence2" },
  });
  assertEquals(examples, [
    { premise: "A dog.", hypothesis: "It runs.", label: 2, sourceLine: 2 },
  ]);
});

Deno.test("binary parses are cleaned in any format", async () => {
  const line = '{"sentence1_binary_parse": "( A ( dog . ) )", "label": 0}';
  const examples = await readExamples("a.jsonl", line, {
    fields: { premise: "sentence1_binary_parse" },
  });
  assertEquals(examples[0].premise, "A dog .");
});

Deno.test("a table of other columns that is called .txt is told its right name", async () => {
  const sick = "pair_ID\tsentence_A\tsentence_B\tentailment_label\n";
  const error = await assertRejects(() => read(sick), UserError);
  assertEquals(
    error.hint.split(";")[0],
    "a .txt file has SNLI's columns: let another table's name end in .tsv",
  );
});
