/**
 * Runs of Hugging Face's models, as they lie there, in transformers itself:
 * opened without a word, with our logits.
 */
import { assert, assertEquals, assertLess } from "@std/assert";
import { join, resolve } from "@std/path";
import { copyTree } from "../support/faults/trees.ts";
import { pythonPart, runPython } from "../support/python.ts";
import { registerTest } from "../support/require.ts";
import { type Line, runTask } from "../support/tasks/run_task.ts";

const FAMILIES = resolve("fixtures/golden/families");
const LABELS = ["entailment", "neutral", "contradiction"];
const WORDS = ("A man is outside two dogs run in the house Nobody schön café " +
  "中文 [E1] don't -- 3.5").split(" ");

/** A model, and how it is trained here. */
interface Case {
  /** As the end of "a run ... is opened". */
  name: string;
  /** The golden model; or the run of an earlier case, as `run-0`. */
  model: string;
  /** What of its `config.json` is otherwise; undefined leaves a field out. */
  config?: Record<string, unknown>;
  /** Files that it lacks. */
  without?: string[];
  /** Flags besides the usual ones. */
  flags?: string[];
  /** The names of its classes; those of the data if not given. */
  labels?: string[];
}

const CASES: Case[] = [
  { name: "of a BERT", model: "bert_cased" },
  { name: "of a DistilBERT", model: "distilbert" },
  { name: "of an ELECTRA", model: "electra" },
  { name: "of a RoBERTa", model: "roberta" },
  { name: "of a run", model: "run-3" },
  { name: "of a BERT with added tokens", model: "bert_added_tokens" },
  {
    name: "of a BERT that keeps accents, with vocab.txt alone",
    model: "bert_accents",
    without: ["tokenizer.json"],
  },
  {
    name: "of a model that does not say its type",
    model: "bert_no_chinese",
    config: { model_type: undefined, architectures: undefined },
  },
  {
    name: "of a model of another head, type of numbers and origin",
    model: "electra",
    config: {
      architectures: ["ElectraForMaskedLM"],
      id2label: { 0: "LABEL_0" },
      label2id: { LABEL_0: 0 },
      _name_or_path: "somebody/else",
      dtype: undefined,
      torch_dtype: "float16",
      transformers_version: "4.30.0",
    },
    labels: ["entailment", "contradiction", "neutral"],
  },
  {
    name: "of a model of two classes that gets a new output layer",
    model: "distilbert",
    config: { id2label: { 0: "no", 1: "yes" }, label2id: { no: 0, yes: 1 } },
    flags: ["--new-head", `--labels=${LABELS}`],
  },
  {
    name: "with other dropout rates",
    model: "roberta",
    flags: ["--dropout=0.25"],
  },
  {
    name: "of hypotheses alone, cut by their shares",
    model: "bert_cased",
    flags: ["--hypothesis-only", "--truncation=ratio", "--max-len=12"],
  },
  {
    name: "of classes that are called by numbers",
    model: "electra",
    flags: ["--new-head", "--labels=2,0,1"],
    labels: ["2", "0", "1"],
  },
];

/** Sentences of some words, the same whenever they are made. */
function sentence(i: number): string {
  return Array.from(
    { length: 1 + i % 9 },
    (_, k) => WORDS[(i * 7 + k * (3 + i)) % WORDS.length],
  ).join(" ");
}

const PAIRS = Array.from(
  { length: 20 },
  (_, i) => [sentence(i), sentence(3 * i + 1)] as const,
);

/** What transformers sees of a run, and what we say of the same pairs. */
interface Seen {
  python: Line;
  ours: Line[];
}

/** Trains every case, and has transformers open all of the runs. */
async function trainAndOpen(): Promise<Map<Case, Seen>> {
  const cwd = await Deno.makeTempDir();
  const ours = new Map<Case, Line[]>();
  const asked: unknown[] = [];
  for (const [i, each] of CASES.entries()) {
    const run = `run-${i}`;
    await train(each, cwd, run);
    ours.set(each, await predictionsOf(cwd, run));
    const text = await Deno.readTextFile(join(cwd, run, "config.json"));
    const { sentences, maxLength: length } = JSON.parse(text).premise.text;
    const pairs = PAIRS.map(([premise, hypothesis]) =>
      sentences === "hypothesis-only" ? ["", hypothesis] : [premise, hypothesis]
    );
    asked.push({ run: join(cwd, run), pairs, length });
  }
  const list = join(cwd, "runs.json");
  await Deno.writeTextFile(list, JSON.stringify(asked));
  const program = await Deno.readTextFile("tests/interop/python/open_runs.py");
  const { code, stdout, stderr } = await runPython(program, [list], {
    env: { HF_HUB_OFFLINE: "1" },
  });
  assertEquals(code, 0, stderr);
  const lines = stdout.split("\n").map((line) => JSON.parse(line) as Line);
  await Deno.remove(cwd, { recursive: true });
  return new Map(
    CASES.map((each, i) => [each, { python: lines[i], ours: ours.get(each)! }]),
  );
}

async function train(
  { model, config, without = [], flags = [], labels = LABELS }: Case,
  cwd: string,
  run: string,
): Promise<void> {
  const source = join(cwd, `${run}-model`);
  const isRun = model.startsWith("run-");
  await copyTree(join(isRun ? cwd : FAMILIES, model), source);
  for (const name of without) await Deno.remove(join(source, name));
  if (config) {
    const path = join(source, "config.json");
    const told = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify({ ...told, ...config }));
  }
  const rows = Array.from({ length: 16 }, (_, i) => ({
    premise: sentence(i + 2),
    hypothesis: sentence(5 * i),
    label: labels[i % labels.length],
  }));
  await Deno.writeTextFile(
    join(cwd, "rows.jsonl"),
    rows.map((row) => JSON.stringify(row) + "\n").join(""),
  );
  const { code, stderr } = await runTask("finetune", [
    ...[`--model=${source}`, "--data=rows.jsonl", `--out=${run}`],
    ...["--device=cpu", "--epochs=2", "--batch-size=8", "--lr=1e-3"],
    ...flags,
  ], { cwd });
  assertEquals(code, 0, stderr);
}

async function predictionsOf(cwd: string, run: string): Promise<Line[]> {
  const input = PAIRS.map(([premise, hypothesis]) =>
    JSON.stringify({ premise, hypothesis }) + "\n"
  ).join("");
  const flags = [`--model=${run}`, "--device=cpu"];
  const ended = await runTask("predict", flags, { cwd, input });
  assertEquals(ended.code, 0, ended.stderr);
  return ended.events.filter(({ event }) => event === "prediction");
}

const part = await pythonPart("transformers");
let seen: Promise<Map<Case, Seen>> | undefined;

for (const each of CASES) {
  registerTest({
    ...part,
    name:
      `a run ${each.name} is opened by transformers without a word, and has our logits and labels there`,
    fn: async () => {
      const { python, ours } = (await (seen ??= trainAndOpen())).get(each)!;
      assertEquals([python.problems, python.told], [[], []]);
      assertEquals(python.dtype, "torch.float32");
      assert(String(python.type).endsWith("ForSequenceClassification"));
      assertEquals(python.labels, each.labels ?? LABELS);
      const [theirs, own] = [
        python.logits as number[][],
        ours.map(({ logits }) => logits as number[]),
      ];
      assertEquals(theirs.length, own.length);
      theirs.flat().forEach((logit, i) =>
        assertLess(Math.abs(logit - own.flat()[i]), 1e-5)
      );
      assertEquals(python.answers, ours.map(({ label }) => label));
    },
  });
}
