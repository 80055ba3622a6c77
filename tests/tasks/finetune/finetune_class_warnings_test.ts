import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { slowTest } from "../../support/slow.ts";
import { type Ended, runTask } from "../../support/tasks/run_task.ts";
import { makeWorkplace, quickly } from "../../support/tasks/workplace.ts";

const CODES = ["unlearned-labels", "few-examples", "uneven-classes"];

let cwd: string;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  const write = (name: string, counts: Record<string, number>) =>
    Deno.writeTextFile(join(cwd, name), csv(counts));
  await write("train.csv", { entailment: 40, contradiction: 12 });
  await write("test.csv", { entailment: 4, contradiction: 4, neutral: 4 });
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function csv(counts: Record<string, number>): string {
  const lines = Object.entries(counts).flatMap(([label, count]) =>
    Array.from(
      { length: count },
      (_, i) => `A ${label} dog runs ${i} .,A dog sleeps .,${label}`,
    )
  );
  return ["premise,hypothesis,label", ...lines, ""].join("\n");
}

/** What a task says of the classes. */
function told({ events }: Ended): unknown[] {
  return events.filter(({ code }) => CODES.includes(String(code)))
    .map(({ code, message }) => `${code}: ${message}`);
}

const TEXT = ["--data=train=train.csv", "--data=test=test.csv"];
const EXPECTED = [
  "unlearned-labels: train has no example of neutral (test has 4)",
  "few-examples: train has few examples: 12 of contradiction",
];

function finetune(out: string, ...args: string[]): Promise<Ended> {
  const flags = quickly(`--out=${out}`, "--epochs=1", ...args);
  return runTask("finetune", flags, { cwd });
}

Deno.test("finetune warns once of classes that text hardly has", async () => {
  const ended = await finetune("text", ...TEXT);
  assertEquals(ended.code, 0, ended.stderr);
  assertEquals(told(ended), EXPECTED);
  const resumed = await finetune("text", ...TEXT, "--epochs=2", "--resume");
  assertEquals(resumed.code, 0, resumed.stderr);
  assertEquals(told(resumed), []);
});

slowTest(
  "finetune and preprocess warn alike of classes that tables hardly have",
  async () => {
    const flags = ["--model=bert.tiny", ...TEXT, "--out=table"];
    const encoded = await runTask("preprocess", flags, { cwd });
    assertEquals(encoded.code, 0, encoded.stderr);
    assertEquals(told(encoded), EXPECTED);
    assertEquals(told(await finetune("table-run", "--data=table")), EXPECTED);
  },
);

slowTest(
  "finetune warns of the classes in the rows that --limit leaves",
  async () => {
    const ended = await finetune("limited", ...TEXT, "--limit=45");
    assertEquals(told(ended), [
      "unlearned-labels: the first 45 rows of train have no example of neutral " +
      "(test has 4)",
      "few-examples: the first 45 rows of train have few examples: " +
      "5 of contradiction",
    ]);
  },
);
