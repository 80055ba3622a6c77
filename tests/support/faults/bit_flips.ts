/** Bits that turn over in files, and what reading them comes to. */
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import { Random } from "../random.ts";
import { treeOf } from "./trees.ts";

/** A reader of files: what it answers, or that it noticed something wrong. */
export type Answer = () => Promise<unknown>;

/** Thrown or returned by an answer that has found something wrong. */
export const NOTICED = Symbol("noticed");

/** What became of flips. */
export interface Flipped {
  /** Those that were noticed, and those that changed no answer. */
  noticed: number;
  harmless: number;
  /** The others, in words; there should be none. */
  wrong: string[];
}

/**
 * Turns one bit over at a time, and asks.
 *
 * @param folder The folder whose files are flipped; each is as likely.
 * @param answer What is asked: the digest of all that is read.
 * @param options How often, and by which seed.
 */
export async function flipBits(
  folder: string,
  answer: Answer,
  { times, seed }: { times: number; seed: string },
): Promise<Flipped> {
  const random = new Random(seed);
  const files = Object.entries(await treeOf(folder))
    .filter(([, what]) => what !== "a folder").map(([path]) => path);
  const right = await digestOf(answer);
  const flipped: Flipped = { noticed: 0, harmless: 0, wrong: [] };
  for (let i = 0; i < times; i++) {
    const name = random.pick(files);
    const path = join(folder, name);
    const bytes = await Deno.readFile(path);
    const [at, bit] = [random.below(bytes.length), random.below(8)];
    const bad = bytes.slice();
    bad[at] ^= 1 << bit;
    await Deno.writeFile(path, bad);
    try {
      const found = await digestOf(answer);
      if (found === NOTICED) flipped.noticed++;
      else if (found === right) flipped.harmless++;
      else flipped.wrong.push(`${name}, byte ${at}, bit ${bit}: not noticed`);
    } catch (error) {
      flipped.wrong.push(`${name}, byte ${at}, bit ${bit}: ${error}`);
    }
    await Deno.writeFile(path, bytes);
  }
  return flipped;
}

async function digestOf(answer: Answer): Promise<string | typeof NOTICED> {
  try {
    const said = await answer();
    return said === NOTICED ? NOTICED : JSON.stringify(said);
  } catch (error) {
    if (error instanceof UserError) return NOTICED;
    throw error;
  }
}
