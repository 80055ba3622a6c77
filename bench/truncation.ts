/**
 * What the two ways to cut pairs that are too long cost, by length: which
 * words go, and how accurate a model becomes that never sees them.
 *
 *     deno run -A bench/truncation.ts
 *
 * Fine-tunes bert.tiny on the SNLI sample of the fixtures, 27 times in all.
 * Writes bench/truncation.json and docs/truncation.svg, and prints the tables
 * of docs/truncation.md.
 *
 * @module
 */
import { join } from "@std/path";
import { readTableDir } from "../lib/data/table/table_dir.ts";
import { truncatePair, type Truncation } from "../lib/text/pair.ts";
import { splitWords } from "../lib/text/whitespace.ts";
import {
  drawTruncation,
  tableOfAccuracies,
  tableOfLosses,
} from "./pages/truncation_chart.ts";

/** What became of the pairs at one length, cut in one way. */
export interface Cut {
  /** Share of the pairs that lose any word. */
  pairs: number;
  /** Share of the hypotheses that lose any word. */
  hypotheses: number;
  /** Share of all premises' words that are lost. */
  premise: number;
  /** Share of all hypotheses' words that are lost. */
  hypothesis: number;
}

/** What was measured at one length, cut in one way. */
export interface TruncationResult {
  /** Longest encoded pair, `<cls>` and both `<sep>` included. */
  maxLength: number;
  /** How longer ones were cut; null for none were. */
  truncation: Truncation | null;
  /** What was lost. */
  cut: Cut;
  /** Accuracy on the test split, by seed. */
  accuracies: number[];
}

const MODEL = "fixtures/bert.tiny.zip";
const DATA = "fixtures/snli_1.0.zip";
const LENGTHS = [16, 24, 32, 64];
const MODES: Truncation[] = ["longest-first", "ratio"];
/** Long enough for every pair. */
const WHOLE = 128;
const SEEDS = [0, 1, 2];

/**
 * What is lost of pairs of so many words.
 *
 * @param pairs Words of the premise and of the hypothesis of each pair.
 * @param maxLength Longest encoded pair.
 * @param mode How longer ones are cut.
 */
export function measureCut(
  pairs: readonly [number, number][],
  maxLength: number,
  mode: Truncation,
): Cut {
  const lost = { pairs: 0, hypotheses: 0, premise: 0, hypothesis: 0 };
  const all = { premise: 0, hypothesis: 0 };
  for (const [premise, hypothesis] of pairs) {
    const budget = maxLength - 3;
    const [p, h] = truncatePair(premise, hypothesis, { budget, mode });
    lost.pairs += p + h < premise + hypothesis ? 1 : 0;
    lost.hypotheses += h < hypothesis ? 1 : 0;
    lost.premise += premise - p;
    lost.hypothesis += hypothesis - h;
    all.premise += premise;
    all.hypothesis += hypothesis;
  }
  return {
    pairs: lost.pairs / pairs.length,
    hypotheses: lost.hypotheses / pairs.length,
    premise: lost.premise / all.premise,
    hypothesis: lost.hypothesis / all.hypothesis,
  };
}

/** Runs a task. Returns its last event. */
async function run(
  task: string,
  args: string[],
): Promise<Record<string, unknown>> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `tasks/${task}.ts`, ...args],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
  return JSON.parse(lines.at(-1)!);
}

/** Words of the premise and of the hypothesis of each pair of a table. */
async function wordsOf(directory: string): Promise<[number, number][]> {
  const { manifest, open } = await readTableDir(directory);
  const pairs: [number, number][] = [];
  for (const split of Object.keys(manifest.splits)) {
    const table = await open(split);
    for (let row = 0; row < table.rows; row++) {
      pairs.push([
        splitWords(table.premise(row)).length,
        splitWords(table.hypothesis(row)!).length,
      ]);
    }
  }
  return pairs;
}

/** Encodes the sample, and fine-tunes a model on it for each seed. */
async function measure(
  folder: string,
  maxLength: number,
  mode: Truncation,
): Promise<TruncationResult> {
  const model = ["--model", MODEL, "--cache", join(folder, "cache")];
  const data = join(folder, "data");
  await run("preprocess", [
    ...[...model, "--data", DATA, "--out", data],
    ...["--max-len", `${maxLength}`, "--truncation", mode],
  ]);
  const cut = measureCut(await wordsOf(data), maxLength, mode);
  const accuracies: number[] = [];
  for (const seed of SEEDS) {
    const { accuracy } = await run("finetune", [
      ...[...model, "--data", data, "--out", join(folder, "run")],
      ...["--overwrite", "--device", "cpu", "--seed", `${seed}`],
      ...["--lr", "1e-3", "--batch-size", "64", "--epochs", "5"],
    ]);
    accuracies.push(accuracy as number);
  }
  const truncation = cut.pairs === 0 ? null : mode;
  return { maxLength, truncation, cut, accuracies };
}

async function main(): Promise<void> {
  const folder = await Deno.makeTempDir();
  const results: TruncationResult[] = [];
  for (const maxLength of LENGTHS) {
    for (const mode of MODES) {
      results.push(await measure(folder, maxLength, mode));
    }
  }
  results.push(await measure(folder, WHOLE, MODES[0]));
  await Deno.remove(folder, { recursive: true });

  await Deno.writeTextFile(
    "bench/truncation.json",
    JSON.stringify(results, null, 2) + "\n",
  );
  await Deno.writeTextFile(
    "docs/truncation.svg",
    await drawTruncation(results),
  );
  const tables = [tableOfLosses(results), tableOfAccuracies(results)];
  await Deno.stdout.write(
    new TextEncoder().encode(tables.join("\n\n") + "\n"),
  );
}

if (import.meta.main) await main();
