/** RoBERTa's text through the tasks, as transformers reads it. */
import { assert, assertEquals } from "@std/assert";
import { join, resolve } from "@std/path";
import { readTableDir } from "../../../lib/data/table/table_dir.ts";
import { runTask } from "../../support/tasks/run_task.ts";

const MODEL = resolve("fixtures/golden/families/roberta");

interface Golden {
  premise: string;
  hypothesis: string | null;
  max_len: number;
  input_ids: number[];
  logits: number[];
}

const { texts }: { texts: Golden[] } = JSON.parse(
  await Deno.readTextFile(join(MODEL, "reference.json")),
);
const pairs = texts.filter(({ hypothesis }) => hypothesis !== null);
const singles = texts.filter(({ hypothesis }) => hypothesis === null);

/** As other logits are compared with transformers'. */
const TOLERANCE = 1e-5;

let folder: string;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  await writeSlow(join(folder, "slow"));
  const lines = pairs.map(({ premise, hypothesis }) =>
    JSON.stringify({ premise, hypothesis, label: "neutral" }) + "\n"
  );
  await Deno.writeTextFile(join(folder, "pairs.jsonl"), lines.join(""));
});

Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

/** The model with the files that transformers' older versions wrote. */
async function writeSlow(directory: string): Promise<void> {
  await Deno.mkdir(directory);
  for (const name of ["config.json", "model.safetensors"]) {
    await Deno.copyFile(join(MODEL, name), join(directory, name));
  }
  const { model } = JSON.parse(
    await Deno.readTextFile(join(MODEL, "tokenizer.json")),
  );
  const merges = model.merges.map((pair: string[]) => pair.join(" ") + "\n");
  const write = (name: string, text: string) =>
    Deno.writeTextFile(join(directory, name), text);
  await write("vocab.json", JSON.stringify(model.vocab));
  await write("merges.txt", "#version: 0.2\n" + merges.join(""));
}

/** The logits of the first texts, by the task. */
async function predict(
  model: string,
  asked: readonly Golden[],
): Promise<number[][]> {
  const lines = asked.map(({ premise, hypothesis }) =>
    JSON.stringify(
      hypothesis === null ? { premise } : { premise, hypothesis },
    ) + "\n"
  );
  const { code, events, stderr } = await runTask("predict", [
    `--model=${model}`,
    `--max-len=${asked[0].max_len}`,
    "--device=cpu",
    ...asked[0].hypothesis === null ? ["--single"] : [],
  ], { cwd: folder, input: lines.join("") });
  assertEquals(code, 0, stderr);
  return events.filter(({ event }) => event === "prediction")
    .map(({ logits }) => logits as number[]);
}

function assertNear(found: number[][], asked: readonly Golden[]): void {
  assertEquals(found.length, asked.length);
  const away = found.flatMap((logits, i) =>
    logits.map((logit, k) => Math.abs(logit - asked[i].logits[k]))
  );
  assert(Math.max(...away) < TOLERANCE, `${away}`);
}

Deno.test("RoBERTa answers pairs as transformers does", async () => {
  assertNear(await predict(MODEL, pairs), pairs);
});

Deno.test("RoBERTa answers single sentences as transformers does", async () => {
  assertNear(await predict(MODEL, singles), singles);
});

Deno.test("RoBERTa with vocab.json and merges.txt answers as with tokenizer.json", async () => {
  assertNear(await predict("slow", pairs), pairs);
});

Deno.test("a table for RoBERTa has transformers' ids, and no word is unknown", async () => {
  const { code, stderr } = await runTask("preprocess", [
    `--model=${MODEL}`,
    "--data=pairs.jsonl",
    `--max-len=${pairs[0].max_len}`,
    "--out=table",
  ], { cwd: folder });
  assertEquals(code, 0, stderr);
  const { manifest, open } = await readTableDir(join(folder, "table"));
  const { tokenIds, offsets, second } = await open("train");
  const rows = pairs.map((_, i) =>
    Array.from(tokenIds.subarray(offsets[i], offsets[i + 1]))
  );
  assertEquals(rows, pairs.map(({ input_ids }) => input_ids));
  // Before the second sentence stand two separators.
  const before = rows.map((row, i) => row.slice(second[i] - 2, second[i]));
  assertEquals(before, pairs.map(() => [2, 2]));
  assertEquals(manifest.text.tokenizer.kind, "bpe");
  assertEquals(manifest.splits.train.figures?.unknown, 0);
});

Deno.test("the lengths that a table for RoBERTa tells count both separators", async () => {
  const { code, stderr } = await runTask("preprocess", [
    `--model=${MODEL}`,
    "--data=pairs.jsonl",
    "--max-len=64",
    "--out=lengths",
  ], { cwd: folder });
  assertEquals(code, 0, stderr);
  const { manifest, open } = await readTableDir(join(folder, "lengths"));
  const { offsets } = await open("train");
  const lengths = pairs.map((_, i) => offsets[i + 1] - offsets[i]);
  const { cut, lengths: told } = manifest.splits.train.figures!;
  assertEquals(told.median, lengths.sort((a, b) => a - b)[2]);
  assertEquals(cut, 1);
});

Deno.test("a length without room for RoBERTa's four special tokens is refused", async () => {
  const { code, events } = await runTask("preprocess", [
    `--model=${MODEL}`,
    "--data=pairs.jsonl",
    "--max-len=3",
    "--out=none",
  ], { cwd: folder });
  const error = events.find(({ event }) => event === "error");
  assertEquals([code, error?.code], [2, "bad-length"]);
});
