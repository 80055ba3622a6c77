/** Runs of Hugging Face's models, which are transformers' directories. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join, resolve } from "@std/path";
import { copyTree } from "../../../support/faults/trees.ts";
import {
  type Ended,
  type Line,
  runTask,
} from "../../../support/tasks/run_task.ts";

const GOLDEN = resolve("fixtures/golden/families/bert_cased");
const FLAGS = ["--device=cpu", "--threads=1", "--blas=none"];

let cwd: string;

Deno.test.beforeAll(async () => {
  cwd = await Deno.makeTempDir();
  const rows = Array.from(
    { length: 12 },
    (_, i) => `a man is ${"very ".repeat(i % 4)}old,he ${i} runs,${i % 3}`,
  );
  await Deno.writeTextFile(
    join(cwd, "rows.csv"),
    ["premise,hypothesis,label", ...rows].join("\n"),
  );
  await ended("finetune", flagsOf("run"));
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

function flagsOf(out: string, model = GOLDEN): string[] {
  return [
    ...[`--model=${model}`, "--data=rows.csv", `--out=${out}`, "--max-len=9"],
    ...["--batch-size=4", "--epochs=1", "--checkpoint-every=1", ...FLAGS],
  ];
}

async function ended(
  task: "finetune" | "predict" | "verify",
  flags: string[],
): Promise<Ended> {
  const ended = await runTask(task, flags, { cwd });
  assertEquals(ended.code, 0, ended.stderr);
  return ended;
}

/** What a model says of a pair that no length cuts. */
async function answerOf(model: string): Promise<Line> {
  const { events } = await ended("predict", [
    ...[`--model=${model}`, "--premise=a", "--hypothesis=he"],
    ...FLAGS,
  ]);
  const { logits, label } = events.find((e) => e.event === "prediction")!;
  return { logits, label };
}

async function editConfig(
  run: string,
  change: (config: Line) => Line,
): Promise<void> {
  const path = join(cwd, run, "config.json");
  const config = JSON.parse(await Deno.readTextFile(path));
  await Deno.writeTextFile(path, JSON.stringify(change(config)));
}

Deno.test("a run answers alike with what transformers knows of it alone", async () => {
  await copyTree(join(cwd, "run"), join(cwd, "plain"));
  for (const name of ["SHA256SUMS", "run.json"]) {
    await Deno.remove(join(cwd, "plain", name));
  }
  await editConfig("plain", ({ premise: _, ...config }) => config);
  assertEquals(await answerOf("plain"), await answerOf("run"));
});

Deno.test("a run that is trained further is of the same form", async () => {
  await ended("finetune", flagsOf("further", "run"));
  const [run, further] = await Promise.all(
    ["run", "further"].map((name) =>
      Deno.readTextFile(join(cwd, name, "config.json"))
    ),
  );
  assertEquals(further, run);
});

Deno.test("a run whose labels were renamed is accepted, and goes on with them", async () => {
  await copyTree(join(cwd, "run"), join(cwd, "named"));
  const rename = (text: string) => text.replace("entailment", "follows");
  await editConfig("named", ({ id2label, ...config }) => ({
    ...config,
    id2label: JSON.parse(rename(JSON.stringify(id2label))),
  }));
  await ended("verify", ["--run=named", "--accept"]);
  const flags = [...flagsOf("named"), "--epochs=2", "--resume"];
  const refused = await runTask("finetune", flags, { cwd });
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, 'label "follows" is 0 in id2label');
  await editConfig("named", ({ label2id, ...config }) => ({
    ...config,
    label2id: JSON.parse(rename(JSON.stringify(label2id))),
  }));
  await ended("verify", ["--run=named", "--accept"]);
  await ended("finetune", flags);
  const { label2id } = JSON.parse(
    await Deno.readTextFile(join(cwd, "named/config.json")),
  );
  assertEquals(label2id, { follows: 0, neutral: 1, contradiction: 2 });
});

Deno.test("verify proves the steps of a run in transformers' form", async () => {
  const { events } = await ended("verify", ["--run=run", "--json"]);
  assertEquals(
    events.filter(({ event, outcome }) =>
      event === "check" && outcome !== "works"
    ).map(({ name }) => name),
    [],
  );
});
