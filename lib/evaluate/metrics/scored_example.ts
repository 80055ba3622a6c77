import type { Table } from "../../data/table/table.ts";
import type { HardExample } from "../../events/events.ts";
import type { Scores } from "./scores.ts";

/** An example, with the label that it has and the one that it was given. */
export type ScoredExample = Omit<HardExample, "probability" | "loss">;

/**
 * Describes an example that was scored.
 *
 * @param table The examples; its first rows are those scored.
 * @param scores The scored examples.
 * @param i The example's index in the table.
 */
export function describeExample(
  table: Table,
  { labels, truth, predicted }: Scores,
  i: number,
): ScoredExample {
  return {
    row: table.sourceLines[i],
    premise: table.premise(i),
    hypothesis: table.hypothesis(i),
    gold: labels[truth[i]],
    label: labels[predicted[i]],
  };
}
