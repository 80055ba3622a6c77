/**
 * Pairs of sentences that come more than once, as warnings.
 *
 * @module
 */
import type { WarningEvent } from "../../../events/events.ts";
import {
  examplesBeyond,
  shareBeyond,
  type TableFacts,
  warn,
} from "./table_warning.ts";

/**
 * Share of a split that may stand in an earlier one too: more than one in a
 * hundred moves an accuracy that is told in per cent.
 */
const MOST_SHARED = 0.01;

/** Share of a split that may repeat sentences of it; of SNLI, 0.1 % does. */
const MOST_REPEATED = 0.05;

/**
 * Share of a split that may have another label than the same sentences have
 * before: no model can be right about both.
 */
const MOST_CONFLICTING = 0.01;

/** Warns of examples that an earlier split has, too. */
export function sharedExamples(
  { splits }: TableFacts,
): WarningEvent | undefined {
  const told = splits.flatMap(({ name, rows, figures: { alsoIn } }) =>
    Object.entries(alsoIn).flatMap(([other, shared]) =>
      shareBeyond(MOST_SHARED, shared, rows, `examples of ${name}`)
        .map((share) => `${share} are also in ${other}`)
    )
  );
  return warn({
    code: "shared-examples",
    told,
    end: "",
    hint: "what is measured on examples that were trained on or chosen by is " +
      "better than on new ones; take them out of one of the splits",
  });
}

/** Warns of sentences that come again. */
export function repeatedExamples(
  { splits }: TableFacts,
): WarningEvent | undefined {
  return warn({
    code: "repeated-examples",
    told: examplesBeyond(MOST_REPEATED, splits, ({ repeated }) => repeated),
    end: " repeat the sentences of an earlier one",
    hint: "repeated rows count twice in training and in metrics",
  });
}

/** Warns of sentences that come again with another label. */
export function conflictingLabels(
  { splits }: TableFacts,
): WarningEvent | undefined {
  return warn({
    code: "conflicting-labels",
    told: examplesBeyond(
      MOST_CONFLICTING,
      splits,
      ({ conflicting }) => conflicting,
    ),
    end: " have other labels than the same sentences before",
    hint: "no model can be right about both; which label is meant?",
  });
}
