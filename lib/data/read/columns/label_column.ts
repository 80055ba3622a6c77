/**
 * Which column of a file is the label.
 *
 * @module
 */
import { RowError } from "../bad_data.ts";
import { listNames, type NamedColumns } from "./named_columns.ts";
import { LABELS } from "./usual_names.ts";

/**
 * Finds the label by the names that public data sets give it.
 *
 * @param columns The columns of the file.
 * @param options Whether there may be no label.
 * @return Its name; null if there is none.
 * @throws {RowError} If a label is needed, and none or more than one is there.
 */
export function findLabel(
  columns: NamedColumns,
  { unlabelled }: { unlabelled: boolean },
): string | null {
  const found = LABELS.map((usual) => columns.find(usual))
    .filter((name) => name !== null);
  const [first, other] = found;
  if (unlabelled) return first ?? null;
  if (first === undefined) {
    throw columns.missing(LABELS.slice(0, 4).join(" or "));
  }
  // Without rows only the names are asked for.
  const rows = columns.all.some(({ cells }) => cells.length > 0);
  if (other === undefined || !rows) return first;
  // One of them may be what a model or a single annotator has said.
  throw new RowError(
    `it is not clear which of ${listNames(found)} is the label`,
    { hint: `--label-field NAME tells it, as --label-field ${first}` },
  );
}
