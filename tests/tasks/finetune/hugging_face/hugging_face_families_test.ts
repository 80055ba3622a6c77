/** Every task works with BERT's relatives, as transformers saved them. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join, resolve } from "@std/path";
import { slowTest } from "../../../support/slow.ts";
import {
  type Ended,
  eventsOf,
  runTask,
  spawnTask,
} from "../../../support/tasks/run_task.ts";
import { digestOf } from "../../../support/tasks/workplace.ts";

const GOLDEN = resolve("fixtures/golden/families");
const LABELS = ["entailment", "neutral", "contradiction"];
const WORDS = "a man is outside two dogs run in the house nobody".split(" ");

let cwd: string;

Deno.test.beforeAll(async () => {
  cwd = await Deno.makeTempDir();
  await writeRows("train.jsonl", 48);
  await writeRows("test.jsonl", 12);
});

Deno.test.afterAll(() => Deno.remove(cwd, { recursive: true }));

/** Pairs of some words, whose label is told by the first. */
async function writeRows(name: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, i) => ({
    premise: [0, 1, 2].map((k) => WORDS[(i + k * 5) % WORDS.length]).join(" "),
    hypothesis: WORDS[(7 * i) % WORDS.length],
    label: LABELS[(i % WORDS.length) % 3],
  }));
  const lines = rows.map((row) => JSON.stringify(row) + "\n");
  await Deno.writeTextFile(join(cwd, name), lines.join(""));
}

/** Trains a golden model for four epochs of six steps, new layers included. */
function flagsOf(family: string, out: string): string[] {
  return [
    `--model=${join(GOLDEN, family)}`,
    "--data=train=train.jsonl",
    "--data=test=test.jsonl",
    "--device=cpu",
    "--batch-size=8",
    "--epochs=4",
    "--lr=1e-3",
    "--log-every=1",
    `--out=${out}`,
  ];
}

async function stopped(flags: string[]): Promise<number> {
  const child = spawnTask("finetune", flags, { cwd });
  await child.stdin.close();
  const drained = child.stderr.pipeTo(new WritableStream());
  let steps = 0;
  for await (const { event } of eventsOf(child.stdout)) {
    if (event === "step" && ++steps === 3) child.kill("SIGINT");
  }
  await drained;
  return (await child.status).code;
}

async function ended(task: "finetune" | "eval" | "predict", flags: string[]) {
  const ended: Ended = await runTask(task, flags, { cwd });
  assertEquals(ended.code, 0, ended.stderr);
  return ended.events;
}

for (
  const [family, declare] of [
    ["distilbert", slowTest],
    ["electra", slowTest],
    ["roberta", Deno.test],
  ] as const
) {
  declare(
    `a model of ${family} that is stopped and goes on learns, is measured and answers as one that was not stopped`,
    async () => {
      const undisturbed = flagsOf(family, `${family}-whole`);
      const events = await ended("finetune", undisturbed);
      const flags = flagsOf(family, `${family}-parts`);
      assertEquals(await stopped(flags), 130);
      await ended("finetune", [...flags, "--resume"]);
      const weights = [`${family}-whole`, `${family}-parts`]
        .map((run) => digestOf(join(cwd, run, "model.safetensors")));
      assertEquals(await weights[0], await weights[1]);

      const losses = events.filter(({ event }) => event === "epoch")
        .map(({ loss }) => loss as number);
      assert(losses[3] < losses[0], `it learns: ${losses}`);
      const measured = await ended("eval", [`--model=${family}-parts`]);
      const metrics = (lines: Ended["events"]) =>
        lines.filter(({ event }) => event === "metrics").at(-1)!;
      // In batches of another size, whose products a BLAS library may round
      // otherwise.
      assertAlmostEquals(
        Number(metrics(measured).loss),
        Number(metrics(events).loss),
        1e-6,
      );
      const [{ label, logits }] = (await ended("predict", [
        `--model=${family}-parts`,
        "--premise=A man is outside.",
        "--hypothesis=Nobody is in the house.",
      ])).filter(({ event }) => event === "prediction");
      const values = logits as number[];
      assertEquals(label, LABELS[values.indexOf(Math.max(...values))]);
    },
  );
}
