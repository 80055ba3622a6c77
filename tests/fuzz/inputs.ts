import { UserError } from "../../lib/base/errors.ts";
import { Random } from "../support/random.ts";
import type { Bytes } from "./mutate/bytes.ts";
import type { Read, Reader } from "./readers/reader.ts";

/** Largest input, in bytes. */
const LARGEST = 2 ** 22;

/**
 * Makes an input: one of the seeds, changed once to four times, most often once. The same
 * arguments give the same input.
 */
export async function makeInput(
  reader: Reader,
  seeds: readonly Bytes[],
  name: { seed: number; index: number },
): Promise<Bytes> {
  const random = new Random(`${reader.name} ${name.seed} ${name.index}`);
  let file = random.pick(seeds).slice();
  for (let changes = random.pick([1, 1, 1, 2, 3, 4]); changes > 0; changes--) {
    file = await reader.mutate(file, random);
  }
  return file.slice(0, LARGEST);
}

/**
 * Reads an input.
 *
 * @return Null if it was read or refused as it should be, else what was thrown.
 */
export async function faultOf(
  read: Read,
  input: Bytes,
): Promise<string | null> {
  try {
    await read(input);
    return null;
  } catch (error) {
    if (error instanceof UserError) return null;
    return error instanceof Error ? error.stack ?? error.message : `${error}`;
  }
}
