/**
 * Markdown tables as `deno fmt` lays them out.
 *
 * @module
 */

/** How a table is laid out. */
export interface TableOptions {
  /** The columns that go to the left; figures go to the right. */
  words: readonly string[];
}

/**
 * A table.
 *
 * @param head The columns' names.
 * @param rows The cells.
 * @param options Which columns have words.
 * @return Markdown, without the last line break.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly string[][],
  { words }: TableOptions,
): string {
  const left = head.map((name) => words.includes(name));
  const widths = head.map((_, i) =>
    Math.max(3, ...[head, ...rows].map((row) => row[i].length))
  );
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const pad = (cells: readonly string[]) =>
    line(
      cells.map((cell, i) =>
        left[i] ? cell.padEnd(widths[i]) : cell.padStart(widths[i])
      ),
    );
  const rule = widths.map((width, i) =>
    left[i] ? "-".repeat(width) : "-".repeat(width - 1) + ":"
  );
  return [pad(head), line(rule), ...rows.map(pad)].join("\n");
}
