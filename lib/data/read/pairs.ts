/**
 * Unlabelled pairs as JSON lines, for predictions.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { joinBytes } from "../../base/join_bytes.ts";
import { showValue } from "../../base/show_value.ts";

/** A pair to classify, or a single sentence. */
export interface Pair {
  /** The first sentence, or the only one. */
  premise: string;
  /** The second sentence; null for a single one. */
  hypothesis: string | null;
}

/** Longest line that is taken, in bytes: memory stays bounded. */
const LONGEST_LINE = 1 << 20;

/**
 * Reads pairs from JSON lines as they come: `{"premise": ..., "hypothesis":
 * ...}`, the hypothesis absent or null for a single sentence; other fields
 * are passed over, and so are empty lines. The pairs before a bad line are
 * given first.
 *
 * @param input UTF-8 text; it may never end.
 * @param batchSize Most pairs a batch, at least 1.
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
  let line = 0;
  for await (const lines of arrivingLines(input)) {
    let batch: Pair[] = [];
    for (const bytes of lines) {
      const pair = parsePair(bytes, ++line);
      if (pair instanceof UserError) {
        if (batch.length > 0) yield batch;
        throw pair;
      }
      if (pair !== null) batch.push(pair);
      if (batch.length === batchSize) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }
}

const LF = 10;

/** Lines that are whole at the same time; one that is too long is cut. */
async function* arrivingLines(
  input: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array[]> {
  let rest = new Uint8Array(0);
  for await (const bytes of input) {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end; (end = bytes.indexOf(LF, start)) !== -1; start = end + 1) {
      lines.push(joinBytes(rest, bytes.subarray(start, end)));
      rest = new Uint8Array(0);
    }
    rest = joinBytes(rest, bytes.subarray(start));
    if (rest.length > LONGEST_LINE) lines.push(rest);
    yield lines;
  }
  yield [rest];
}

/** A line's pair, or null if it is empty, or what is wrong with it. */
function parsePair(bytes: Uint8Array, line: number): Pair | UserError | null {
  if (bytes.length > LONGEST_LINE) {
    return badLine(line, `it is longer than ${LONGEST_LINE} bytes`);
  }
  let value: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.trim() === "") return null;
    value = JSON.parse(text);
  } catch (cause) {
    const what = cause instanceof SyntaxError
      ? `it is not JSON (${cause.message})`
      : "it is not UTF-8";
    return badLine(line, what, cause);
  }
  const { premise, hypothesis = null } = Object(value) as Record<
    string,
    unknown
  >;
  if (typeof premise !== "string") {
    return badLine(line, `premise is ${showValue(premise)}, expected a string`);
  }
  if (hypothesis !== null && typeof hypothesis !== "string") {
    return badLine(
      line,
      `hypothesis is ${showValue(hypothesis)}, expected a string`,
    );
  }
  return { premise, hypothesis };
}

function badLine(line: number, what: string, cause?: unknown): UserError {
  return new UserError(`Cannot read line ${line} of standard input: ${what}`, {
    code: "bad-data",
    hint: 'a line is {"premise": "...", "hypothesis": "..."}',
    cause,
  });
}
