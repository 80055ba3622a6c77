/**
 * Unlabelled pairs as JSON lines, for predictions.
 *
 * @module
 */
import { UserError } from "../errors.ts";

/** A pair to classify, or a single sentence. */
export interface Pair {
  /** The first sentence, or the only one. */
  premise: string;
  /** The second sentence; null for a single one. */
  hypothesis: string | null;
}

/** Longest line that is taken, in characters: memory stays bounded. */
const LONGEST_LINE = 1 << 20;

/**
 * Reads pairs from JSON lines as they come: `{"premise": ..., "hypothesis":
 * ...}`, the hypothesis absent or null for a single sentence; other fields
 * are passed over, and so are empty lines.
 *
 * @param input UTF-8 text; it may never end.
 * @param batchSize Most pairs a batch.
 * @return Batches: pairs that arrived together, so that none waits for pairs
 *   that are not there yet.
 * @throws {UserError} Naming the line that is not such a pair.
 *
 * @example
 * ```ts
 * import { readPairs } from "./pairs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const input = new Blob(['{"premise": "A dog runs.", "hypothesis": "It is still."}\n']);
 * const batches = await Array.fromAsync(readPairs(input.stream(), 8));
 * assertEquals(batches, [[{ premise: "A dog runs.", hypothesis: "It is still." }]]);
 * ```
 */
export async function* readPairs(
  input: ReadableStream<Uint8Array<ArrayBuffer>>,
  batchSize: number,
): AsyncGenerator<Pair[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let row = 0;
  const take = (text: string): Pair[] => {
    const lines = (rest + text).split(/\r\n|\r|\n/);
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE) {
      throw badLine(row + 1, `it is longer than ${LONGEST_LINE} characters`);
    }
    return lines.flatMap((line) => {
      row++;
      return line.trim() === "" ? [] : [parsePair(line, row)];
    });
  };
  const decode = (bytes?: Uint8Array<ArrayBuffer>): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw badLine(
        row + 1,
        "it, or a line soon after it, is not UTF-8",
        cause,
      );
    }
  };
  for await (const bytes of input) {
    yield* inBatches(take(decode(bytes)), batchSize);
  }
  yield* inBatches(take(decode() + "\n"), batchSize);
}

function* inBatches(pairs: Pair[], size: number): Generator<Pair[]> {
  for (let i = 0; i < pairs.length; i += size) yield pairs.slice(i, i + size);
}

function parsePair(line: string, row: number): Pair {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw badLine(row, `it is not JSON (${(cause as Error).message})`, cause);
  }
  const { premise, hypothesis = null } = Object(value) as Record<
    string,
    unknown
  >;
  if (typeof premise !== "string") {
    throw badLine(row, `premise is ${show(premise)}, expected a string`);
  }
  if (hypothesis !== null && typeof hypothesis !== "string") {
    throw badLine(row, `hypothesis is ${show(hypothesis)}, expected a string`);
  }
  return { premise, hypothesis };
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}

function badLine(row: number, what: string, cause?: unknown): UserError {
  return new UserError(`Cannot read line ${row} of standard input: ${what}`, {
    code: "bad-data",
    hint: 'a line is {"premise": "...", "hypothesis": "..."}',
    cause,
  });
}
