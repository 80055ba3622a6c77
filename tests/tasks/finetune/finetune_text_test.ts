import { assert, assertEquals, assertStringIncludes } from "@std/assert";
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
  QUICK,
  quickly,
  snapshot,
} from "../../support/tasks/workplace.ts";

const TABLES = ".premise/cache/tables";

let cwd: string;
/** The first run on train.csv and dev.csv. */
let first: Ended;

/** Rows of pairs, each with a premise of its own. */
function csv(labels: readonly string[], rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, i) => `A dog runs ${i} .,A dog sleeps .,${labels[i % labels.length]}`,
  );
  return ["premise,hypothesis,label", ...lines, ""].join("\n");
}

function finetune(out: string, ...args: string[]): Promise<Ended> {
  return runTask("finetune", quickly(`--out=${out}`, ...args), { cwd });
}

function last({ events }: Ended): Line {
  return events.at(-1)!;
}

function dataOf({ events }: Ended): Line {
  return events.find(({ event }) => event === "data")!;
}

const BOTH = ["--data", "train=train.csv", "--data", "val=dev.csv"];
const EPOCH = "--epochs=1";
/** The workplace's encoded data. */
const DATA = QUICK.find((flag) => flag.startsWith("--data"))!;

Deno.test.beforeAll(async () => {
  cwd = await makeWorkplace();
  await Deno.writeTextFile(join(cwd, "train.csv"), csv(["no", "yes"], 64));
  await Deno.writeTextFile(join(cwd, "dev.csv"), csv(["yes", "no"], 16));
  first = await finetune("first", ...BOTH, "--labels=auto", EPOCH);
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

Deno.test("finetune takes text, and says what it understood before it trains", () => {
  assertEquals(first.code, 0, first.stderr);
  assertEquals(first.events[0].event, "start");
  const { data, columns, splits } = dataOf(first);
  assert(String(data).startsWith(TABLES));
  assertEquals(columns, {
    premise: "premise",
    hypothesis: "hypothesis",
    label: "label",
  });
  const told = (splits as Line[]).map(({ split, rows, use, figures }) => [
    split,
    rows,
    use,
    (figures as Line).labels,
  ]);
  assertEquals(told, [
    ["train", 64, "train", { no: 32, yes: 32 }],
    ["dev", 16, "choose", { yes: 8, no: 8 }],
  ]);
  const kinds = first.events.map(({ event }) => event);
  assert(kinds.indexOf("data") < kinds.indexOf("step"));
  assert(kinds.includes("metrics"));
});

Deno.test("text that has not changed is encoded once", async () => {
  const before = await snapshot(join(cwd, TABLES));
  const again = await finetune("again", ...BOTH, "--labels=auto", EPOCH);
  assertEquals(again.code, 0, again.stderr);
  assertEquals(
    again.events.filter(({ phase }) => String(phase).startsWith("encode")),
    [],
  );
  assertEquals(await snapshot(join(cwd, TABLES)), before);
  assertEquals(
    await digestOf(join(cwd, "again/model.safetensors")),
    await digestOf(join(cwd, "first/model.safetensors")),
  );
});

Deno.test("a run of text goes on with the same flags", async () => {
  const flags = [...BOTH, "--labels=auto"];
  await finetune("longer", ...flags, EPOCH);
  const resumed = await finetune("longer", ...flags, "--epochs=2", "--resume");
  assertEquals(resumed.code, 0, resumed.stderr);
  assertEquals(last(resumed).epochs, 2);
});

Deno.test("a run of text that has changed does not go on", async () => {
  const flags = ["--data=changing.csv", "--labels=auto"];
  const file = join(cwd, "changing.csv");
  await Deno.writeTextFile(file, csv(["no", "yes"], 32));
  await finetune("changing", ...flags, EPOCH);
  await Deno.writeTextFile(file, csv(["no", "yes"], 33));
  const ended = await finetune("changing", ...flags, "--epochs=2", "--resume");
  assertEquals([ended.code, last(ended).code], [2, "changed-config"]);
  assertStringIncludes(String(last(ended).message), "the data have changed");
});

Deno.test("a run that is there is refused before text is encoded", async () => {
  const before = await namesIn(join(cwd, TABLES));
  const ended = await finetune("first", "--data=dev.csv", "--labels=auto");
  assertEquals([ended.code, last(ended).code], [2, "run-exists"]);
  assertEquals(await namesIn(join(cwd, TABLES)), before);
});

Deno.test("--plan of text leaves nothing", async () => {
  const before = await snapshot(cwd);
  const ended = await finetune(
    "planned",
    ...["--data=dev.csv", "--labels=auto", "--plan"],
  );
  assertEquals(ended.code, 0, ended.stderr);
  assertEquals(await snapshot(cwd), before);
});

Deno.test("settings of text are refused with data that are encoded", async () => {
  const ended = await finetune("encoded", DATA, "--max-len=8", "--single");
  assertEquals([ended.code, last(ended).code], [2, "bad-usage"]);
  assertStringIncludes(
    String(last(ended).message),
    `Cannot use --max-len, --single with "${DATA.slice("--data=".length)}"`,
  );
});

Deno.test("encoded data are refused beside other data", async () => {
  const ended = await finetune("both", DATA, "--data=dev=dev.csv");
  assertEquals([ended.code, last(ended).code], [2, "bad-usage"]);
  assertStringIncludes(String(last(ended).message), "it is encoded already");
});

Deno.test("finetune takes a data set's name, and splits of a lone file", async () => {
  const named = await finetune("named", "--data=snli.sample", EPOCH);
  assertEquals(named.code, 0, named.stderr);
  const lone = await finetune(
    "lone",
    ...["--data=train.csv", "--labels=auto", "--dev-fraction=0.3", EPOCH],
  );
  const { splits } = dataOf(lone);
  assertEquals((splits as Line[]).map(({ split }) => split), ["train", "dev"]);
});

Deno.test("a bad row of text is told by file, line and column", async () => {
  await Deno.writeTextFile(
    join(cwd, "bad.csv"),
    csv(["neutral"], 2) + "A dog .,A cat .,maybe\n",
  );
  const ended = await finetune("bad", "--data=bad.csv", EPOCH);
  assertEquals([ended.code, last(ended).code], [2, "bad-data"]);
  assertStringIncludes(
    String(last(ended).message),
    '"bad.csv", line 4, column "label": the label is "maybe"',
  );
});

Deno.test("finetune tells which rows of text are left out, and warns of many", async () => {
  const rows = csv(["neutral", "entailment", "contradiction", "-", "may"], 40);
  await Deno.writeTextFile(join(cwd, "holes.csv"), rows);
  const flags = ["--data=holes.csv", "--on-bad-row=skip", EPOCH];
  const ended = await finetune("holes", ...flags);
  assertEquals(ended.code, 0, ended.stderr);
  const [split] = dataOf(ended).splits as Line[];
  const { rows: trained, dropped, skipped, skippedList } = split;
  assertEquals([trained, dropped, skipped], [24, 8, 8]);
  const list = await Deno.readTextFile(join(cwd, String(skippedList)));
  assertEquals(list.trimEnd().split("\n").length, 8);
  const codes = ended.events.map(({ code }) => code);
  assert(codes.includes("skipped-rows") && codes.includes("unlabelled-rows"));
});

Deno.test("a model of other classes is refused, and taken with --new-head", async () => {
  const flags = ["--data=train.csv", "--labels=auto", EPOCH];
  await finetune("nli", "--data=snli.sample", EPOCH);
  const refused = await finetune("two", "--model=nli", ...flags);
  assertEquals([refused.code, last(refused).code], [2, "wrong-table"]);
  const { message } = last(refused);
  assertStringIncludes(
    String(message),
    "its labels are no, yes, the model's are entailment, contradiction, neutral",
  );
  assertStringIncludes(String(message), "--new-head");
  const taken = await finetune("two", "--model=nli", "--new-head", ...flags);
  assertEquals(taken.code, 0, taken.stderr);
  const config = JSON.parse(
    await Deno.readTextFile(join(cwd, "two/config.json")),
  );
  assertEquals(config.labels, ["no", "yes"]);
});
