/** A folder in which the tasks find a small model and some encoded pairs. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { prepareTables } from "../../../lib/data/encode/prepare.ts";
import {
  findEntry,
  loadCatalogue,
} from "../../../lib/hub/catalogue/catalogue.ts";
import { download } from "../../../lib/hub/transfer/download.ts";
import { runTask } from "./run_task.ts";

/** Labels of the small model. */
export const LABELS = ["entailment", "contradiction", "neutral"];

/** Flags that train quickly and tell every step. */
export const QUICK = [
  "--model=bert.tiny",
  "--data=.premise/data/snli-bert.tiny",
  "--device=cpu",
  "--limit=96",
  "--batch-size=16",
  "--lr=1e-3",
  "--log-every=1",
];

/** These flags and others, whose data take the place of the workplace's. */
export function quickly(...args: string[]): string[] {
  const other = args.some((arg) => arg.startsWith("--data"));
  const quick = QUICK.filter((flag) => !other || !flag.startsWith("--data"));
  return [...quick, ...args];
}

/**
 * Makes the folder: `bert.tiny` in the default cache, and the first 256 rows of
 * each split of its data set in the default place.
 */
export async function makeWorkplace(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const cache = join(folder, ".premise/cache");
  const catalogue = await loadCatalogue();
  const fetch = (name: string, kind: "model" | "dataset") =>
    download(findEntry(catalogue, name, { kind }), { cache });
  const model = await fetch("bert.tiny", "model");
  const data = await fetch("snli.sample", "dataset");
  await prepareTables(join(folder, ".premise/data/snli-bert.tiny"), {
    data: [data],
    vocabularyFile: join(model, "vocab.json"),
    tokenizer: { kind: "words", lowerCase: true },
    labels: LABELS,
    maxLength: 128,
    truncation: "longest-first",
    limit: 256,
    workers: 1,
  });
  return folder;
}

/** Makes the folder, and a run in it: `run`, of one epoch. */
export async function makeTrainedWorkplace(): Promise<string> {
  const cwd = await makeWorkplace();
  const flags = [...QUICK, "--out=run", "--epochs=1"];
  const { code, stderr } = await runTask("finetune", flags, { cwd });
  assertEquals(code, 0, stderr);
  return cwd;
}

/** The names in a directory, sorted. */
export async function namesIn(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory), (e) => e.name)).sort();
}

/** The SHA-256 of every file below a directory, by its path there. */
export async function snapshot(
  directory: string,
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const name of await namesIn(directory)) {
    const path = join(directory, name);
    if ((await Deno.stat(path)).isFile) digests[name] = await digestOf(path);
    else {
      const inner = await snapshot(path);
      for (const key in inner) digests[join(name, key)] = inner[key];
    }
  }
  return digests;
}

/** The SHA-256 of a file. */
export async function digestOf(path: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return new Uint8Array(hash).toHex();
}
