import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { readExamples } from "../../../support/data/data_files.ts";

const read = (content: string) => readExamples("a.jsonl", content);

Deno.test("objects with other fields and lines without any are read", async () => {
  const content =
    '\ufeff{"premise": "a", "hypothesis": "b", "label": 2, "id": 7}\r\n' +
    "\r\n" +
    '{"premise": "é", "hypothesis": "c", "label": "entailment"}\r\n';
  assertEquals(await read(content), [
    { premise: "a", hypothesis: "b", label: 2, sourceLine: 1 },
    { premise: "é", hypothesis: "c", label: 0, sourceLine: 3 },
  ]);
});

Deno.test("without a hypothesis, or with null, a sentence is single", async () => {
  const content = '{"premise": "a", "label": 0}\n' +
    '{"premise": "a", "hypothesis": null, "label": 0}\n';
  const examples = await read(content);
  assertEquals(examples.map(({ hypothesis }) => hypothesis), [null, null]);
});

Deno.test("labels may be names or indices, - and -1 are none", async () => {
  const labels = ['"neutral"', "1", '"0"', '"-"', "-1"];
  const examples = await read(
    labels.map((label) => `{"premise": "a", "label": ${label}}`).join("\n"),
  );
  assertEquals(examples.map(({ label }) => label), [2, 1, 0, null, null]);
});

for (
  const [what, line, expected] of [
    ["text that is not JSON", "{premise: 1}", "line 2: it is not JSON"],
    ["an array", '["a", "b"]', 'line 2: it is ["a", "b"], expected a JSON obj'],
    [
      "no premise",
      '{"label": 0}',
      'line 2, column "premise": it is missing, expected a string',
    ],
    [
      "no label",
      '{"premise": "a"}',
      'line 2, column "label": it is missing',
    ],
    [
      "a number for a sentence",
      '{"premise": 5, "label": 0}',
      'line 2, column "premise": it is 5, expected a string',
    ],
    [
      "an index that is no class",
      '{"premise": "a", "label": 3}',
      'line 2, column "label": the label is 3, expected entailment',
    ],
    [
      "null for a label",
      '{"premise": "a", "label": null}',
      'line 2, column "label": the label is missing',
    ],
  ]
) {
  Deno.test(`a JSON Lines reader refuses ${what}`, async () => {
    const good = '{"premise": "a", "label": 0}\n';
    const error = await assertRejects(
      () => read(good + line + "\n"),
      UserError,
      expected,
    );
    assertEquals(error.code, "bad-data");
  });
}

for (
  const [of, line] of [
    [
      "SNLI and MultiNLI",
      '{"annotator_labels": ["neutral"], "gold_label": "neutral", ' +
      '"sentence1": "a", "sentence1_binary_parse": "( x )", "sentence2": "b"}',
    ],
    [
      "ANLI",
      '{"uid": "u", "context": "a", "hypothesis": "b", "label": "n", ' +
      '"model_label": "c", "reason": ""}',
    ],
    [
      "Hugging Face's SNLI, MultiNLI and ANLI",
      '{"uid": "u", "premise": "a", "hypothesis": "b", "label": 2, "idx": 0}',
    ],
    [
      "GLUE's RTE and WNLI",
      '{"sentence1": "a", "sentence2": "b", "label": 2, "idx": 0}',
    ],
    [
      "GLUE's QNLI",
      '{"question": "a", "sentence": "b", "label": 2, "idx": 0}',
    ],
    [
      "GLUE's QQP",
      '{"qid1": 7, "question1": "a", "question2": "b", "is_duplicate": 2}',
    ],
    [
      "GLUE's MRPC",
      '{"Quality": 2, "#1 ID": 7, "#2 ID": 8, "#1 String": "a", ' +
      '"#2 String": "b"}',
    ],
  ]
) {
  Deno.test(`the fields of ${of} are found`, async () => {
    assertEquals(await read(line), [
      { premise: "a", hypothesis: "b", label: 2, sourceLine: 1 },
    ]);
  });
}

Deno.test("the fields of GLUE's single sentences are found", async () => {
  assertEquals(await read('{"sentence": "a", "label": 1, "idx": 0}'), [
    { premise: "a", hypothesis: null, label: 1, sourceLine: 1 },
  ]);
});

Deno.test("fields can be named", async () => {
  const line = '{"premise": "x", "text": "a", "claim": "b", "gold": 0}';
  const examples = await readExamples("a.jsonl", line, {
    fields: { premise: "text", hypothesis: "claim", label: "gold" },
  });
  assertEquals(examples, [{
    premise: "a",
    hypothesis: "b",
    label: 0,
    sourceLine: 1,
  }]);
});

Deno.test("a field that is named but not there is bad", async () => {
  await assertRejects(
    () =>
      readExamples("a.jsonl", '{"premise": "x", "label": 0}', {
        fields: { hypothesis: "claim" },
      }),
    UserError,
    "line 1: it has premise, label, expected claim as well",
  );
});

for (
  const [what, row, expected] of [
    ["no second sentence", '{"premise": "a", "label": 0}', "it is missing"],
    [
      "null",
      '{"premise": "a", "hypothesis": null, "label": 0}',
      "it is null, expected a string",
    ],
    [
      "a number",
      '{"premise": "a", "hypothesis": 42, "label": 0}',
      "it is 42, expected a string",
    ],
    [
      "a list",
      '{"premise": "a", "hypothesis": ["b"], "label": 0}',
      'it is ["b"], expected a string',
    ],
    [
      "pandas' NaN",
      '{"premise": "a", "hypothesis": NaN, "label": 0}',
      "it is NaN, which is not JSON",
    ],
    [
      "blanks",
      '{"premise": "a", "hypothesis": " ", "label": 0}',
      "it is blank, expected one of the two sentences of a pair",
    ],
    [
      "a second sentence under a mistyped name",
      '{"premise": "a", "hypotesis": "b", "label": 0}',
      "it is missing, expected a string",
    ],
  ]
) {
  Deno.test(`in JSON Lines of pairs a row with ${what} is bad`, async () => {
    const good = '{"premise": "a", "hypothesis": "b", "label": 0}\n';
    // Rows before it must not decide that the sentences are single ones.
    for (const [content, line] of [[good + row, 2], [row + "\n" + good, 1]]) {
      await assertRejects(
        () => read(content as string),
        UserError,
        `line ${line}, column "hypothesis": ${expected}`,
      );
    }
  });
}

Deno.test("numbers are labels in the order of the data", async () => {
  const lines = [0, 1, 2].map((n) => `{"premise": "a", "label": ${n}}\n`);
  const examples = await readExamples("a.jsonl", lines.join(""), {
    dataLabels: ["entailment", "neutral", "contradiction"],
  });
  assertEquals(examples.map(({ label }) => label), [0, 2, 1]);
});
