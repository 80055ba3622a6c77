/**
 * Unlabelled pairs, or single sentences, for predictions.
 *
 * @module
 */
import type { UserError } from "../../base/errors.ts";
import { badData, type BadRow, RowError } from "./bad_data.ts";
import { decodeLines } from "./decode_lines.ts";
import type { RawExample } from "./example.ts";
import { type RowFormat, unitOf } from "./format/formats.ts";
import { LONGEST_ROW, type Piece } from "./pieces.ts";
import { rowsOf, takeSentences } from "./rows.ts";

/** A pair to classify, or a single sentence. */
export interface Pair {
  /** The first sentence, or the only one. */
  premise: string;
  /** The second sentence; null for a single one. */
  hypothesis: string | null;
}

/** A pair that may be a row of a file. */
export interface PairRow extends Pair {
  /** The line on which the row begins, or its number, from 1. */
  row?: number;
  /** All else that the row has, as its id or its label, by name. */
  input?: Record<string, unknown>;
}

/** Rows that follow each other. */
export interface PairBatch {
  /** Those that are pairs. */
  pairs: PairRow[];
  /** What is wrong with the row after them. */
  bad?: UserError;
}

/** Rows of sentences. */
export interface PairInput {
  /** What messages call it. */
  shown: string;
  /** How it is written; null if there is nothing. */
  format: RowFormat | null;
  /** Its rows in pieces; they may never end. */
  pieces: AsyncIterable<Piece>;
}

/**
 * Reads pairs in their order, as they come.
 *
 * @param input Where they come from.
 * @param batchSize Most pairs a batch, at least 1.
 * @return Batches: pairs of one piece, so that none waits for pairs that are
 * not there yet. A bad row ends its batch.
 *
 * @example
 * ```ts
 * import { cutPieces } from "./pieces.ts";
 * import { readPairs } from "./pairs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder()
 *   .encode('{"premise": "A dog runs.", "hypothesis": "It is still.", "id": 7}\n');
 * const fields = { premise: "premise", hypothesis: "hypothesis", label: null };
 * const input = {
 *   shown: "pairs.jsonl",
 *   format: { kind: "json", container: "lines", fields, seconds: [] } as const,
 *   pieces: cutPieces([bytes], null),
 * };
 * assertEquals(await Array.fromAsync(readPairs(input, 8)), [{
 *   pairs: [{
 *     premise: "A dog runs.",
 *     hypothesis: "It is still.",
 *     row: 1,
 *     input: { id: 7 },
 *   }],
 * }]);
 * ```
 */
export async function* readPairs(
  { shown, format, pieces }: PairInput,
  batchSize: number,
): AsyncGenerator<PairBatch> {
  if (format === null) return;
  let line = 1;
  for await (const piece of pieces) {
    if (piece.bytes === null) {
      const what = `it is longer than ${LONGEST_ROW} bytes`;
      const row = { sourceLine: line++, what };
      yield { pairs: [], bad: badRow(shown, row, format) };
      continue;
    }
    const lines = decodeLines(piece.bytes, piece);
    if (piece.first && format.kind === "table") {
      lines.fill("", 0, format.headerLines);
    }
    let pairs: PairRow[] = [];
    for (const [sourceLine, read] of rowsOf(lines, format, { whole: true })) {
      const row = line + sourceLine;
      try {
        const raw = read();
        if (raw !== null) pairs.push({ ...pairOf(raw, format), row });
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        yield { pairs, bad: badRow(shown, error.at(row), format) };
        pairs = [];
      }
      if (pairs.length === batchSize) {
        yield { pairs };
        pairs = [];
      }
    }
    if (pairs.length > 0) yield { pairs };
    line += lines.length;
  }
}

function pairOf(raw: RawExample, format: RowFormat): PairRow {
  const [premise, hypothesis] = takeSentences(raw, format);
  const input = raw.others();
  const pair = { premise, hypothesis };
  return Object.keys(input).length > 0 ? { ...pair, input } : pair;
}

function badRow(shown: string, row: BadRow, format: RowFormat): UserError {
  const { sourceLine, column, what, hint } = row;
  const location = { path: shown, sourceLine, column, unit: unitOf(format) };
  return badData(location, what, {
    hint: [hint, "--on-bad-row skip leaves such rows out"].filter(Boolean)
      .join("; "),
  });
}
