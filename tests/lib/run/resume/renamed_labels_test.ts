/** Names that a person gave to labels stay when a run goes on. */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { renamedLabels } from "../../../../lib/run/resume/renamed_labels.ts";
import { withFolder } from "../../../support/with_folder.ts";

const LABELS = ["a", "b"];

/** The labels of a run whose `config.json` has a content. */
async function labelsOf(content: unknown): Promise<string[]> {
  return await withFolder(async (run) => {
    const text = typeof content === "string"
      ? content
      : JSON.stringify(content);
    await Deno.writeTextFile(join(run, "config.json"), text);
    return await renamedLabels(run, LABELS);
  });
}

const named: [what: string, content: unknown, labels: string[]][] = [
  ["our own form", { labels: ["x", "b"] }, ["x", "b"]],
  ["transformers' form", {
    id2label: { 0: "x", 1: "b" },
    label2id: { x: 0, b: 1 },
    premise: {},
  }, ["x", "b"]],
  ["transformers' form, called by numbers", {
    id2label: { 0: "1", 1: "0" },
    label2id: { 0: 1, 1: 0 },
    premise: {},
  }, ["1", "0"]],
  ["transformers' form, called as it calls what has no name", {
    id2label: { 0: "LABEL_0", 1: "LABEL_1" },
    label2id: { LABEL_0: 0, LABEL_1: 1 },
    premise: {},
  }, ["LABEL_0", "LABEL_1"]],
];
for (const [what, content, labels] of named) {
  Deno.test(`labels that were renamed stay in ${what}`, async () => {
    assertEquals(await labelsOf(content), labels);
  });
}

const unnamed: [what: string, content: unknown][] = [
  ["has more labels", { labels: ["x", "y", "z"] }],
  ["has more labels in transformers' form", {
    id2label: { 0: "x", 1: "y", 2: "z" },
    premise: {},
  }],
  ["has no labels", { premise: {} }],
  ["has labels that are no names", { labels: [1, 2] }],
  ["has tables that are none", { id2label: "x", premise: {} }],
  ["is no JSON", "{"],
  ["is null", null],
];
for (const [what, content] of unnamed) {
  Deno.test(`a run whose config.json ${what} goes on with its own labels`, async () => {
    assertEquals(await labelsOf(content), LABELS);
  });
}

Deno.test("a run without a model goes on with its own labels", () =>
  withFolder(async (run) => {
    assertEquals(await renamedLabels(run, LABELS), LABELS);
  }));

Deno.test("a label with two names is refused by both", async () => {
  const { code, message } = await assertRejects(
    () =>
      labelsOf({
        id2label: { 0: "x", 1: "b" },
        label2id: { a: 0, b: 1 },
        premise: {},
      }),
    UserError,
  );
  assertEquals([code, message.includes('label "x" is 0 in id2label')], [
    "bad-model",
    true,
  ]);
});
