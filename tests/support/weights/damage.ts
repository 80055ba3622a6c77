import { UserError } from "../../../lib/base/errors.ts";

/** Reads weights, or throws. */
export type Read = (bytes: Uint8Array<ArrayBuffer>) => unknown;

/** The prefixes of a file that a reader does not refuse with a UserError. */
export async function unrefusedPrefixes(
  file: Uint8Array,
  read: Read,
): Promise<string[]> {
  const faults: string[] = [];
  for (let length = 0; length < file.length; length++) {
    const outcome = await attempt(
      read,
      new Uint8Array(file.subarray(0, length)),
    );
    if (outcome !== "refused") faults.push(`${length} bytes: ${outcome}`);
  }
  return faults;
}

/** What a reader throws besides UserErrors when up to three bytes are changed. */
export async function strayErrors(
  file: Uint8Array,
  read: Read,
  rounds: number,
): Promise<string[]> {
  const random = generator(1);
  const faults: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const bytes = new Uint8Array(file);
    for (let flips = 1 + random() % 3; flips > 0; flips--) {
      bytes[random() % bytes.length] = random() & 255;
    }
    const outcome = await attempt(read, bytes);
    if (outcome !== "refused" && outcome !== "read") faults.push(outcome);
  }
  return faults;
}

async function attempt(
  read: Read,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  try {
    await read(bytes);
    return "read";
  } catch (error) {
    return error instanceof UserError ? "refused" : String(error);
  }
}

/** Marsaglia's xorshift32. */
function generator(seed: number): () => number {
  return () => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed >>>= 0;
  };
}
