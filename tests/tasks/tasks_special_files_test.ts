/** Pipes and devices in the places of files: opened, they may never end. */
import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { join } from "@std/path";
import type { TaskName } from "../../lib/settings/config.ts";
import { registerTest, unixTest } from "../support/require.ts";
import { spawnTask } from "../support/tasks/run_task.ts";
import { endOf } from "../support/tasks/signals.ts";
import { makeTrainedWorkplace, QUICK } from "../support/tasks/workplace.ts";

/** Most seconds until a task has refused. */
const SOON = 10;

let cwd: string;

Deno.test.beforeAll(async () => {
  cwd = await makeTrainedWorkplace();
  await new Deno.Command("mkfifo", { args: [join(cwd, "pipe")] }).output();
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

interface Refused {
  code: number;
  stderr: string;
}

/** Runs a task that should not wait. */
async function run(task: TaskName, ...args: string[]): Promise<Refused> {
  const child = spawnTask(task, args, { cwd });
  const [code, stderr] = await Promise.all([
    endOf(child, SOON),
    new Response(child.stderr).text(),
    child.stdout.cancel(),
    child.stdin.close(),
  ]);
  return { code, stderr };
}

/** A copy of a directory in which some file is a pipe. */
async function copyWithPipe(directory: string, file: string): Promise<string> {
  const copy = await Deno.makeTempDir({ dir: cwd });
  await new Deno.Command("cp", {
    args: ["-r", `${join(cwd, directory)}/.`, copy],
  }).output();
  await Deno.remove(join(copy, file)).catch(() => {});
  await new Deno.Command("mkfifo", { args: [join(copy, file)] }).output();
  return copy;
}

const TABLES = ".premise/data/snli-bert.tiny";
const CPU = "--device=cpu";

for (const path of ["pipe", "/dev/zero", "/dev/null"]) {
  unixTest(`${path} is refused as weights`, async () => {
    const { code, stderr } = await run(
      "predict",
      "--model=run",
      CPU,
      "--weights",
      path,
      "--premise=A .",
      "--hypothesis=B .",
    );
    assertEquals(code, 2, stderr);
    assertMatch(stderr, /it is a (pipe|device), expected a file/);
  });

  unixTest(`${path} is refused as a model`, async () => {
    const { code, stderr } = await run(
      "predict",
      "--model",
      path,
      CPU,
      "--premise=A .",
      "--hypothesis=B .",
    );
    assertEquals(code, 2, stderr);
  });

  unixTest(`${path} is refused as encoded data`, async () => {
    const { code, stderr } = await run(
      "eval",
      "--model=run",
      CPU,
      "--data",
      path,
    );
    assertEquals(code, 2, stderr);
  });

  unixTest(`${path} is refused as the place of a run`, async () => {
    const { code, stderr } = await run(
      "finetune",
      ...QUICK,
      "--out",
      path,
    );
    assertEquals(code === 1 || code === 2, true, `${code} ${stderr}`);
  });
}

for (
  const file of [
    "config.json",
    "vocab.json",
    "model.safetensors",
    "SHA256SUMS",
  ]
) {
  unixTest(`a model whose ${file} is a pipe is refused`, async () => {
    const model = await copyWithPipe("run", file);
    const { code, stderr } = await run(
      "predict",
      "--model",
      model,
      CPU,
      "--premise=A .",
      "--hypothesis=B .",
    );
    assertMatch(stderr, / a pipe/);
    assertEquals(code === 1 || code === 2, true, stderr);
  });
}

for (const file of ["table.json", "test.arrow"]) {
  unixTest(`encoded data whose ${file} is a pipe are refused`, async () => {
    const data = await copyWithPipe(TABLES, file);
    const { code, stderr } = await run(
      "eval",
      "--model=run",
      CPU,
      "--data",
      data,
    );
    assertEquals(code, 2, stderr);
  });
}

for (const file of ["run.json", "events.jsonl"]) {
  unixTest(`a run whose ${file} is a pipe is not gone on with`, async () => {
    const out = await copyWithPipe("run", file);
    const flags = [...QUICK, "--epochs=2"];
    const { code, stderr } = await run(
      "finetune",
      ...flags,
      "--out",
      out,
      "--resume",
      "--override",
    );
    assertEquals(code === 1 || code === 2, true, `${code} ${stderr}`);
    assertMatch(stderr, / a pipe/);
  });
}

const OUTSIDE: [TaskName, ...string[]][] = [
  ["finetune", ...QUICK, "--out=/proc/x"],
  ["finetune", ...QUICK, "--out=run2", "--log=/dev/full"],
  ["predict", "--model=run", CPU, "--data=/proc/self/fd/0"],
  ["preprocess", "--model=bert.tiny", "--data=snli.sample", "--out=/proc/x"],
  ["preprocess", "--model=bert.tiny", "--data=train=/dev/full"],
];

for (const [task, ...args] of OUTSIDE) {
  registerTest({
    part: "linux",
    lack: Deno.build.os === "linux" ? undefined : "the system has no /proc",
    name: `${task} ${args.at(-1)} is refused without the words of the runtime`,
    async fn() {
      const { code, stderr } = await run(task, ...args);
      assertEquals(code === 1 || code === 2, true, `${code} ${stderr}`);
      assertMatch(stderr, /which Deno keeps programs from/);
      assertNotMatch(stderr, /Requires|--allow/);
    },
  });
}
