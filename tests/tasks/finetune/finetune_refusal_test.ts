import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import {
  type Ended,
  type Line,
  runTask,
} from "../../support/tasks/run_task.ts";
import {
  digestOf,
  makeWorkplace,
  namesIn,
  quickly,
  snapshot,
} from "../../support/tasks/workplace.ts";

let cwd: string;

/** What makes the run \`there\`, and its like. */
const SMALL = ["--epochs=1", "--limit=16", "--seed=1"];

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  await finetune("there", ...SMALL);
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function finetune(out: string, ...args: string[]): Promise<Ended> {
  return runTask("finetune", quickly(`--out=${out}`, ...args), { cwd });
}

function errorOf({ events }: Ended): Line {
  return events.at(-1)!;
}

Deno.test("--overwrite replaces a run", async () => {
  await finetune("replaced", ...SMALL, "--seed=2");
  const { code } = await finetune("replaced", ...SMALL, "--overwrite");
  assertEquals(code, 0);
  assertEquals(
    await digestOf(join(cwd, "replaced/model.safetensors")),
    await digestOf(join(cwd, "there/model.safetensors")),
  );
});

Deno.test("a run that is there is refused and left as it is", async () => {
  const before = await snapshot(join(cwd, "there"));
  const ended = await finetune("there", "--epochs=1");
  assertEquals([ended.code, errorOf(ended).code], [2, "run-exists"]);
  assertMatch(String(errorOf(ended).hint), /--resume.*--overwrite.*--out/);
  assertEquals(await snapshot(join(cwd, "there")), before);
});

for (const flags of [[], ["--overwrite"], ["--resume"]]) {
  Deno.test(`a directory that is no run's is never touched (${flags})`, async () => {
    const folder = join(cwd, "thesis");
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(join(folder, "chapter.txt"), "precious");
    const ended = await finetune("thesis", ...flags);
    assertEquals([ended.code, errorOf(ended).code], [2, "run-exists"]);
    assertEquals(await namesIn(folder), ["chapter.txt"]);
  });
}

Deno.test("--overwrite never removes the model that is to be trained", async () => {
  const before = await snapshot(join(cwd, "there"));
  const ended = await finetune("there", "--model=there", "--overwrite");
  assertEquals([ended.code, errorOf(ended).code], [2, "run-exists"]);
  assertEquals(await snapshot(join(cwd, "there")), before);
});

Deno.test("missing data are refused with the commands that make them", async () => {
  const ended = await finetune("x", "--data=.premise/data/snli-none");
  assertEquals([ended.code, errorOf(ended).code], [2, "missing-input"]);
  const hint = String(errorOf(ended).hint);
  assertStringIncludes(hint, "deno task download --dataset snli");
  assertStringIncludes(hint, "deno task preprocess --model");
  assertStringIncludes(hint, "--out .premise/data/snli-none");
});

Deno.test("a missing model is refused with the command that fetches it", async () => {
  const ended = await finetune("x", "--model=bert.small");
  assertEquals([ended.code, errorOf(ended).code], [2, "missing-input"]);
  assertStringIncludes(
    String(errorOf(ended).hint),
    "deno task download --model bert.small",
  );
});

Deno.test("data encoded with another vocabulary are refused", async () => {
  const model = join(cwd, "other");
  await Deno.mkdir(model, { recursive: true });
  const from = join(cwd, ".premise/cache/bert.tiny");
  await Deno.copyFile(
    join(from, "pretrained.params"),
    join(model, "pretrained.params"),
  );
  const words: string[] = JSON.parse(
    await Deno.readTextFile(join(from, "vocab.json")),
  );
  [words[5], words[6]] = [words[6], words[5]];
  await Deno.writeTextFile(join(model, "vocab.json"), JSON.stringify(words));
  const ended = await finetune("x", "--model=other", "--heads=4");
  assertEquals([ended.code, errorOf(ended).code], [2, "wrong-table"]);
  assertStringIncludes(String(errorOf(ended).message), "vocabulary");
});

Deno.test("a damaged table is refused before the run is made", async () => {
  const table = join(cwd, "damaged-table");
  await Deno.mkdir(table, { recursive: true });
  for (const name of ["table.json", "train.arrow", "test.arrow"]) {
    const bytes = await Deno.readFile(
      join(cwd, ".premise/data/snli-bert.tiny", name),
    );
    if (name === "train.arrow") bytes[bytes.length >> 1] ^= 1;
    await Deno.writeFile(join(table, name), bytes);
  }
  const ended = await finetune("unmade", "--data=damaged-table");
  assertEquals([ended.code, errorOf(ended).code], [2, "bad-table"]);
  assert(!(await namesIn(cwd)).includes("unmade"));
});

Deno.test("an --out that cannot be made is named", async () => {
  await Deno.writeTextFile(join(cwd, "file.txt"), "");
  const ended = await finetune("file.txt/run");
  assertEquals([ended.code, errorOf(ended).code], [1, "cannot-write"]);
  assertStringIncludes(String(errorOf(ended).message), '"file.txt/run"');
});

for (
  const [flag, message] of [
    ["--freeze=blocks.0-7,top", 'there is no section "blocks.0-7"'],
    ["--class-weights=1,2", "--class-weights has 2 numbers, and the model has"],
  ]
) {
  Deno.test(`${flag} is refused before a run is replaced`, async () => {
    const before = await snapshot(join(cwd, "there"));
    const ended = await finetune("there", flag, "--overwrite");
    assertEquals([ended.code, errorOf(ended).code], [2, "bad-config"]);
    assertStringIncludes(String(errorOf(ended).message), message);
    assertEquals(await snapshot(join(cwd, "there")), before);
  });
}
