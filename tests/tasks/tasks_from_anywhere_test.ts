import { assertEquals, assertStringIncludes } from "@std/assert";
import { join, resolve } from "@std/path";
import { type Line, parseLines } from "../support/tasks/run_task.ts";

const config = resolve("deno.json");
const rows = "premise,hypothesis,label\n" +
  "A man sleeps.,A man rests.,entailment\n" +
  "A man sleeps.,A man runs.,contradiction\n" +
  "A man sleeps.,A man dreams.,neutral\n";

let home: string;

Deno.test.beforeAll(async () => {
  home = await Deno.makeTempDir();
  await Deno.writeTextFile(join(home, "mine.csv"), rows);
});

Deno.test.afterAll(() => Deno.remove(home, { recursive: true }));

interface Ended {
  code: number;
  events: Line[];
  stderr: string;
}

/** Runs `deno task` with the project's deno.json, standing somewhere else. */
async function denoTask(
  words: string[],
  { cwd = home, project = config }: { cwd?: string; project?: string } = {},
): Promise<Ended> {
  // Deno keeps a variable that an outer `npx` or `deno task` has set.
  const { INIT_CWD: _, ...env } = Deno.env.toObject();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--config", project, ...words],
    cwd,
    env: { ...env, NO_COLOR: "1" },
    clearEnv: true,
    stdin: "null",
  }).output();
  const [lines, said] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, events: parseLines(lines), stderr: said };
}

Deno.test("a path on the command line starts where the user stands", async () => {
  const { code, events, stderr } = await denoTask([
    ...["preprocess", "--model", "bert.tiny", "--data", "mine.csv"],
    ...["--out", "tables"],
  ]);
  assertEquals(code, 0, stderr);
  const { files } = events.at(-1) as { files: string[] };
  assertEquals(files, ["tables/table.json", "tables/train.arrow"]);
  for (const file of files) await Deno.stat(join(home, file));
});

Deno.test("the default places are under the directory that the user stands in", async () => {
  const { code } = await denoTask(["download", "--dataset", "snli.sample"]);
  assertEquals(code, 0);
  await Deno.stat(join(home, ".premise/cache/snli.sample"));
});

Deno.test("a config file means the same from wherever it is used", async () => {
  const folder = join(home, "settings");
  const stand = join(home, "deep/inside");
  await Deno.mkdir(folder);
  await Deno.mkdir(stand, { recursive: true });
  await Deno.writeTextFile(
    join(folder, "preprocess.json"),
    JSON.stringify({ model: "bert.tiny", data: ["../mine.csv"], out: "made" }),
  );
  const { code, stderr } = await denoTask(
    ["preprocess", "--config", "../../settings/preprocess.json"],
    { cwd: stand },
  );
  assertEquals(code, 0, stderr);
  await Deno.stat(join(folder, "made/table.json"));
});

Deno.test("--cwd is where relative paths start", async () => {
  await Deno.mkdir(join(home, "other"));
  const { code, stderr } = await denoTask([
    ...["preprocess", "--cwd", "other", "--model", "bert.tiny"],
    ...["--data", "../mine.csv", "--out", "tables"],
  ]);
  assertEquals(code, 0, stderr);
  await Deno.stat(join(home, "other/tables/table.json"));
});

Deno.test("a --cwd that is not there is refused", async () => {
  const { code, events } = await denoTask(["doctor", "--cwd", "nowhere"]);
  assertEquals([code, events.at(-1)!.code], [2, "bad-usage"]);
  assertStringIncludes(String(events.at(-1)!.message), "nowhere");
});

Deno.test("what was downloaded into the project's folder is still found", async () => {
  const project = join(home, "project");
  await copyProject(project);
  const catalogue = join(project, "catalogue.json");
  await Deno.writeTextFile(catalogue, JSON.stringify({ entries: [mine()] }));
  const there = { project: join(project, "deno.json") };
  const known = ["--model", "mine", "--catalogue", catalogue];
  const fetched = await denoTask(["download", ...known], {
    ...there,
    cwd: project,
  });
  assertEquals(fetched.code, 0, fetched.stderr);
  const { code, stderr } = await denoTask(
    ["preprocess", ...known, "--data", "mine.csv", "--out", "found"],
    there,
  );
  assertEquals(code, 0, stderr);
});

/** An entry for the small model under a name that the program doesn't know. */
function mine(): Record<string, unknown> {
  return {
    name: "mine",
    kind: "model",
    format: "d2l-mxnet",
    licence: "none",
    url: resolve("fixtures/bert.tiny.zip"),
    sha1: "be688f04eb5cc367dbb09f059e9be4c3cf54bd1c",
    facts: { heads: 4, labels: ["entailment", "contradiction", "neutral"] },
  };
}

/** Copies what tasks need of the project. */
async function copyProject(to: string): Promise<void> {
  await Deno.mkdir(to);
  for (const name of ["deno.json", "deno.lock", "lib", "tasks", "fixtures"]) {
    await copy(name, join(to, name));
  }
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  if (from.endsWith("golden")) return;
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    await copy(join(from, name), join(to, name));
  }
}

for (const chain of ["demo", "reproduce", "reproduce:base"]) {
  Deno.test(`${chain} refuses flags before it begins`, async () => {
    const { code, events } = await denoTask([chain, "--epochs", "1"]);
    assertEquals(code, 2);
    assertEquals(events.map(({ event }) => event), ["error"]);
    assertStringIncludes(String(events[0].message), `${chain} with --epochs 1`);
  });
}

Deno.test("a chain ends with the exit code of the link that failed", async () => {
  // A file lies where the first link wants a folder.
  const cwd = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(cwd, ".premise"), "");
    const { code, events } = await denoTask(["demo"], { cwd });
    assertEquals([code, events.at(-1)!.event], [1, "error"]);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
