/**
 * Preparing a text as large as SNLI's training split: our whole task, with
 * its start and the files that it writes, beside the book's code, without its
 * imports and without files.
 *
 * @module
 */
import { join } from "@std/path";
import { versions } from "../../lib/base/versions.ts";
import { type Case, pythonSide, type RunOptions } from "../case.ts";
import { summarise } from "../compare.ts";
import type { Comparison } from "../result.ts";
import { runTask } from "../run_task.ts";
import { type Facts, Side } from "../side.ts";
import { ENCODER, encoderDirectory, sampleDirectory } from "../work/work.ts";

/** Pairs of SNLI's training split that have a label. */
const PAIRS = 549_367;
const FILE = "snli_1.0_train.txt";

/** The case of the preparation. */
export const preprocess: Case = {
  name: "preprocess",
  title: "SNLI's training split, preparation",
  against: "torch",
  run,
};

async function run(options: RunOptions): Promise<Comparison> {
  const { scratch } = options;
  const model = await encoderDirectory(scratch);
  const data = join(scratch, "snli");
  await Deno.mkdir(data);
  const sample = await Deno.readTextFile(
    join(await sampleDirectory(scratch), FILE),
  );
  await Deno.writeTextFile(join(data, FILE), repeatRows(sample, PAIRS));
  const rates: [number, number][] = [];
  let they: Facts;
  for (let i = 0; i < options.pairs; i++) {
    const begun = performance.now();
    await runTask("preprocess", [
      ...["--model", ENCODER, "--cache", join(scratch, "cache")],
      ...["--data", data, "--out", join(scratch, `tables-${i}`)],
      ...["--expect-rows", `train=${PAIRS}`],
    ]);
    const ours = PAIRS / (performance.now() - begun) * 1000;
    using theirs = new Side(
      pythonSide(options, "torch", "preprocess_book.py"),
      {
        data,
        vocabulary: join(model, "vocab.json"),
        wheels: options.peers,
      },
    );
    they = await theirs.facts();
    const { seconds, rows } = await theirs.step();
    await theirs.end();
    if (rows !== PAIRS) throw new Error(`the book's code read ${rows} pairs`);
    rates.push([ours, PAIRS / seconds]);
  }
  return summarise(rates, {
    peer: "the book's code in Python, 4 processes",
    facts: [{ versions: versions() }, they!],
    unit: "pairs",
    memory: null,
    tokensPerSecond: null,
    productPeak: null,
    productShare: null,
    target: { floor: 5, target: 8, stretch: 12 },
    memoryTarget: null,
  });
}

/** A corpus of so many labelled pairs: the rows over and over. */
export function repeatRows(text: string, pairs: number): string {
  const [header, ...rows] = text.trimEnd().split("\n");
  const labelled = rows.filter((row) => !row.startsWith("-\t"));
  const repeated = [header];
  for (let i = 0; i < pairs; i++) repeated.push(labelled[i % labelled.length]);
  return repeated.join("\n") + "\n";
}
