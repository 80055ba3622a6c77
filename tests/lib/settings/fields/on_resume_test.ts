import { assertEquals } from "@std/assert";
import { taskSchemas } from "../../../../lib/settings/config.ts";
import { onResumeOf } from "../../../../lib/settings/fields/on_resume.ts";
import { configJsonSchema } from "../../../../lib/settings/schema.ts";

const { shape } = taskSchemas.finetune;

Deno.test("every setting of finetune says what becomes of it when a run goes on", () => {
  const silent = Object.entries(shape)
    .filter(([, schema]) => onResumeOf(schema, {}) === undefined)
    .map(([name]) => name);
  assertEquals(silent, []);
});

for (
  const [how, begunWith, expected] of [
    ["at a constant rate", {}, "extends"],
    ["after a warm-up of some steps", { warmupSteps: 9 }, "extends"],
    ["at a falling rate", { schedule: "linear" }, "refused"],
    ["after a warm-up of a share", { warmupRatio: 0.1 }, "refused"],
  ] as const
) {
  const what = expected === "extends" ? "can be extended" : "keeps its length";
  Deno.test(`a run that began ${how} ${what}`, () => {
    assertEquals(onResumeOf(shape.epochs, begunWith), expected);
  });
}

Deno.test("what becomes of settings is no keyword of the JSON Schema", () => {
  assertEquals(JSON.stringify(configJsonSchema()).includes("onResume"), false);
});
