/**
 * Text that a model does not see, as warnings.
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
 * Share of unknown tokens above which a split is warned of. The book's
 * vocabularies miss 2 to 4 % of SNLI's words; of another language's they miss
 * most.
 */
export const MOST_UNKNOWN = 0.1;

/**
 * Share of examples that may be cut: a model that never sees the end of more
 * than one in twenty is likely to be given too short a length.
 */
const MOST_CUT = 0.05;

/** Share of examples with an empty sentence, which tells a model nothing. */
const MOST_EMPTY = 0.01;

/** Warns of words that the vocabulary does not have. */
export function unknownTokens(
  { manifest, splits, model }: TableFacts,
): WarningEvent | undefined {
  const { text, vocabulary: { size } } = manifest;
  const what = text.tokenizer.kind === "words" ? "words" : "tokens";
  return warn({
    code: "unknown-words",
    told: splits.flatMap(({ name, figures: { unknown, words } }) =>
      shareBeyond(MOST_UNKNOWN, unknown, words, `${what} of ${name}`)
    ),
    end:
      ` are unknown to the vocabulary of ${model}, which has ${size} entries`,
    hint: "is the text of another language or field than the model's? all " +
      "such words look the same to it",
  });
}

/** Warns of examples that are too long. */
export function cutExamples(
  { manifest, splits }: TableFacts,
): WarningEvent | undefined {
  const longest = Math.max(
    ...splits.map(({ figures }) => figures.lengths.longest),
  );
  return warn({
    code: "cut-examples",
    told: examplesBeyond(MOST_CUT, splits, ({ cut }) => cut),
    end: ` were cut at ${manifest.text.maxLength} tokens`,
    hint:
      `the longest has ${longest}: --max-len ${longest} cuts none, if the ` +
      "model has as many positions",
  });
}

/** Warns of sentences without any word. */
export function emptySentences(
  { splits }: TableFacts,
): WarningEvent | undefined {
  return warn({
    code: "empty-sentences",
    told: examplesBeyond(MOST_EMPTY, splits, ({ empty }) => empty),
    end: " have a sentence without any word",
    hint: "are the columns those of the sentences? --premise-field and " +
      "--hypothesis-field name others",
  });
}
