import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { type Ended, type Line, runTask } from "../support/tasks/run_task.ts";
import { makeWorkplace, QUICK, quickly } from "../support/tasks/workplace.ts";

let cwd: string;

/** Rows whose class is a number, which means nothing without an order. */
function csv(labels: readonly string[], rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, i) => `A dog runs ${i} .,A dog sleeps .,${labels[i % labels.length]}`,
  );
  return ["ask,answer,mark", ...lines, ""].join("\n");
}

const COLUMNS = [
  ...["--premise-field=ask", "--hypothesis-field=answer"],
  ...["--label-field=mark", "--labels=no,yes", "--data-labels=yes,no"],
];

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  await Deno.writeTextFile(join(cwd, "rows.csv"), csv(["0", "1"], 64));
  await Deno.writeTextFile(join(cwd, "new.csv"), csv(["0", "0", "1"], 12));
  const flags = quickly(
    ...["--data=rows.csv", "--test-fraction=0.25", "--out=run", "--epochs=1"],
    ...COLUMNS,
  );
  const { code, stderr } = await runTask("finetune", flags, { cwd });
  assertEquals(code, 0, stderr);
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function evaluate(...args: string[]): Promise<Ended> {
  const flags = ["--model=run", "--device=cpu", "--bootstrap=0", ...args];
  return runTask("eval", flags, { cwd });
}

/** The event of a name, of a task that is done. */
function told({ code, events, stderr }: Ended, name: string): Line {
  assertEquals(code, 0, stderr);
  return events.find(({ event }) => event === name)!;
}

Deno.test("eval without data measures a run of text on the table that it was trained on", async () => {
  const { config, data } = JSON.parse(
    await Deno.readTextFile(join(cwd, "run/run.json")),
  );
  const ended = await evaluate("--out=own.json");
  assertEquals(told(ended, "done").data, config.data);
  const own = JSON.parse(await Deno.readTextFile(join(cwd, "own.json")));
  assertEquals(own.data, data);
});

Deno.test("eval takes text, and reads its columns and numbers as the run's training did", async () => {
  const ended = await evaluate("--data=new.csv", "--predictions=said.jsonl");
  const { split, examples } = told(ended, "done");
  assertEquals([split, examples], ["test", 12]);
  const lines = (await Deno.readTextFile(join(cwd, "said.jsonl"))).trim()
    .split("\n").map((line) => JSON.parse(line));
  assertEquals(
    lines.slice(0, 3).map(({ premise, hypothesis, gold }) => [
      premise,
      hypothesis,
      gold,
    ]),
    [0, 1, 2].map((
      i,
    ) => [`A dog runs ${i} .`, "A dog sleeps .", i === 2 ? "no" : "yes"]),
  );
});

Deno.test("eval measures text as it measures what preprocess makes of it", async () => {
  const made = ["--model=run", "--data=test=new.csv", "--out=table"];
  const { code, stderr } = await runTask("preprocess", [...made, ...COLUMNS], {
    cwd,
  });
  assertEquals(code, 0, stderr);
  const figures = ({ loss, accuracy, examples }: Line) => [
    loss,
    accuracy,
    examples,
  ];
  assertEquals(
    figures(told(await evaluate("--data=new.csv"), "metrics")),
    figures(told(await evaluate("--data=table"), "metrics")),
  );
});

Deno.test("a lone file of text is the split that eval measures", async () => {
  const ended = await evaluate("--data=new.csv", "--split=dev");
  assertEquals(told(ended, "done").split, "dev");
});

Deno.test("what eval's flags say of text comes before what the run's training had", async () => {
  const ended = await evaluate("--data=new.csv", "--label-field=none");
  assertEquals(ended.code, 2);
  assertMatch(String(ended.events.at(-1)!.message), /expected none/);
});

Deno.test("eval refuses settings of text for data that are encoded already", async () => {
  const data = QUICK.find((flag) => flag.startsWith("--data"))!;
  const { code, events } = await evaluate(data, "--label-field=mark");
  assertEquals([code, events.at(-1)!.code], [2, "bad-usage"]);
  assertStringIncludes(String(events.at(-1)!.message), "--label-field");
});

Deno.test("eval without data tells of a run's table that it was made anew", async () => {
  const make = (data: string) =>
    runTask("preprocess", [
      ...["--model=bert.tiny", `--data=test=${data}`, "--data=train=rows.csv"],
      ...["--out=mine", "--overwrite", ...COLUMNS],
    ], { cwd });
  await make("new.csv");
  const flags = quickly("--data=mine", "--out=of-mine", "--epochs=1");
  await runTask("finetune", flags, { cwd });
  await make("rows.csv");
  const ended = await evaluate("--model=of-mine");
  assertEquals(told(ended, "warning").code, "other-data");
});

Deno.test("eval and verify tell of a run whose table is gone from the cache how it is made again", async () => {
  const cache = join(cwd, ".premise/cache/tables");
  await Deno.rename(cache, `${cache}.away`);
  try {
    const { code, events } = await evaluate();
    assertEquals([code, events.at(-1)!.code], [2, "missing-input"]);
    const checked = await runTask("verify", ["--run=run"], { cwd });
    const replay = checked.events.find(({ name }) => name === "replay")!;
    for (const { hint } of [events.at(-1)!, replay]) {
      assertStringIncludes(String(hint), "the same command with --resume");
    }
  } finally {
    await Deno.rename(`${cache}.away`, cache);
  }
});
