import {
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { unixTest } from "../support/require.ts";
import {
  type Ended,
  eventsOf,
  type Line,
  runTask,
  spawnTask,
  taskWords,
  timeless,
} from "../support/tasks/run_task.ts";
import { LABELS, makeWorkplace, QUICK } from "../support/tasks/workplace.ts";

const FLAGS = ["--model=run", "--device=cpu"];

let cwd: string;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  const flags = [...QUICK, "--out=run", "--epochs=1"];
  await runTask("finetune", flags, { cwd });
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function predict(input: string, ...args: string[]): Promise<Ended> {
  return runTask("predict", [...FLAGS, ...args], { cwd, input });
}

function predictionsOf({ events }: Ended): Line[] {
  return timeless(events, ["prediction"]);
}

/** A line of stdin. */
function line(premise: string, hypothesis = "No ."): string {
  return JSON.stringify({ premise, hypothesis }) + "\n";
}

Deno.test("a pair given by flags is classified", async () => {
  const ended = await predict("", "--premise=A dog runs.", "--hypothesis=No.");
  assertEquals(ended.code, 0, ended.stderr);
  const [{ premise, hypothesis, label, probabilities, logits }] = predictionsOf(
    ended,
  );
  assertEquals([premise, hypothesis], ["A dog runs.", "No."]);
  const scores = logits as number[];
  assertEquals(label, LABELS[scores.indexOf(Math.max(...scores))]);
  const shares = probabilities as Record<string, number>;
  assertEquals(Object.keys(shares), LABELS);
  assertAlmostEquals(Object.values(shares).reduce((a, b) => a + b), 1, 1e-12);
});

Deno.test("a model of pairs refuses a single sentence", async () => {
  const { code, events } = await predict("", "--premise", "A dog runs.");
  assertEquals([code, events.at(-1)?.code], [2, "wrong-sentences"]);
});

Deno.test("a premise may start with a dash", async () => {
  const ended = await predict(
    "",
    ...["--premise", "-5 degrees", "--hypothesis", "No."],
  );
  assertEquals(predictionsOf(ended).map(({ premise }) => premise), [
    "-5 degrees",
  ]);
});

Deno.test("lines of stdin are classified in their order", async () => {
  const premises = Array.from({ length: 20 }, (_, i) => `Dog ${i} runs .`);
  const input = premises.map((premise) => line(premise, "No .")).join("");
  const ended = await predict(input, "--batch-size=3");
  assertEquals(predictionsOf(ended).map(({ premise }) => premise), premises);
  assertEquals(ended.events.at(-1)?.predictions, 20);
});

Deno.test("a pair is classified as it would be alone", async () => {
  const pair = ["A man sleeps .", "A man is awake ."] as const;
  const among = await predict(line("Two dogs run .", "No .") + line(...pair));
  const alone = await predict(line(...pair));
  const [a, b] = [predictionsOf(among)[1], predictionsOf(alone)[0]]
    .map(({ logits }) => logits as number[]);
  a.forEach((value, i) => assertAlmostEquals(value, b[i], 1e-5));
});

Deno.test("a last line without a line break counts", async () => {
  const ended = await predict(line("One .") + line("Two .").trimEnd());
  assertEquals(predictionsOf(ended).length, 2);
});

Deno.test("no input gives no prediction", async () => {
  const { code, events } = await predict("");
  assertEquals([code, events.at(-1)?.predictions], [0, 0]);
});

Deno.test("a bad line is named after those before it were predicted", async () => {
  const ended = await predict(
    line("One .") + "\n" + line("Two .") + "Three .\n" + line("Four ."),
  );
  assertEquals(ended.code, 2);
  assertEquals(predictionsOf(ended).map(({ premise }) => premise), [
    "One .",
    "Two .",
  ]);
  assertStringIncludes(
    String(ended.events.at(-1)?.message),
    "Cannot read line 4 of standard input: it is not JSON",
  );
});

Deno.test("input that never ends is answered line by line", async () => {
  const child = spawnTask("predict", FLAGS, { cwd });
  const writer = child.stdin.getWriter();
  const events = eventsOf(child.stdout);
  const answers: unknown[] = [];
  for (const premise of ["One .", "Two .", "Three ."]) {
    await writer.write(new TextEncoder().encode(line(premise)));
    // The next line is sent only after this one's answer came.
    for (;;) {
      const { value, done } = await events.next();
      if (done) throw new Error("the task ended without an answer");
      if (value.event !== "prediction") continue;
      answers.push(value.premise);
      break;
    }
  }
  await writer.close();
  await events.return(undefined);
  await child.stderr.cancel();
  await child.status;
  assertEquals(answers, ["One .", "Two .", "Three ."]);
});

unixTest("a closed stdout ends the task quietly", async () => {
  const words = [...taskWords("predict"), ...FLAGS];
  const line = `{"premise":"A dog runs .","hypothesis":"No ."}`;
  // The shell tells how predict itself ended.
  const script = `yes '${line}' | { ${
    words.map((word) => `'${word}'`).join(" ")
  }; echo "code $?" >&2; } | head -n 2`;
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", script],
    cwd,
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "code 0\n");
  assertMatch(new TextDecoder().decode(stdout), /^\{.*"start".*\n.*\n$/);
});

Deno.test("predict refuses a model that is not fine-tuned with the command that does it", async () => {
  const { code, events } = await predict(line("One ."), "--model=bert.tiny");
  assertEquals([code, events.at(-1)?.code], [2, "not-fine-tuned"]);
  assertStringIncludes(String(events.at(-1)?.hint), "deno task finetune");
});

Deno.test("a pair that is too long is cut, not refused", async () => {
  const long = "dog ".repeat(500);
  const ended = await predict(line(long, long), "--max-len=16");
  assertEquals([ended.code, predictionsOf(ended).length], [0, 1]);
});
