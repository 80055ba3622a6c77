import { assertEquals, assertRejects } from "@std/assert";
import { gzipSync } from "node:zlib";
import { UserError } from "../../../../lib/base/errors.ts";
import type { Example } from "../../../../lib/data/read/example.ts";
import {
  LABELS,
  readExamples,
  readRows,
  SNLI_HEADER,
  snliRow,
} from "../../../support/data/data_files.ts";

const A_B: Example[] = [{
  premise: "a",
  hypothesis: "b",
  label: 2,
  sourceLine: 2,
}];

Deno.test("a CSV file's columns are found by name", async () => {
  const content = "\ufeffid,label,hypothesis,premise\r\n" +
    '1,neutral,"b, ""c""",a\r\n2,-,d,é\r\n';
  assertEquals(await readExamples("a.csv", content), [
    { premise: "a", hypothesis: 'b, "c"', label: 2, sourceLine: 2 },
    { premise: "é", hypothesis: "d", label: null, sourceLine: 3 },
  ]);
});

Deno.test("a row that spans lines is known by its first", async () => {
  const content = "premise,label\na,0\n\n" + '"b\nc\n\nd",1\ne,2\n';
  assertEquals(await readExamples("a.csv", content), [
    { premise: "a", hypothesis: null, label: 0, sourceLine: 2 },
    { premise: "b\nc\n\nd", hypothesis: null, label: 1, sourceLine: 4 },
    { premise: "e", hypothesis: null, label: 2, sourceLine: 8 },
  ]);
});

Deno.test("rows have their lines in every piece of a file", async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `"row\n${i}",${i % 3}`);
  const content = ["premise,label", ...rows].join("\n");
  const examples = await readExamples("a.csv", content);
  assertEquals(
    examples.map(({ premise, sourceLine }) => [premise, sourceLine]),
    rows.map((_, i) => [`row\n${i}`, 2 + 2 * i]),
  );
});

Deno.test("quotes mean nothing in a TSV file", async () => {
  const content = "gold_label\tsentence1\tsentence2\n" +
    'entailment\tHe said "no.\t"Yes", he said.\n';
  assertEquals(await readExamples("a.TSV", content), [{
    premise: 'He said "no.',
    hypothesis: '"Yes", he said.',
    label: 0,
    sourceLine: 2,
  }]);
});

Deno.test("quotes are quotes in a TSV file whose header has them", async () => {
  const content = '"premise"\t"label"\n"a\tb\n"\t"0"\n';
  const [{ premise }] = await readExamples("a.tsv", content);
  assertEquals(premise, "a\tb\n");
});

Deno.test("quotes are quotes in a TSV file when they are asked for", async () => {
  const content = 'premise\tlabel\n"a ""b"""\t0\n';
  const read = async (quoting: "csv" | "none") =>
    (await readExamples("a.tsv", content, { quoting }))[0].premise;
  assertEquals(await read("csv"), 'a "b"');
  assertEquals(await read("none"), '"a ""b"""');
});

for (const delimiter of [";", "|", " ", "\t"]) {
  Deno.test(`cells may stand between ${JSON.stringify(delimiter)}`, async () => {
    const content = "premise,hypothesis,label\n" + "a,b,neutral\n";
    const text = content.replaceAll(",", delimiter);
    assertEquals(await readExamples("a.csv", text, { delimiter }), A_B);
  });
}

Deno.test("GLUE's MultiNLI is read by its columns", async () => {
  const header = "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\t" +
    "sentence2_binary_parse\tsentence1_parse\tsentence2_parse\tsentence1\t" +
    "sentence2\tlabel1\tgold_label\n";
  const row = "0\t1\t1n\tg\t( x )\t( y )\t\t\ta\tb\tentailment\tneutral\n";
  assertEquals(await readExamples("train.tsv", header + row), A_B);
});

Deno.test("columns that are not read may have any names", async () => {
  const content = ",,premise,label\n1,2,a,0\n";
  assertEquals((await readExamples("a.csv", content)).length, 1);
});

for (
  const [name, content] of [
    ["a.csv.gz", "premise,hypothesis,label\na,b,neutral\n"],
    ["a.TSV.GZ", "premise\thypothesis\tlabel\na\tb\tneutral\n"],
    ["a.txt.gz", `${SNLI_HEADER}\n${snliRow("neutral", "( a )", "( b )")}`],
    [
      "a.jsonl.gz",
      '\n{"premise": "a", "hypothesis": "b", "label": "neutral"}\n',
    ],
  ]
) {
  Deno.test(`${name} is read out of gzip`, async () => {
    assertEquals(await readExamples(name, gzipSync(content)), A_B);
  });
}

for (
  const [what, content] of [
    ["CSV", "premise,hypothesis,label\na,b,neutral\n"],
    ["TSV", "premise\thypothesis\tlabel\na\tb\tneutral\n"],
    ["SNLI", `${SNLI_HEADER}\n${snliRow("neutral", "( a )", "( b )")}\n`],
  ]
) {
  Deno.test(`${what} without a name is told by its first line`, async () => {
    assertEquals(await readExamples("standard input", content), A_B);
  });
}

Deno.test("JSON Lines without a name are told by their first line", async () => {
  const line = '{"premise": "a", "hypothesis": "b", "label": 2}';
  assertEquals((await readExamples("pipe", line)).length, 1);
});

for (
  const [what, content, expected] of [
    ["an empty file", "", "it is empty"],
    [
      "a header without a premise",
      "body,label\na,0\n",
      "line 1: it has body, label, expected premise and hypothesis, sentence1",
    ],
    [
      "a header without a label",
      "premise,hypothesis\na,b\n",
      "expected label or gold_label or",
    ],
    [
      "a header with one name twice",
      "premise,label,premise\na,0,b\n",
      'line 1, column "premise": there are two of that name',
    ],
    [
      "a header that is not UTF-8",
      Uint8Array.of(0x70, 0xe9, 0x70, 10),
      "line 1: it is not UTF-8",
    ],
    [
      "a row with too few cells",
      "premise,label\na,0\nb\n",
      "line 3: it has 1 columns, expected 2",
    ],
    [
      "a row with too many cells",
      "premise,label\na,0\nb, c,0\n",
      "line 3: it has 3 columns, expected 2",
    ],
    [
      "a quote that is never closed",
      'premise,label\n"a,0\nb,1\n',
      "line 2: a quote in it is not closed",
    ],
    [
      "a label that the model lacks",
      'premise,label\n"a\nb",0\nc,maybe\n',
      'line 4, column "label": the label is "maybe"',
    ],
    ["an empty label", "premise,label\na,\n", "the label is missing"],
  ] as const
) {
  Deno.test(`a CSV reader refuses ${what}`, async () => {
    const error = await assertRejects(
      () => readExamples("a.csv", content),
      UserError,
      expected,
    );
    assertEquals(error.code, "bad-data");
  });
}

for (
  const [what, header, hint] of [
    [
      "without a column",
      "body,label",
      "the first line must name the columns; --premise-field, " +
      "--hypothesis-field and --label-field name them",
    ],
    [
      "with another delimiter",
      "premise:label",
      "--delimiter gives what separates the columns",
    ],
    [
      "that is empty",
      "",
      "--delimiter gives what separates the columns",
    ],
  ]
) {
  Deno.test(`a header ${what} is refused with the flag that helps`, async () => {
    const error = await assertRejects(
      () => readExamples("a.csv", header + "\na;0\n"),
      UserError,
      'Cannot read "a.csv", line 1: ',
    );
    assertEquals(error.hint, hint);
  });
}

Deno.test("a first letter is a label if no other begins so", async () => {
  const content = "premise,label\na,e\nb,n\nc,c\n";
  const { examples } = await readRows("a.csv", content);
  assertEquals(examples.map(({ label }) => label), [0, 2, 1]);
  const { bad } = await readRows("a.csv", content, {
    labels: [...LABELS, "empty"],
  });
  assertEquals(bad.map(({ sourceLine }) => sourceLine), [2]);
});

Deno.test("all bad rows of a piece are told, and the others read", async () => {
  const bytes = new TextEncoder().encode(
    "premise,label\na,0\nb\nc,1\nd,x\n?,1\ne,2\n",
  );
  bytes[bytes.indexOf(0x3f)] = 0xe9;
  const { examples, bad } = await readRows("a.csv", bytes);
  assertEquals(examples.map(({ premise }) => premise), ["a", "c", "e"]);
  assertEquals(bad.map(({ sourceLine, column }) => [sourceLine, column]), [
    [3, undefined],
    [5, "label"],
    [6, undefined],
  ]);
});
