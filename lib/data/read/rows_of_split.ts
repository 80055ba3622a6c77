/**
 * Which rows of a file a split takes where a column tells it.
 *
 * @module
 */

/** The rows of one split in a file of several. */
export interface RowsOfSplit {
  /** The column that names the split. */
  column: string;
  /** What it has in rows of the split. */
  values: readonly string[];
  /** Whether rows count as the split's that cannot be read far enough. */
  unreadable: boolean;
}

/**
 * Whether a row is of the split.
 *
 * @param value What the row has in the column.
 * @param only The split.
 */
export function isOfSplit(value: unknown, { values }: RowsOfSplit): boolean {
  return values.includes(String(value ?? ""));
}
