import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { Example } from "../../../lib/data/example.ts";
import { readJsonLines } from "../../../lib/data/jsonl.ts";
import { UserError } from "../../../lib/errors.ts";
import { LABELS, withFiles } from "./data_files.ts";

async function read(content: string): Promise<Example[]> {
  let examples: Example[] = [];
  await withFiles({ "a.jsonl": content }, async (directory) => {
    examples = await Array.fromAsync(
      readJsonLines(join(directory, "a.jsonl"), LABELS),
    );
  });
  return examples;
}

Deno.test("objects in Hugging Face's and in SNLI's names are read", async () => {
  const content =
    '\ufeff{"premise": "a", "hypothesis": "b", "label": 2, "id": 7}\r\n' +
    "\r\n" +
    '{"sentence1": "é", "sentence2": "", "gold_label": "entailment"}\r\n';
  assertEquals(await read(content), [
    { premise: "a", hypothesis: "b", label: 2, row: 1 },
    { premise: "é", hypothesis: "", label: 0, row: 3 },
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
    ["no premise", '{"label": 0}', "line 2: it has no premise or sentence1"],
    ["no label", '{"premise": "a"}', "line 2: it has no label or gold_label"],
    [
      "a number for a sentence",
      '{"premise": 5, "label": 0}',
      'line 2, column "premise": it is 5, expected a string',
    ],
    [
      "a list for a sentence",
      '{"premise": "a", "hypothesis": ["b"], "label": 0}',
      'line 2, column "hypothesis": it is ["b"], expected a string',
    ],
    [
      "an index that is no class",
      '{"premise": "a", "label": 3}',
      'line 2, column "label": the label is 3, expected entailment',
    ],
    [
      "null for a label",
      '{"premise": "a", "label": null}',
      'line 2, column "label": the label is null',
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
