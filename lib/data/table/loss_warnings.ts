/**
 * What of a table's text nobody would expect, as warnings.
 *
 * @module
 */
import { showShare } from "../../base/show_value.ts";
import type { SplitFigures, WarningEvent } from "../../events/events.ts";
import { skippedPath } from "./table_dir.ts";
import type { SplitRecord, TableManifest } from "./table_manifest.ts";

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
export const MOST_CUT = 0.05;

/**
 * Share of a split that may stand in an earlier one too: more than one in a
 * hundred moves an accuracy that is told in per cent.
 */
export const MOST_SHARED = 0.01;

/** Share of a split that may repeat sentences of it; of SNLI, 0.1 % does. */
export const MOST_REPEATED = 0.05;

/**
 * Share of a split that may have another label than the same sentences have
 * before: no model can be right about both.
 */
export const MOST_CONFLICTING = 0.01;

/** Share of examples with an empty sentence, which tells a model nothing. */
export const MOST_EMPTY = 0.01;

/**
 * Share of the rows that may be left out: of SNLI 2 % have no gold label at
 * most. More than one in twenty may be a class, or all the rows of one kind.
 */
export const MOST_LEFT_OUT = 0.05;

/**
 * Warns of what was lost, or is not as a data set should be.
 *
 * @param manifest What the encoded data say of themselves.
 * @param options The `directory` that they are in, and the `model` that they are
 * encoded for, by its name.
 * @return A warning for each kind of loss, which names the splits.
 */
export function lossWarnings(
  manifest: TableManifest,
  { directory, model }: { directory: string; model: string },
): WarningEvent[] {
  const splits = Object.entries(manifest.splits)
    .flatMap(([name, { rows, figures }]) =>
      figures === undefined ? [] : [{ name, rows, figures }]
    );
  const facts = { directory, manifest, splits, model };
  // Hypotheses alone, which are short, recur by nature.
  const sentences = manifest.text.sentences === "hypothesis-only"
    ? []
    : [sharedExamples, repeatedExamples, conflictingLabels];
  return [
    skippedRows,
    unlabelledRows,
    unknownTokens,
    cutExamples,
    emptySentences,
    ...sentences,
  ].map((find) => find(facts)).filter((warning) => warning !== undefined);
}

/** A split whose figures are known. */
interface KnownSplit {
  name: string;
  rows: number;
  figures: SplitFigures;
}

interface Facts {
  directory: string;
  manifest: TableManifest;
  splits: KnownSplit[];
  model: string;
}

function skippedRows(
  { directory, manifest }: Facts,
): WarningEvent | undefined {
  const told = leftOut(manifest, ({ skipped }) => skipped);
  const lists = told.map(([name]) => skippedPath(directory, name));
  return warn({
    code: "skipped-rows",
    told: told.map(([, rows]) => rows),
    end: " cannot be read and were skipped",
    hint: `${lists.join(", ")} ${
      lists.length > 1 ? "tell" : "tells"
    } which they are, and why`,
  });
}

function unlabelledRows({ manifest }: Facts): WarningEvent | undefined {
  return warn({
    code: "unlabelled-rows",
    told: leftOut(manifest, ({ dropped }) => dropped).map(([, rows]) => rows),
    end: " have no gold label and were left out",
    hint: '"-" and -1 say that there is none; where -1 is a class, ' +
      "--data-labels gives the numbers of the labels, as -1,1",
  });
}

/** The splits that many rows of are left out, and how many these are. */
function leftOut(
  { splits }: TableManifest,
  count: (split: SplitRecord) => number,
): [name: string, rows: string][] {
  return Object.entries(splits).flatMap(([name, split]) => {
    const out = count(split);
    const all = split.rows + split.dropped + split.skipped;
    return out <= MOST_LEFT_OUT * all
      ? []
      : [[name, `${out} of the ${all} rows of ${name}`]];
  });
}

function unknownTokens(
  { manifest, splits, model }: Facts,
): WarningEvent | undefined {
  const { text, vocabulary: { size } } = manifest;
  const what = text.tokenizer.kind === "words" ? "words" : "tokens";
  return warn({
    code: "unknown-words",
    told: splits.flatMap(({ name, figures: { unknown, words } }) =>
      unknown <= MOST_UNKNOWN * words
        ? []
        : [`${showShare(unknown, words)} of the ${what} of ${name}`]
    ),
    end:
      ` are unknown to the vocabulary of ${model}, which has ${size} entries`,
    hint: "is the text of another language or field than the model's? all " +
      "such words look the same to it",
  });
}

function cutExamples({ manifest, splits }: Facts): WarningEvent | undefined {
  const longest = Math.max(
    ...splits.map(({ figures }) => figures.lengths.longest),
  );
  return warn({
    code: "cut-examples",
    told: splits.flatMap(({ name, rows, figures: { cut } }) =>
      cut <= MOST_CUT * rows
        ? []
        : [`${showShare(cut, rows)} of the examples of ${name}`]
    ),
    end: ` were cut at ${manifest.text.maxLength} tokens`,
    hint:
      `the longest has ${longest}: --max-len ${longest} cuts none, if the ` +
      "model has as many positions",
  });
}

function emptySentences({ splits }: Facts): WarningEvent | undefined {
  return warn({
    code: "empty-sentences",
    told: splits.flatMap(({ name, rows, figures: { empty } }) =>
      empty <= MOST_EMPTY * rows
        ? []
        : [`${showShare(empty, rows)} of the examples of ${name}`]
    ),
    end: " have a sentence without any word",
    hint: "are the columns those of the sentences? --premise-field and " +
      "--hypothesis-field name others",
  });
}

function sharedExamples({ splits }: Facts): WarningEvent | undefined {
  return warn({
    code: "shared-examples",
    told: splits.flatMap(({ name, rows, figures }) =>
      Object.entries(figures.alsoIn).filter(([, shared]) =>
        shared > MOST_SHARED * rows
      ).map(([other, shared]) =>
        `${
          showShare(shared, rows)
        } of the examples of ${name} are also in ${other}`
      )
    ),
    end: "",
    hint: "what is measured on examples that were trained on or chosen by is " +
      "better than on new ones; take them out of one of the splits",
  });
}

function repeatedExamples({ splits }: Facts): WarningEvent | undefined {
  return warn({
    code: "repeated-examples",
    told: splits.flatMap(({ name, rows, figures: { repeated } }) =>
      repeated <= MOST_REPEATED * rows
        ? []
        : [`${showShare(repeated, rows)} of the examples of ${name}`]
    ),
    end: " repeat the sentences of an earlier one",
    hint: "repeated rows count twice in training and in metrics",
  });
}

function conflictingLabels({ splits }: Facts): WarningEvent | undefined {
  return warn({
    code: "conflicting-labels",
    told: splits.flatMap(({ name, rows, figures: { conflicting } }) =>
      conflicting <= MOST_CONFLICTING * rows
        ? []
        : [`${showShare(conflicting, rows)} of the examples of ${name}`]
    ),
    end: " have other labels than the same sentences before",
    hint: "no model can be right about both; which label is meant?",
  });
}

function warn(
  { code, told, end, hint }: {
    code: string;
    told: string[];
    end: string;
    hint: string;
  },
): WarningEvent | undefined {
  if (told.length === 0) return undefined;
  const message = told.join(", ") + end;
  return { event: "warning", code, message, hint };
}
