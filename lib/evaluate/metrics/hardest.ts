/**
 * The examples to look at first.
 *
 * @module
 */
import type { Table } from "../../data/table/table.ts";
import type { HardExample } from "../../events/events.ts";
import { describeExample } from "./scored_example.ts";
import { confidenceOf, type Scores } from "./scores.ts";

/** The examples that a model does worst on, the worst first. */
export interface HardestExamples {
  /** Those of the largest loss. */
  hardest: HardExample[];
  /** Those that are wrong with the largest probability. */
  mostConfidentlyWrong: HardExample[];
}

/**
 * Finds the examples that a model does worst on. Both lists differ with three
 * classes or more: a model that is torn between two wrong ones finds an
 * example hard, but is not confident. Such examples are often labelled wrong.
 *
 * @param table The examples; its first rows are those scored.
 * @param scores The scored examples.
 * @param count Most examples a list, at least 1.
 */
export function hardestExamples(
  table: Table,
  scores: Scores,
  { count }: { count: number },
): HardestExamples {
  const { truth, predicted, losses } = scores;
  const rows = [...truth.keys()];
  const wrong = rows.filter((i) => truth[i] !== predicted[i]);
  const confidences = Float64Array.from(rows, (i) => confidenceOf(scores, i));
  const describe = (i: number): HardExample => ({
    ...describeExample(table, scores, i),
    probability: confidences[i],
    loss: losses[i],
  });
  return {
    hardest: rows.sort((a, b) => losses[b] - losses[a]).slice(0, count)
      .map(describe),
    mostConfidentlyWrong: wrong
      .sort((a, b) => confidences[b] - confidences[a]).slice(0, count)
      .map(describe),
  };
}
