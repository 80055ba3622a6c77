import { assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { readTableDir } from "../../lib/data/table/table_dir.ts";
import type { TaskName } from "../../lib/settings/config.ts";
import { slowTest } from "../support/slow.ts";
import {
  type Line,
  parseLines,
  runTask,
  timeless,
} from "../support/tasks/run_task.ts";
import { makeWorkplace, QUICK } from "../support/tasks/workplace.ts";

let cwd: string;
/** Some rows of SNLI, of which many are cut to 16 tokens. */
let rows: Line[];

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  const { manifest, open } = await readTableDir(
    join(cwd, ".premise/data/snli-bert.tiny"),
  );
  const { labels, premise, hypothesis } = await open("test");
  rows = Array.from(labels.subarray(0, 96), (label, i) => ({
    premise: premise(i),
    hypothesis: hypothesis(i),
    label: manifest.labels[label],
  }));
  await Deno.writeTextFile(
    join(cwd, "data.jsonl"),
    rows.map((row) => JSON.stringify(row)).join("\n"),
  );
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

/** Goes from text to a run, and gives what eval says of its rows. */
async function evaluated(name: string, ...flags: string[]): Promise<Line[]> {
  const told = async (task: TaskName, args: string[]) => {
    const { code, stderr } = await runTask(task, args, { cwd });
    assertEquals(code, 0, stderr);
  };
  const [table, run] = [`${name}.table`, name];
  const model = "--model=bert.tiny";
  const data = ["--data=train=data.jsonl", "--data=test=data.jsonl"];
  await told("preprocess", [model, ...data, `--out=${table}`, ...flags]);
  const from = [`--data=${table}`, `--out=${run}`];
  const quick = QUICK.filter((flag) => !flag.startsWith("--data"));
  await told("finetune", [...quick, ...from, "--epochs=1"]);
  await told("eval", [
    ...[`--model=${run}`, `--data=${table}`, "--device=cpu"],
    ...["--predictions=said.jsonl", "--bootstrap=0"],
  ]);
  return parseLines(await Deno.readTextFile(join(cwd, "said.jsonl")));
}

/** What predict says of rows, in a copy of the run's model alone. */
async function predicted(
  run: string,
  rows: Line[],
  ...more: string[]
): Promise<Line[]> {
  const copy = await Deno.makeTempDir({ dir: cwd });
  for (const name of ["config.json", "vocab.json", "model.safetensors"]) {
    await Deno.copyFile(join(cwd, run, name), join(copy, name));
  }
  const input = rows.map((row) => JSON.stringify(row)).join("\n");
  const flags = [`--model=${copy}`, "--device=cpu", ...more];
  const { events } = await runTask("predict", flags, { cwd, input });
  return timeless(events, ["prediction", "warning", "error"]);
}

function assertSame(answers: Line[], expected: Line[]): void {
  assertEquals(answers.length, expected.length);
  for (const [i, { label, probabilities }] of answers.entries()) {
    assertEquals(label, expected[i].label, `row ${i}`);
    const shares = Object.values(expected[i].probabilities as Line);
    Object.values(probabilities as Line).forEach((share, c) =>
      assertAlmostEquals(Number(share), Number(shares[c]), 1e-6)
    );
  }
}

slowTest("predict cuts pairs as preprocess was told to", async () => {
  const expected = await evaluated("cut", "--max-len=16", "--truncation=ratio");
  const answers = await predicted("cut", rows);
  assertSame(answers.filter(({ event }) => event === "prediction"), expected);
});

Deno.test("predict reads hypotheses alone where the model learned from them", async () => {
  const expected = await evaluated("alone", "--hypothesis-only");
  const alone = await predicted(
    "alone",
    rows.map(({ hypothesis }) => ({ hypothesis })),
  );
  assertSame(alone.filter(({ event }) => event === "prediction"), expected);

  const named = await predicted(
    "alone",
    rows.map(({ hypothesis }, i) => ({ ticket_id: i, answer: hypothesis })),
    "--hypothesis-field=answer",
  );
  assertSame(named.filter(({ event }) => event === "prediction"), expected);

  const pairs = await predicted("alone", rows);
  assertSame(pairs.filter(({ event }) => event === "prediction"), expected);
  const codes = pairs.filter(({ event }) => event === "warning")
    .map(({ code }) => code);
  assertEquals(codes.includes("premises-left-out"), true);
});
