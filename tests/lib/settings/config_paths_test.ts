import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { taskSchemas } from "../../../lib/settings/config.ts";
import { pathsFromFolder } from "../../../lib/settings/config_paths.ts";

const directory = await Deno.makeTempDir();
addEventListener(
  "unload",
  () => Deno.removeSync(directory, { recursive: true }),
);
await Deno.mkdir(join(directory, "settings/model"), { recursive: true });
await Deno.mkdir(join(directory, "elsewhere"));

/** A config file's fields, read from `settings/` by a task in its parent. */
function read(
  task: keyof typeof taskSchemas,
  fields: Record<string, unknown>,
): { paths: Record<string, unknown>; problems: string[] } {
  const problems: string[] = [];
  const place = { folder: "settings", directory };
  const { shape } = taskSchemas[task];
  return { paths: pathsFromFolder(fields, shape, place, problems), problems };
}

const absolute = join(directory, "a.csv");

for (
  const [task, field, value, path] of [
    ["finetune", "out", "run", "settings/run"],
    ["finetune", "out", "../run", "run"],
    ["finetune", "model", "model", "settings/model"],
    ["finetune", "model", "./other", "settings/other"],
    ["finetune", "model", "bert.small", "bert.small"],
    ["finetune", "model", "hf:a/b@v1", "hf:a/b@v1"],
    ["finetune", "weights", "a.params", "settings/a.params"],
    ["finetune", "weights", "random", "random"],
    ["finetune", "freeze", ["blocks"], ["blocks"]],
    ["finetune", "optimizer", "sgd", "sgd"],
    ["preprocess", "data", ["snli"], ["snli"]],
    ["preprocess", "data", ["hf:a/b/mnli"], ["hf:a/b/mnli"]],
    ["preprocess", "data", ["-", "dev=d.csv"], ["-", "dev=settings/d.csv"]],
    ["preprocess", "data", [absolute], [absolute]],
    ["preprocess", "dev", "d.csv", "settings/d.csv"],
    ["eval", "predictions", "said.jsonl", "settings/said.jsonl"],
    ["download", "hub", "mirror", "settings/mirror"],
    ["download", "hub", "http://127.0.0.1:1", "http://127.0.0.1:1"],
    ["compile", "out", "dist", "settings/dist"],
  ] as const
) {
  const shown = `"${field}": ${JSON.stringify(value)}`
    .replaceAll(directory, "/somewhere");
  Deno.test(`${shown} of a config file for ${task} starts from its folder`, () => {
    assertEquals(read(task, { [field]: value }), {
      paths: { [field]: path },
      problems: [],
    });
  });
}

Deno.test("paths inside a sweep's settings start from the file's folder", () => {
  const { paths } = read("sweep", {
    settings: { data: "./tables", epochs: 3 },
    vary: { model: ["model", "bert.base"], lr: [1e-3] },
  });
  assertEquals(paths, {
    settings: { data: "settings/tables", epochs: 3 },
    vary: { model: ["settings/model", "bert.base"], lr: [1e-3] },
  });
});

Deno.test("a word that is a path only in the task's directory is refused", () => {
  const { problems } = read("finetune", { model: "elsewhere" });
  assertEquals(problems.length, 1);
  assertStringIncludes(problems[0], '"model" of the config file');
  assertStringIncludes(problems[0], 'as "./elsewhere"');
});

Deno.test("a value of a wrong type is left for the schema to refuse", () => {
  assertEquals(read("finetune", { model: 3, out: null, data: "" }).paths, {
    model: 3,
    out: null,
    data: "",
  });
});
