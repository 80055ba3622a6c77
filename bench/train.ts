/**
 * Training side by side with the book's PyTorch code, one step of each in
 * turn, so that a busy machine slows both.
 *
 *     deno run -A bench/train.ts --python PYTHON --wheel D2L_WHEEL \
 *       [--pairs 7] [--threads N] [--blas PATH|none]
 *
 * PYTHON has torch 2.13.0; D2L_WHEEL is d2l 1.0.3's. bert.small's shape with
 * random weights, batch 512, the lengths of the SNLI pairs of the fixtures.
 * Writes bench/train.json and bench/RESULTS.md.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { prepareTables } from "../lib/data/prepare.ts";
import { readTable } from "../lib/data/table.ts";
import { download } from "../lib/hub/download.ts";
import { findEntry, loadCatalogue } from "../lib/hub/catalogue.ts";
import { renderResults, type Results } from "./results.ts";
import { bertSmall, exampleBatches, lines } from "./work.ts";

const BATCH_SIZE = 512;
const WARM_UP = 1;

/** One side: a process that makes a step for every line it gets. */
class Side {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #answers: AsyncGenerator<string>;

  constructor(command: string[]) {
    this.#process = new Deno.Command(command[0], {
      args: command.slice(1),
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#answers = lines(this.#process.stdout);
  }

  /** The next line it writes. */
  async answer(): Promise<Record<string, unknown>> {
    const { value, done } = await this.#answers.next();
    if (done) throw new Error("a side of the comparison ended early");
    return JSON.parse(value);
  }

  /** Makes a step. Returns its examples a second. */
  async step(): Promise<number> {
    await this.#writer.write(new TextEncoder().encode("\n"));
    const { seconds } = await this.answer() as { seconds: number };
    return BATCH_SIZE / seconds;
  }

  /** Ends the process. Returns the most memory it had, in MB. */
  async end(): Promise<number> {
    const status = await Deno.readTextFile(`/proc/${this.#process.pid}/status`)
      .catch(() => "");
    await this.#writer.close();
    await this.#process.status;
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
  }
}

const flags = parseArgs(Deno.args, {
  string: ["python", "wheel", "pairs", "threads", "blas"],
});
const { python, wheel, blas } = flags as Record<string, string | undefined>;
if (!python || !wheel) throw new Error("--python and --wheel are needed");
const pairs = Number(flags.pairs ?? 7);
const threads = String(flags.threads ?? navigator.hardwareConcurrency);

const scratch = await Deno.makeTempDir();
const table = await realTable(scratch);
const results: Results = {
  date: new Date().toISOString().slice(0, 10),
  machine: await machine(),
  deno: Deno.version.deno,
  threads: Number(threads),
  batchSize: BATCH_SIZE,
  cases: [],
};
for (
  const [name, padTo, byLength] of [
    ["the book's, padded to 128", 128, false],
    ["padded to the batch's longest, batches by length", 0, true],
  ] as const
) {
  const shuffled = await writeWork(false);
  const ours = new Side([
    ...[Deno.execPath(), "run", "-A", "bench/peers/premise.ts"],
    ...[shuffled, threads, ...(blas === undefined ? [] : [blas])],
  ]);
  const theirs = new Side([
    ...[python, "bench/peers/torch_book.py", wheel],
    ...[byLength ? await writeWork(true) : shuffled, String(padTo), threads],
  ]);
  const { device } = await ours.answer();
  const { torch } = await theirs.answer();
  for (let i = 0; i < WARM_UP; i++) await ours.step(), await theirs.step();
  const rates: [number, number][] = [];
  for (let i = 0; i < pairs; i++) {
    rates.push([await ours.step(), await theirs.step()]);
  }
  results.cases.push({
    peer: `PyTorch ${torch}, ${name}`,
    device: String(device),
    rates,
    memory: [await ours.end(), await theirs.end()],
  });
}
await Deno.remove(scratch, { recursive: true });
await Deno.writeTextFile(
  "bench/train.json",
  JSON.stringify(results, null, 2) + "\n",
);
await Deno.writeTextFile("bench/RESULTS.md", renderResults(results));

async function realTable(scratch: string) {
  const catalogue = await loadCatalogue();
  const fetch = (name: string, kind: "model" | "dataset") =>
    download(findEntry(catalogue, name, { kind }), { cache: scratch });
  const model = await fetch("bert.tiny", "model");
  await prepareTables(`${scratch}/data`, {
    data: [await fetch("snli.sample", "dataset")],
    vocabularyFile: `${model}/vocab.json`,
    tokenizer: { kind: "words", lowerCase: true },
    labels: bertSmall.labels,
    maxLength: 128,
    truncation: "longest-first",
  });
  return await readTable(`${scratch}/data/train.arrow`);
}

async function writeWork(byLength: boolean): Promise<string> {
  const path = `${scratch}/${byLength ? "by-length" : "shuffled"}.json`;
  const batches = exampleBatches(table, { batchSize: BATCH_SIZE, byLength });
  await Deno.writeTextFile(path, JSON.stringify({ model: bertSmall, batches }));
  return path;
}

async function machine(): Promise<string> {
  const info = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const name = /model name\s*:\s*(.*)/.exec(info)?.[1] ?? Deno.build.arch;
  return `${navigator.hardwareConcurrency} cores, ${name}`;
}
