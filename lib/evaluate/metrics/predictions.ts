/**
 * Every prediction on a split as JSON lines, for other programs.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { replaceFile } from "../../base/files/files.ts";
import {
  isSystemError,
  reasonOf,
  writeCode,
} from "../../base/files/system_error.ts";
import { jsonLine } from "../../base/json_line.ts";
import type { Table } from "../../data/table/table.ts";
import { describeExample } from "./scored_example.ts";
import type { Scores } from "./scores.ts";

/** Examples put into text at once. */
const BLOCK = 1024;

/**
 * Writes one line an example, in the split's order: `row` (the line in its
 * source), `premise`, `hypothesis`, `gold` (the true label), `label` (the
 * predicted one), `probabilities` by label, `loss` in nats. The file appears,
 * or is replaced, when all of it is on disk.
 *
 * @param path The file.
 * @param table The examples; its first rows are those scored.
 * @param options The scored examples.
 * @throws {UserError} `cannot-write` if the disk won't have it.
 */
export async function writePredictions(
  path: string,
  table: Table,
  { scores }: { scores: Scores },
): Promise<void> {
  const encoder = new TextEncoder();
  const sections: Uint8Array<ArrayBuffer>[] = [];
  const rows = [...scores.truth.keys()];
  for (let start = 0; start < rows.length; start += BLOCK) {
    const lines = rows.slice(start, start + BLOCK)
      .map((i) => jsonLine(describeRow(table, scores, i)));
    sections.push(encoder.encode(lines.join("")));
  }
  try {
    await replaceFile(path, sections);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new UserError(
      `Cannot write the predictions "${path}": ${reasonOf(cause, path)}`,
      { code: writeCode(cause), exitCode: 1, cause },
    );
  }
}

function describeRow(table: Table, scores: Scores, i: number) {
  const { labels, probabilities, losses } = scores;
  return {
    ...describeExample(table, scores, i),
    probabilities: Object.fromEntries(
      labels.map((label, c) => [label, probabilities[i * labels.length + c]]),
    ),
    loss: losses[i],
  };
}
