/**
 * Markdown tables as `deno fmt` lays them out.
 *
 * @module
 */

/**
 * A table.
 *
 * @param head The columns' names.
 * @param rows The cells.
 * @return Markdown, without the last line break.
 */
export function alignedTable(
  head: readonly string[],
  rows: readonly string[][],
): string {
  const widths = head.map((_, i) =>
    Math.max(3, ...[head, ...rows].map((row) => row[i].length))
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  return [
    line(head),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
  ].join("\n");
}
