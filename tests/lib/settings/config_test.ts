import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  type TaskName,
  taskSchemas,
  taskSummaries,
} from "../../../lib/settings/config.ts";
import { kindOf } from "../../../lib/settings/schema.ts";

const tasks = Object.keys(taskSchemas) as TaskName[];

Deno.test("every task has its line of summary", () => {
  assertEquals(Object.keys(taskSummaries).sort(), [...tasks].sort());
});

Deno.test("every task's program is there", async () => {
  const programs = await Array.fromAsync(
    Deno.readDir(new URL("../../../tasks", import.meta.url)),
    ({ name }) => name.replace(/\.ts$/, ""),
  );
  assertEquals(tasks.filter((task) => !programs.includes(task)), []);
});

Deno.test("a switch of finetune is off unless it is given", () => {
  const defaults: Record<string, unknown> = taskSchemas.finetune.parse({});
  const switches = Object.entries(taskSchemas.finetune.shape)
    .filter(([, schema]) => kindOf(schema) === "boolean")
    .map(([key]) => key);
  assert(switches.includes("resume"));
  assertEquals(switches.filter((key) => defaults[key] !== false), []);
});

for (
  const [given, told] of [
    [{ override: true }, "--override needs --resume"],
    [{ minGain: 0.1 }, "--min-gain needs --patience"],
    [{ followBook: true, patience: 1 }, "--follow-book chooses no model"],
    [{ followBook: true, bestBy: "loss" }, "--follow-book chooses no model"],
  ] as const
) {
  Deno.test(`finetune refuses ${Object.keys(given).join(" with ")} alone`, () => {
    const { error } = taskSchemas.finetune.safeParse(given);
    assertMatch(error!.message, new RegExp(told));
  });
}

Deno.test("a config file cannot ask to resume and to overwrite", () => {
  const { error } = taskSchemas.finetune.safeParse({
    resume: true,
    overwrite: true,
  });
  assertMatch(error!.message, /--resume and --overwrite exclude each other/);
});

/** What finetune says of a config. */
function complaints(config: Record<string, unknown>): string[] {
  const { error } = taskSchemas.finetune.safeParse(config);
  return error?.issues.map(({ message }) => message) ?? [];
}

for (
  const [config, complaint] of [
    [
      { warmupSteps: 10, warmupRatio: 0.1 },
      "--warmup-steps and --warmup-ratio exclude each other",
    ],
    [{ weightDecay: 0.1 }, "--weight-decay needs --optimizer adamw or sgd"],
    [
      { momentum: 0.5, optimizer: "adamw" },
      "--momentum needs --optimizer sgd",
    ],
  ] as const
) {
  Deno.test(`finetune refuses ${JSON.stringify(config)}`, () => {
    assertEquals(complaints(config), [complaint]);
  });
}

for (
  const config of [
    { warmupRatio: 0.1, schedule: "linear" },
    { weightDecay: 0.1, optimizer: "adamw" },
    { weightDecay: 0.1, momentum: 0, optimizer: "sgd" },
  ]
) {
  Deno.test(`finetune takes ${JSON.stringify(config)}`, () => {
    assertEquals(complaints(config), []);
  });
}
