/// <reference lib="deno.worker" />
import { cpuUsage } from "node:process";
import { faultOf, makeInput } from "./inputs.ts";
import type { Bytes } from "./mutate/bytes.ts";
import { peakMemory } from "./peak_memory.ts";
import { readers } from "./readers.ts";
import type { Read } from "./readers/reader.ts";

/** What a worker is to do: a reader's inputs from an index on. */
export interface Order {
  reader: string;
  seed: number;
  index: number;
  /** Stops after so many inputs. */
  inputs: number;
  /** Stops at this time, in milliseconds since 1970. */
  until: number;
  /** Where the worker leaves the index of the input at hand. */
  place: Int32Array<SharedArrayBuffer>;
}

/** An input that a reader cannot cope with. */
export interface Finding {
  index: number;
  fault: string;
}

/** What a worker has found out; sent after every batch. */
export interface Account {
  inputs: number;
  read: number;
  slowest: number;
  peak: number;
  findings: Finding[];
  done: boolean;
}

const BATCH = 50;
const MOST_MILLISECONDS = 2000;

/** The memory that reading may take. */
function allowance(input: Bytes): number {
  return 4 * input.length + 64 * 2 ** 20;
}

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  const reader = readers.find(({ name }) => name === data.reader)!;
  const seeds = await reader.seeds();
  const folder = await Deno.makeTempDir();
  const read = await reader.prepare(folder);
  const account: Account = {
    inputs: 0,
    read: 0,
    slowest: 0,
    peak: 0,
    findings: [],
    done: false,
  };
  while (!account.done) {
    const batch: { index: number; input: Bytes }[] = [];
    for (let i = 0; i < Math.min(BATCH, data.inputs - account.inputs); i++) {
      const index = data.index + account.inputs + i;
      data.place[0] = index;
      batch.push({
        index,
        input: await makeInput(reader, seeds, { ...data, index }),
      });
    }
    await readBatch(batch, read, { account, place: data.place });
    account.inputs += batch.length;
    account.done = account.inputs >= data.inputs || Date.now() >= data.until;
    self.postMessage(account);
    account.findings = [];
  }
  await Deno.remove(folder, { recursive: true });
};

async function readBatch(
  batch: readonly { index: number; input: Bytes }[],
  read: Read,
  { account, place }: { account: Account; place: Int32Array },
): Promise<void> {
  const counted: Read = async (input) => {
    await read(input);
    account.read++;
  };
  const peak = await peakMemory(async () => {
    for (const { index, input } of batch) {
      place[0] = index;
      const begun = performance.now();
      let fault = await faultOf(counted, input);
      const time = performance.now() - begun;
      // Once more, by the processor's clock: another program may take the time.
      if (
        time > MOST_MILLISECONDS &&
        await timeOf(read, input) > MOST_MILLISECONDS
      ) {
        fault ??= `it took ${Math.round(time)} ms`;
      }
      account.slowest = Math.max(account.slowest, time);
      if (fault) account.findings.push({ index, fault });
    }
  });
  account.peak = Math.max(account.peak, peak);
  if (peak <= Math.min(...batch.map(({ input }) => allowance(input)))) return;
  for (const { index, input } of batch) {
    place[0] = index;
    const peak = await peakMemory(async () => {
      await faultOf(read, input);
    });
    if (peak <= allowance(input)) continue;
    const fault = `it took ${peak} bytes for ${input.length}`;
    account.findings.push({ index, fault });
  }
}

async function timeOf(read: Read, input: Bytes): Promise<number> {
  const begun = cpuUsage();
  await faultOf(read, input);
  const { user, system } = cpuUsage(begun);
  return (user + system) / 1000;
}
