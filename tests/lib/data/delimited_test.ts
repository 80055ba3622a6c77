import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readDelimited } from "../../../lib/data/delimited.ts";
import type { Example } from "../../../lib/data/example.ts";
import { UserError } from "../../../lib/errors.ts";
import { LABELS, withFiles } from "./data_files.ts";

async function read(
  content: string | Uint8Array,
  name = "a.csv",
): Promise<Example[]> {
  let examples: Example[] = [];
  await withFiles({ [name]: content }, async (directory) => {
    examples = await Array.fromAsync(
      readDelimited(join(directory, name), LABELS),
    );
  });
  return examples;
}

Deno.test("a CSV file's columns are found by name", async () => {
  const content = "\ufeffid,label,hypothesis,premise\r\n" +
    '1,neutral,"b, ""c""",a\r\n2,-,,é\r\n';
  assertEquals(await read(content), [
    { premise: "a", hypothesis: 'b, "c"', label: 2, row: 2 },
    { premise: "é", hypothesis: "", label: null, row: 3 },
  ]);
});

Deno.test("a row that spans lines is known by its first", async () => {
  const content = "premise,label\na,0\n\n" + '"b\nc\n\nd",1\ne,2\n';
  assertEquals(await read(content), [
    { premise: "a", hypothesis: null, label: 0, row: 2 },
    { premise: "b\nc\n\nd", hypothesis: null, label: 1, row: 4 },
    { premise: "e", hypothesis: null, label: 2, row: 8 },
  ]);
});

Deno.test("quotes mean nothing in a TSV file", async () => {
  const content = "gold_label\tsentence1\tsentence2\n" +
    'entailment\tHe said "no.\t"Yes", he said.\n';
  assertEquals(await read(content, "a.TSV"), [{
    premise: 'He said "no.',
    hypothesis: '"Yes", he said.',
    label: 0,
    row: 2,
  }]);
});

for (
  const [what, content, expected] of [
    ["an empty file", "", "it is empty"],
    [
      "a header without a premise",
      "text,label\na,0\n",
      "line 1: the columns are text, label, expected premise or sentence1",
    ],
    [
      "a header without a label",
      "premise,hypothesis\na,b\n",
      "expected label or gold_label as well",
    ],
    [
      "a header with one name twice",
      "premise,label,premise\na,0,b\n",
      'line 1, column "premise": there are two of that name',
    ],
    [
      "a row with too few cells",
      "premise,label\na,0\nb\n",
      "line 3: Invalid Record Length: expect 2, got 1",
    ],
    [
      "a quote that is never closed",
      'premise,label\n"a,0\nb,1\n',
      "Quote Not Closed",
    ],
    [
      "a label that the model lacks",
      'premise,label\n"a\nb",0\nc,maybe\n',
      'line 4, column "label": the label is "maybe"',
    ],
    ["an empty label", "premise,label\na,\n", 'the label is ""'],
  ]
) {
  Deno.test(`a CSV reader refuses ${what}`, async () => {
    const error = await assertRejects(() => read(content), UserError, expected);
    assertEquals(error.code, "bad-data");
  });
}

Deno.test("a CSV line that is not UTF-8 is named", async () => {
  const bytes = new TextEncoder().encode("premise,label\ncafe,0\n");
  bytes[17] = 0xe9;
  await assertRejects(
    () => read(bytes),
    UserError,
    "line 2: it is not UTF-8",
  );
});

Deno.test("a reader that is left early leaves no file open", async () => {
  const rows = "a,0\n".repeat(200_000);
  await withFiles({ "a.csv": "premise,label\n" + rows }, async (directory) => {
    for await (
      const example of readDelimited(join(directory, "a.csv"), LABELS)
    ) {
      if (example.row === 3) break;
    }
  });
});
