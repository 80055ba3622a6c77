import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import manifest from "../deno.json" with { type: "json" };
import { parseTaskLine } from "../lib/package/task_line.ts";
import { slowTest } from "./support/slow.ts";

const root = fromFileUrl(new URL("..", import.meta.url));
const tasks = [
  "download",
  "preprocess",
  "finetune",
  "eval",
  "sweep",
  "predict",
] as const;
type Task = (typeof tasks)[number];

let bundles: string;
let empty: string;
const made = new Map<Task, Promise<string>>();

Deno.test.beforeAll(async () => {
  bundles = await Deno.makeTempDir();
  empty = await Deno.makeTempDir();
});

Deno.test.afterAll(async () => {
  await Deno.remove(bundles, { recursive: true });
  await Deno.remove(empty, { recursive: true });
});

/** Makes a task's bundle, once. Returns its path. */
function bundleOf(task: Task): Promise<string> {
  return made.getOrInsertComputed(task, async () => {
    const path = join(bundles, `${task}.js`);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--output", path, `tasks/${task}.ts`],
      cwd: root,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return path;
  });
}

/**
 * Runs a task's bundle with its own permissions in a directory that the test
 * began empty, with no configuration, lock file or module cache.
 */
async function execute(task: Task, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-config",
      "--no-lock",
      "--cached-only",
      ...parseTaskLine(manifest.tasks[task])!.flags,
      await bundleOf(task),
      ...args,
    ],
    cwd: empty,
    env: { DENO_DIR: join(bundles, "cache"), NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  assertEquals({ code, errors: code ? text.decode(stderr) : "" }, {
    code: 0,
    errors: "",
  });
  return text.decode(stdout).trim();
}

/** Runs a task's bundle and reads the events that it writes. */
async function runBundle(
  task: Task,
  args: string[],
): Promise<Record<string, unknown>[]> {
  const output = await execute(task, args);
  return output.split("\n").map((line) => JSON.parse(line));
}

for (const task of tasks) {
  slowTest(`the bundle of ${task} shows its usage text`, async () => {
    assertMatch(await execute(task, ["--help"]), new RegExp(`^${task}: `));
  });
}

Deno.test("the bundles fine-tune and use a model in an empty directory", async () => {
  const run = ["--model", "run", "--device", "cpu"];
  await runBundle(
    "download",
    ["--model", "bert.tiny", "--dataset", "snli.sample"],
  );
  await runBundle(
    "preprocess",
    [
      ...["--model", "bert.tiny", "--data", "snli.sample", "--out", "table"],
      ...["--limit", "200", "--workers", "2"],
    ],
  );
  await runBundle(
    "finetune",
    [
      ...["--model", "bert.tiny", "--data", "table", "--out", "run"],
      ...["--limit", "64", "--epochs", "1", "--device", "cpu"],
    ],
  );
  const predicted = await runBundle(
    "predict",
    [...run, "--premise", "A man sleeps", "--hypothesis", "A man is awake"],
  );
  const { label } = predicted.find(({ event }) => event === "prediction")!;
  assertMatch(String(label), /^(entailment|contradiction|neutral)$/);
  const evaluated = await runBundle("eval", [...run, "--data", "table"]);
  assertEquals(evaluated.at(-1)?.examples, 200);
  assertMatch(await Deno.readTextFile(join(empty, "run/curves.svg")), /^<svg/);
});
