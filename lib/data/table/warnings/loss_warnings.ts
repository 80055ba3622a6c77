/**
 * What of a table's text nobody would expect, as warnings.
 *
 * @module
 */
import type { WarningEvent } from "../../../events/events.ts";
import type { TableManifest } from "../table_manifest.ts";
import { skippedRows, unlabelledRows } from "./left_out_rows.ts";
import { cutExamples, emptySentences, unknownTokens } from "./lost_text.ts";
import {
  conflictingLabels,
  repeatedExamples,
  sharedExamples,
} from "./repeated_pairs.ts";
import type { TableFacts } from "./table_warning.ts";

/**
 * Warns of what was lost, or is not as a data set should be.
 *
 * @param manifest What the encoded data say of themselves.
 * @param options The `directory` that they are in, and the `model` that they are
 * encoded for, by its name.
 * @return A warning for each kind of loss, which names the splits.
 */
export function lossWarnings(
  manifest: TableManifest,
  { directory, model }: { directory: string; model: string },
): WarningEvent[] {
  const splits = Object.entries(manifest.splits)
    .flatMap(([name, { rows, figures }]) =>
      figures === undefined ? [] : [{ name, rows, figures }]
    );
  const facts: TableFacts = { directory, manifest, splits, model };
  // Hypotheses alone, which are short, recur by nature.
  const sentences = manifest.text.sentences === "hypothesis-only"
    ? []
    : [sharedExamples, repeatedExamples, conflictingLabels];
  return [
    skippedRows,
    unlabelledRows,
    unknownTokens,
    cutExamples,
    emptySentences,
    ...sentences,
  ].map((find) => find(facts)).filter((warning) => warning !== undefined);
}
