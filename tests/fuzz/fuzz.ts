/**
 * Feeds every reader odd files and tells those that it cannot cope with:
 *
 *     deno task fuzz --seconds 60 --seed 1 --reader mxnet
 *
 * (or `--inputs 20000`, to stop after so many of each reader).
 *
 * A reader may only throw UserErrors, within 2 s and within 4 times the input
 * plus 64 MiB of memory. What else happens is a finding, whose input goes into
 * the reader's folder of the corpus, for `replay_test.ts` once it is mended.
 */
import { join } from "@std/path";
import { parseArgs } from "node:util";
import type { Account, Order } from "./fuzz_worker.ts";
import { makeInput } from "./inputs.ts";
import { readers } from "./readers.ts";
import type { Reader } from "./readers/reader.ts";

/** A reader that has not come to the next input for so long hangs. */
const PATIENCE = 30_000;

/** A fault may show the whole input; so many characters of it are told. */
const LONGEST_FAULT = 2000;

const flags = parseFlags();
const { seed, inputs } = flags;
const chosen = readers.filter(({ name }) =>
  flags.reader === undefined || name === flags.reader
);
if (chosen.length === 0) {
  const names = readers.map(({ name }) => name).join(", ");
  refuse(`there is no reader "${flags.reader}", only ${names}`);
}
const share = 1000 * flags.seconds / chosen.length;
const found = new Map<string, number>();
for (const reader of chosen) {
  const until = Date.now() + share;
  for (let index = 0; index < inputs && Date.now() < until;) {
    index = await fuzz(reader, { index, until });
  }
}
Deno.exit(found.size > 0 ? 1 : 0);

/** Runs a worker to its end, or until it hangs; gives the next index. */
async function fuzz(
  reader: Reader,
  { index, until }: { index: number; until: number },
): Promise<number> {
  const url = new URL("fuzz_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const place = new Int32Array(new SharedArrayBuffer(4));
  const { name } = reader;
  const order: Order = {
    reader: name,
    seed,
    index,
    inputs: inputs - index,
    until,
    place,
  };
  const begun = performance.now();
  const { promise, resolve } = Promise.withResolvers<Account | string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch = (last: number) => {
    timer = setTimeout(() => {
      if (place[0] === last) resolve(`it hangs for ${PATIENCE / 1000} s`);
      else watch(place[0]);
    }, PATIENCE);
  };
  watch(-1);
  worker.onmessage = async ({ data }: MessageEvent<Account>) => {
    for (const { index, fault } of data.findings) {
      await keep(reader, index, fault);
    }
    if (data.done) resolve(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    resolve(`it ends the worker: ${event.message}`);
  };
  worker.postMessage(order);
  const outcome = await promise;
  clearTimeout(timer);
  worker.terminate();
  if (typeof outcome === "string") {
    await keep(reader, place[0], outcome);
    return place[0] + 1;
  }
  const seconds = (performance.now() - begun) / 1000;
  say([
    `${name}: ${outcome.inputs} inputs in ${seconds.toFixed(0)} s`,
    `${outcome.read} read`,
    `slowest ${outcome.slowest.toFixed(0)} ms`,
    `peak ${(outcome.peak / 2 ** 20).toFixed(0)} MiB a batch`,
  ].join(", "));
  return index + outcome.inputs;
}

/** Writes an input to the corpus, unless there is one of the same fault. */
async function keep(
  reader: Reader,
  index: number,
  fault: string,
): Promise<void> {
  const kind = `${reader.name} ${
    fault.split("\n", 2).join().replace(/\d+/g, "#")
  }`;
  const times = (found.get(kind) ?? 0) + 1;
  found.set(kind, times);
  if (times > 1) return;
  const folder = join(import.meta.dirname!, "corpus", reader.name);
  const file = join(folder, `${seed}-${index}`);
  const input = await makeInput(reader, await reader.seeds(), { seed, index });
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeFile(file, input);
  say(`${file}: ${fault.slice(0, LONGEST_FAULT)}`);
}

function parseFlags() {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: "string", default: "60" },
        seed: { type: "string", default: "1" },
        reader: { type: "string" },
        inputs: { type: "string", default: "1000000000" },
      },
    });
    const { reader, ...numbers } = values;
    const [seconds, seed, inputs] = [
      numbers.seconds,
      numbers.seed,
      numbers.inputs,
    ]
      .map((text) => /^\d+$/.test(text) ? Number(text) : NaN);
    if (!Number.isFinite(seconds + seed + inputs)) {
      refuse("--seconds, --seed and --inputs take whole numbers");
    }
    return { seconds, seed, inputs, reader };
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function refuse(reason: string): never {
  say(reason);
  Deno.exit(2);
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}
