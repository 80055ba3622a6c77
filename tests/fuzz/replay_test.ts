import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { slowTest } from "../support/slow.ts";
import { faultOf, makeInput } from "./inputs.ts";
import { readers } from "./readers.ts";
import type { Reader } from "./readers/reader.ts";

/** A seed that `deno task fuzz` does not begin with. */
const SEED = 20_150_821;
/** Inputs of each reader, of which the first ones are no slow test. */
const INPUTS = 200;
const FIRST = 40;

for (const reader of readers) {
  Deno.test(`${reader.name} files that were found by fuzzing are read or refused`, async () => {
    assertEquals(await faultsOf(reader, await corpusOf(reader)), []);
  });

  Deno.test(`odd ${reader.name} files are read or refused`, () =>
    tryOdd(reader, { from: 0, to: FIRST }));

  slowTest(
    `more odd ${reader.name} files are read or refused`,
    () => tryOdd(reader, { from: FIRST, to: INPUTS }),
  );
}

/** Fails if the reader has a fault on any of some odd inputs. */
async function tryOdd(
  reader: Reader,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const seeds = await reader.seeds();
  const indices = Array.from({ length: to - from }, (_, i) => from + i);
  const inputs = await Promise.all(
    indices.map((index) => makeInput(reader, seeds, { seed: SEED, index })),
  );
  assertEquals(await faultsOf(reader, inputs), []);
}

async function faultsOf(
  reader: Reader,
  inputs: Iterable<Uint8Array<ArrayBuffer>>,
): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const read = await reader.prepare(folder);
    const faults: string[] = [];
    let index = 0;
    for (const input of inputs) {
      const fault = await faultOf(read, input);
      if (fault) faults.push(`${index}: ${fault}`);
      index++;
    }
    return faults;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function corpusOf(reader: Reader): Promise<Uint8Array<ArrayBuffer>[]> {
  const folder = join(import.meta.dirname!, "corpus", reader.name);
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return await Promise.all(
      entries.map(({ name }) => Deno.readFile(join(folder, name))),
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
