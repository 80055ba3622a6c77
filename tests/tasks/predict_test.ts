import {
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { gzipSync } from "node:zlib";
import { unixTest } from "../support/require.ts";
import { poison } from "../support/tasks/poison.ts";
import {
  type Ended,
  eventsOf,
  type Line,
  runTask,
  spawnTask,
  taskWords,
  timeless,
} from "../support/tasks/run_task.ts";
import { LABELS, makeTrainedWorkplace } from "../support/tasks/workplace.ts";

const FLAGS = ["--model=run", "--device=cpu"];

let cwd: string;

Deno.test.beforeAll(async () => {
  cwd = await makeTrainedWorkplace();
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
    'Cannot read "standard input", line 4: it is not JSON',
  );
});

const IDS = "id,Sentence1,Sentence2,gold_label\n" +
  "q-17,A man sleeps .,He rests .,-\n" +
  'q-18,A dog runs .,"It ""moves"" .",entailment\n';

const IDS_INPUT = [
  { id: "q-17", gold_label: "-" },
  { id: "q-18", gold_label: "entailment" },
];

for (
  const [what, name, content] of [
    ["CSV", "ids.csv", IDS],
    ["TSV that pandas wrote", "ids.tsv", IDS.replaceAll(",", "\t")],
    ["CSV in gzip", "ids.csv.gz", gzipSync(IDS)],
    [
      "an array",
      "ids.json",
      JSON.stringify(IDS_INPUT.map((input, i) => ({
        ...input,
        Sentence1: ["A man sleeps .", "A dog runs ."][i],
        Sentence2: ["He rests .", 'It "moves" .'][i],
      }))),
    ],
  ] as [string, string, string | Uint8Array][]
) {
  Deno.test(`rows of ${what} are classified, and keep what else they have`, async () => {
    const bytes = typeof content === "string"
      ? new TextEncoder().encode(content)
      : content;
    await Deno.writeFile(join(cwd, name), bytes);
    const ended = await predict("", `--data=${name}`);
    assertEquals(ended.code, 0, ended.stderr);
    const predictions = predictionsOf(ended);
    assertEquals(
      predictions.map(({ premise, hypothesis }) => [premise, hypothesis]),
      [["A man sleeps .", "He rests ."], ["A dog runs .", 'It "moves" .']],
    );
    assertEquals(predictions.map(({ input }) => input), IDS_INPUT);
    const first = name.endsWith(".json") ? 1 : 2;
    assertEquals(predictions.map(({ row }) => row), [first, first + 1]);
  });
}

Deno.test("the hub's Parquet is classified, with its labels by name", async () => {
  const bytes = await Deno.readFile("fixtures/cases/parquet/hub.parquet");
  await Deno.writeFile(join(cwd, "hub.parquet"), bytes);
  const ended = await predict("", "--data=hub.parquet");
  assertEquals(ended.code, 0, ended.stderr);
  assertEquals(
    predictionsOf(ended).map(({ input, row }) => [row, input]),
    [
      [1, { label: "contradiction", idx: 0 }],
      [2, { label: "entailment", idx: 1 }],
      [3, { label: "neutral", idx: 2 }],
      [4, { label: -1, idx: 3 }],
    ],
  );
});

Deno.test("columns of what is classified can be named", async () => {
  await Deno.writeTextFile(join(cwd, "odd.csv"), "body,foo\nA b .,C d .\n");
  const ended = await predict(
    "",
    ...["--data=odd.csv", "--premise-field=foo", "--hypothesis-field=body"],
  );
  assertEquals(
    predictionsOf(ended).map(({ premise, hypothesis }) => [
      premise,
      hypothesis,
    ]),
    [["C d .", "A b ."]],
  );
});

Deno.test("bad rows are left out when asked, and told in their place", async () => {
  const input = line("One .") + '{"premise": "x"}\n' + line("Two .") + "bad\n";
  const ended = await predict(input, "--on-bad-row=skip");
  assertEquals(ended.code, 0, ended.stderr);
  const told = ended.events.filter(({ event }) =>
    event === "prediction" || event === "warning"
  );
  assertEquals(told.map(({ premise, code }) => premise ?? code), [
    "One .",
    "skipped-row",
    "Two .",
    "skipped-row",
  ]);
  assertStringIncludes(String(told[1].message), 'line 2, column "hypothesis"');
  const { predictions, skipped } = ended.events.at(-1)!;
  assertEquals([predictions, skipped], [2, 2]);
});

for (
  const [what, args, input] of [
    ["a file", ["--data=single.csv"], ""],
    ["standard input", [], '{"text": "A man sleeps ."}\n'],
    ["a file of pairs with --single", ["--data=ids.csv", "--single"], ""],
  ] as [string, string[], string][]
) {
  Deno.test(`a model of pairs refuses single sentences of ${what} by name`, async () => {
    await Deno.writeTextFile(join(cwd, "single.csv"), "id,text\n1,A man .\n");
    await Deno.writeTextFile(join(cwd, "ids.csv"), IDS);
    const { code, events } = await predict(input, ...args);
    assertEquals([code, events.at(-1)?.code], [2, "wrong-sentences"]);
    assertStringIncludes(
      String(events.at(-1)?.message),
      "its rows are single sentences (column ",
    );
    assertEquals(events.some(({ event }) => event === "prediction"), false);
  });
}

for (
  const [what, args, code] of [
    ["a folder", ["--data=."], "bad-data"],
    ["a missing file", ["--data=none.csv"], "bad-data"],
    ["a workbook", ["--data=a.xlsx"], "bad-data"],
    ["a file beside a pair", ["--data=ids.csv", "--premise=A"], "bad-usage"],
  ] as const
) {
  Deno.test(`predict refuses ${what}`, async () => {
    await Deno.writeTextFile(join(cwd, "a.xlsx"), "PK");
    const ended = await predict("", ...args);
    assertEquals([ended.code, ended.events.at(-1)?.code], [2, code]);
  });
}

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

Deno.test("predict says at the end how many texts were cut", async () => {
  const { events } = await predict(line("dog ".repeat(300)) + line("A dog ."));
  const told = events.filter(({ code }) => code === "cut-examples");
  assertEquals(told.length, 1);
  assertMatch(String(told[0].message), /^1 of 2 texts were cut at \d+ tokens/);
});

Deno.test("predict says nothing of cuts where none was made", async () => {
  const { events } = await predict(line("A dog ."));
  assertEquals(events.some(({ code }) => code === "cut-examples"), false);
});

Deno.test("a blank sentence on the command line is refused, as it is in a file", async () => {
  for (const [premise, hypothesis] of [["It runs.", " "], ["", "It runs."]]) {
    const { code, events } = await predict(
      "",
      ...["--premise", premise, "--hypothesis", hypothesis],
    );
    const blank = premise === "" ? "premise" : "hypothesis";
    assertEquals(
      [code, events.at(-1)?.message],
      [2, `Cannot predict: --${blank} is blank`],
    );
  }
});

Deno.test("a hypothesis alone is refused by a model of pairs", async () => {
  const { code, events } = await predict("", "--hypothesis", "It is still.");
  assertEquals([code, events.at(-1)?.message], [
    2,
    "Cannot predict: --hypothesis needs --premise",
  ]);
});

Deno.test("predict warns of flags that cut text otherwise than in training", async () => {
  const { events } = await predict(line("One ."), "--truncation=ratio");
  const [warning] = timeless(events, ["warning"]);
  assertEquals(warning.code, "other-recipe");
  assertStringIncludes(String(warning.message), 'cut by "ratio"');
});

Deno.test("predict says nothing of flags that cut text as in training", async () => {
  const flags = ["--truncation=longest-first", "--max-len=128"];
  const { events } = await predict(line("A dog runs ."), ...flags);
  assertEquals(timeless(events, ["warning"]), []);
});

Deno.test("predict warns once, at the end, of words that it doesn't know", async () => {
  const ended = await predict(
    line("Der Hund läuft .", "Er schläft .") + line("A dog runs ."),
    "--batch-size=1",
  );
  const [warning, ...more] = timeless(ended.events, ["warning"]);
  assertEquals([warning.code, more], ["unknown-words", []]);
  assertMatch(String(warning.message), /^\d+ % of the words \(\d of 13\)/);
  assertEquals(ended.events.at(-2)?.event, "warning");
});

Deno.test("predict answers nothing with a model whose logits are not finite", async () => {
  const broken = join(cwd, "broken");
  await Deno.mkdir(broken);
  for (const name of ["config.json", "vocab.json", "model.safetensors"]) {
    await Deno.copyFile(join(cwd, "run", name), join(broken, name));
  }
  await poison(broken, "<cls>");
  const ended = await predict(line("One ."), "--model=broken");
  assertEquals([ended.code, ended.events.at(-1)?.code], [1, "not-finite"]);
  assertEquals(predictionsOf(ended), []);
});

Deno.test("a model of pairs refuses a lone column that is told to be hypotheses", async () => {
  const input = JSON.stringify({ ticket_id: 1, answer: "It works ." });
  const { code, events } = await predict(input, "--hypothesis-field=answer");
  assertEquals(code, 2);
  assertStringIncludes(
    String(events.at(-1)?.message),
    'it has hypotheses (column "answer") without premises',
  );
});

Deno.test("predict refuses hypotheses without premises for a model of pairs", async () => {
  const ended = await predict('{"hypothesis": "It is still ."}\n');
  const { code, message } = ended.events.at(-1)!;
  assertEquals([ended.code, code], [2, "wrong-sentences"]);
  assertStringIncludes(
    String(message),
    'it has hypotheses (column "hypothesis") without premises',
  );
});

unixTest("the device of standard input is standard input", async () => {
  const ended = await predict(line("A dog runs ."), "--data=/dev/stdin");
  assertEquals(ended.code, 0, ended.stderr);
  assertEquals(predictionsOf(ended).length, 1);
});

Deno.test("a missing file is told with the folder it was looked for in", async () => {
  const { code, stderr } = await predict("", "--data=nope.csv");
  assertEquals(code, 2);
  assertStringIncludes(
    stderr,
    `Cannot read "nope.csv": there is no such file or directory in "`,
  );
});

Deno.test("a missing file is answered with the nearest one in its folder", async () => {
  await Deno.writeTextFile(join(cwd, "tickets.csv"), "");
  const { code, stderr } = await predict("", "--data=ticket.csv");
  assertEquals(code, 2);
  assertStringIncludes(stderr, '; is "tickets.csv" meant?');
});

Deno.test("a file of a split is answered with how predict takes it", async () => {
  const { code, events } = await predict("", "--data=test=pairs.csv");
  assertEquals(code, 2);
  assertEquals(
    events.at(-1)?.hint,
    "a file without a split is expected, as --data pairs.csv",
  );
});
