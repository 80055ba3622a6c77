import type { Table } from "../../../lib/data/table/table.ts";
import { scoreLogits } from "../../../lib/evaluate/metrics/scores.ts";

/** Four examples on lines 2, 4, 6 and 8 of their source. */
export const table = {
  sourceLines: Int32Array.of(2, 4, 6, 8),
  premise: (i: number) => `premise ${i}`,
  hypothesis: (i: number) => i === 3 ? null : `hypothesis ${i}`,
} as Table;

/** What a model says of them. */
export const scores = scoreLogits(
  // Torn between two wrong ones; wrong and sure; right; wrong, not so sure.
  Float32Array.of(9, 0, 9, 0, 7, 0, 5, 0, 0, 2, 0, 0),
  { truth: Int32Array.of(1, 0, 0, 2), labels: ["x", "y", "z"] },
);
