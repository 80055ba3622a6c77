/** A folder with a model so small, and data so few, that a run takes moments. */
import { join, resolve } from "@std/path";
import { prepareTables } from "../../../lib/data/encode/prepare.ts";
import { parseLines, timeless } from "./run_task.ts";
import { digestOf, LABELS, namesIn } from "./workplace.ts";

const MODEL = resolve("fixtures/golden/mxnet");
const WORDS = ["a man", "a woman", "a dog", "the horse", "a person"];
const PLACES = ["outdoors .", "at a diner .", "sleeping .", "outside ."];

/** Flags that train on it: two epochs of two steps each, saved at all. */
export const GOLDEN = [
  `--model=${MODEL}`,
  `--weights=${join(MODEL, "pretrained.params")}`,
  "--heads=4",
  "--data=data",
  "--out=run",
  "--device=cpu",
  "--threads=1",
  "--blas=none",
  "--batch-size=8",
  "--epochs=2",
  "--lr=1e-2",
  "--dropout=0.1",
  "--log-every=1",
  "--checkpoint-every=1",
];

/** Makes the folder, as {@link fillGoldenPlace} fills it. */
export async function makeGoldenPlace(): Promise<string> {
  const folder = await Deno.makeTempDir();
  await fillGoldenPlace(folder);
  return folder;
}

/** Fills a folder: its dev split makes the first epoch the best. */
export async function fillGoldenPlace(folder: string): Promise<void> {
  const specs: string[] = [];
  for (
    const [split, rows] of [["train", 16], ["dev", 9], ["test", 9]] as const
  ) {
    const lines = Array.from({ length: rows }, (_, i) =>
      JSON.stringify({
        premise: `${WORDS[i % 5]} is ${PLACES[i % 4]}`,
        hypothesis: `${WORDS[(i * 3) % 5]} is ${PLACES[(i * 7 + rows) % 4]}`,
        label: LABELS[i % 3],
      }));
    const path = join(folder, `${split}.jsonl`);
    await Deno.writeTextFile(path, lines.join("\n") + "\n");
    specs.push(`${split}=${path}`);
  }
  await prepareTables(join(folder, "data"), {
    data: specs,
    vocabularyFile: join(MODEL, "vocab.json"),
    tokenizer: { kind: "words", lowerCase: true },
    labels: LABELS,
    maxLength: 32,
    truncation: "longest-first",
    workers: 1,
  });
}

/** What tells of the run's settings and times, or is looked at apart. */
const DIFFERING = ["checkpoints", "events.jsonl", "run.json", "SHA256SUMS"];

/**
 * All that a run is in the end, less what depends on the clock: the bytes of
 * its files and checkpoints, and what it told of its training.
 */
export async function outcomeOf(run: string): Promise<unknown> {
  const checkpoints: Record<string, string[]> = {};
  for (const name of await namesIn(join(run, "checkpoints"))) {
    const folder = join(run, "checkpoints", name);
    checkpoints[name] = await Promise.all(
      ["model.safetensors", "optimizer.safetensors"].map((file) =>
        digestOf(join(folder, file))
      ),
    );
  }
  const files: Record<string, string> = {};
  for (const name of await namesIn(run)) {
    if (DIFFERING.includes(name)) continue;
    files[name] = await digestOf(join(run, name));
  }
  const events = parseLines(await Deno.readTextFile(join(run, "events.jsonl")));
  const told = timeless(events, ["step", "epoch", "metrics", "done"]);
  return { checkpoints, files, told };
}
