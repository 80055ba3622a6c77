import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type TaskName, taskSchemas } from "../../../lib/settings/config.ts";
import {
  configJsonSchema,
  flagName,
  kindOf,
} from "../../../lib/settings/schema.ts";

Deno.test("a field's flag is its name in kebab-case", () => {
  assertEquals(["lr", "maxLen", "checkpointEvery"].map(flagName), [
    "lr",
    "max-len",
    "checkpoint-every",
  ]);
});

Deno.test("a field's kind follows from its schema", () => {
  const { preprocess, finetune } = taskSchemas;
  assertEquals(
    [
      finetune.shape.resume,
      finetune.shape.dropout,
      finetune.shape.device,
      preprocess.shape.data,
      finetune.shape.labels,
      preprocess.shape.expectRows,
    ].map(kindOf),
    ["boolean", "number", "text", "list", "names", "record"],
  );
});

/** Compiles the schema of each task once, when it is first asked for. */
const ajv = new Ajv2020();
ajv.addSchema(configJsonSchema(), "config");

/** Whether the JSON Schema takes a config file of a task. */
function jsonSchemaTakes(task: TaskName, config: unknown): boolean {
  const validate = ajv.getSchema(`config#/$defs/${task}`);
  return validate!(config) as boolean;
}

for (
  const [task, config] of [
    ["finetune", {}],
    ["finetune", { epochs: 3, lr: 1e-5, device: "cpu", labels: ["a", "b"] }],
    ["finetune", { epochs: 0 }],
    ["finetune", { epochs: "3" }],
    ["finetune", { batchSize: 1.5 }],
    ["finetune", { dropout: 1 }],
    ["finetune", { dropout: 0.999 }],
    ["finetune", { device: "tpu" }],
    ["finetune", { labels: ["a"] }],
    ["finetune", { colour: 1 }],
    ["finetune", []],
    ["preprocess", { data: ["train=a.csv"], expectRows: { train: 3 } }],
    ["preprocess", { data: [] }],
    ["preprocess", { data: "train=a.csv" }],
    ["preprocess", { expectRows: { train: -1 } }],
    ["eval", { minAccuracy: 1, split: "" }],
    ["predict", { premise: "" }],
    ["sweep", { settings: { epochs: 2 }, vary: { lr: [1e-4] }, seeds: "0-4" }],
    ["sweep", { ranges: { lr: { min: 1e-5, max: 1e-3 } }, trials: 3 }],
    ["sweep", { settings: { epochs: 0 } }],
    ["sweep", { vary: { lr: [] } }],
    ["sweep", { vary: { seed: [1] } }],
    ["sweep", { seeds: "0-" }],
  ] as [TaskName, unknown][]
) {
  Deno.test(`the JSON Schema judges ${JSON.stringify(config)} of ${task} as the program does`, () => {
    const { success } = taskSchemas[task].safeParse(config);
    assertEquals(jsonSchemaTakes(task, config), success);
  });
}

Deno.test("the JSON Schema lets a config file name its schema", () => {
  assert(jsonSchemaTakes("finetune", { $schema: "x.json", epochs: 3 }));
});

Deno.test("the JSON Schema as a whole takes what any task takes", () => {
  const validate = new Ajv2020().compile(configJsonSchema());
  assertEquals(
    [{ epochs: 3 }, { split: "dev" }, { epochs: 3, split: "dev" }].map((
      config,
    ) => validate(config)),
    [true, true, false],
  );
});
