/**
 * From a piece of a data file to its examples.
 *
 * @module
 */
import { type BadRow, RowError } from "./bad_data.ts";
import { decodeLines } from "./decode_lines.ts";
import type { Example } from "./example.ts";
import type { RowFormat } from "./format/formats.ts";
import { isByNumber, type LabelNames, parseGoldLabel } from "./gold_label.ts";
import { rowsOf, takeSentences } from "./rows.ts";
import type { RowsOfSplit } from "./rows_of_split.ts";

/** How {@link parseRows} reads. */
export interface ParseOptions extends LabelNames {
  /** How the rows are written. */
  format: RowFormat;
  /** Whether the file begins here, with a table's header. */
  first: boolean;
  /** Which rows to read where a column tells the split; all if absent. */
  only?: RowsOfSplit | undefined;
}

/** What a piece holds. */
export interface ParsedRows {
  /** How many lines it has. */
  lines: number;
  /** Its examples in order. */
  examples: Example[];
  /** Its rows that are not as they should be, in order, from line 0. */
  bad: BadRow[];
  /** Whether any label is a number. */
  numbered: boolean;
}

/**
 * Reads the rows of a piece.
 *
 * @param bytes Whole rows.
 * @param options How they are written.
 *
 * @example
 * ```ts
 * import { parseRows } from "./parse_rows.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode('{"premise": "A dog", "label": 0}\n!');
 * const labels = ["entailment", "contradiction", "neutral"];
 * const { lines, examples, bad } = parseRows(bytes, {
 *   format: {
 *     kind: "json",
 *     container: "lines",
 *     fields: { premise: "premise", hypothesis: null, label: "label" },
 *     seconds: [],
 *   },
 *   first: true,
 *   labels,
 *   numbered: labels,
 * });
 * assertEquals(lines, 2);
 * assertEquals(examples, [
 *   { premise: "A dog", hypothesis: null, label: 0, sourceLine: 0 },
 * ]);
 * assertEquals(bad.map(({ sourceLine }) => sourceLine), [1]);
 * ```
 */
export function parseRows(
  bytes: Uint8Array,
  options: ParseOptions,
): ParsedRows {
  const { format, first } = options;
  const lines = decodeLines(bytes, { first });
  const parsed: ParsedRows = {
    lines: lines.length,
    examples: [],
    bad: [],
    numbered: false,
  };
  // The header's lines stay, so that rows have their numbers.
  if (first && format.kind === "table") lines.fill("", 0, format.headerLines);
  for (const [sourceLine, read] of rowsOf(lines, format, options)) {
    try {
      const raw = read();
      if (raw === null) continue;
      const { fields, label } = raw;
      const [premise, hypothesis] = takeSentences(raw, format);
      parsed.examples.push({
        premise,
        hypothesis,
        label: fields.label === null
          ? null
          : parseGoldLabel(label, options, fields.label),
        sourceLine,
      });
      parsed.numbered ||= isByNumber(label, options);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      parsed.bad.push(error.at(sourceLine));
    }
  }
  return parsed;
}
