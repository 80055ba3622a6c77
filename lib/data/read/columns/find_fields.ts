/**
 * Finds the fields of a file's examples among its columns.
 *
 * @module
 */
import { RowError } from "../bad_data.ts";
import type { FormatOptions } from "../format/formats.ts";
import type { FieldNames, GivenFields, SentenceNames } from "./field_names.ts";
import { findLabel } from "./label_column.ts";
import { checkLone, takeFirst, takeLone } from "./lone_sentence.ts";
import { listNames, NamedColumns } from "./named_columns.ts";
import { type Column, mayBeText } from "./text_columns.ts";
import { HYPOTHESIS } from "./usual_names.ts";
import {
  findFirst,
  findFirstOf,
  findPair,
  findSecondOf,
} from "./usual_sentences.ts";

/** How {@link findFields} looks for them. */
export type FindOptions = Pick<
  FormatOptions,
  "fields" | "single" | "unlabelled" | "hypothesisAlone"
>;

/**
 * Finds the fields of a file's examples among its columns: by the names that
 * are given, else by those that public data sets have, whatever their case and
 * outer blanks. A file with a single sentence and other text beside it is
 * refused: it may be of pairs under other names.
 *
 * @param columns The file's columns, with what its first rows have in them.
 * @param options What the user says of them.
 * @return Their names as the file has them.
 * @throws {RowError} If one is missing or it is not clear which it is.
 *
 * @example
 * ```ts
 * import { findFields } from "./find_fields.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const names = ["uid", "context", "Hypothesis", "label"];
 * assertEquals(
 *   findFields(names.map((name) => ({ name, cells: [] }))),
 *   { premise: "context", hypothesis: "Hypothesis", label: "label" },
 * );
 * ```
 */
export function findFields(
  columns: readonly Column[],
  options: FindOptions = {},
): FieldNames {
  const { single = false, unlabelled = false, hypothesisAlone } = options;
  const named = new NamedColumns(columns);
  const given = takeGiven(named, options.fields);
  const label = given.label ?? findLabel(named, { unlabelled });
  const alone = hypothesisAlone && !single ? findAlone(named, given) : null;
  const sentences = alone === null
    ? findSentences(named, { given, single, label })
    : { premise: alone, hypothesis: null };
  return { ...sentences, label };
}

/** The given names as the file has them; all must be there. */
function takeGiven(
  columns: NamedColumns,
  { premise, hypothesis, label }: GivenFields = {},
): GivenFields {
  const take = (name: string | undefined) =>
    name === undefined ? undefined : columns.take(name);
  return {
    premise: take(premise),
    hypothesis: take(hypothesis),
    label: take(label),
  };
}

/**
 * The hypothesis where nothing stands before it. Some models read it alone;
 * others are not to be given it in the place of a premise.
 */
function findAlone(
  columns: NamedColumns,
  { premise, hypothesis }: GivenFields,
): string | null {
  if (premise !== undefined) return null;
  if (hypothesis !== undefined) {
    return findFirstOf(columns, hypothesis) === null ? hypothesis : null;
  }
  return findFirst(columns) === null ? columns.find(HYPOTHESIS) : null;
}

function findSentences(
  columns: NamedColumns,
  { given: { premise, hypothesis }, single, label }: {
    given: GivenFields;
    single: boolean;
    label: string | null;
  },
): SentenceNames {
  if (single) {
    return { premise: premise ?? takeFirst(columns, null), hypothesis: null };
  }
  if (hypothesis !== undefined) {
    return { premise: premise ?? takeFirstOf(columns, hypothesis), hypothesis };
  }
  if (premise !== undefined) {
    const second = findSecondOf(columns, premise);
    if (second === null) {
      checkLone(columns, premise, mayBeText(columns.without(premise, label)));
    }
    return { premise, hypothesis: second };
  }
  return findPair(columns, label) ??
    { premise: takeLone(columns, label), hypothesis: null };
}

/** The usual first sentence of a second one. */
function takeFirstOf(columns: NamedColumns, hypothesis: string): string {
  const first = findFirstOf(columns, hypothesis);
  if (first !== null) return first;
  throw new RowError(
    `"${hypothesis}" is its second sentence, but it has none of the usual ` +
      `names of the first: there are ${listNames(columns.names)}`,
    { hint: "--premise-field NAME tells the first sentence" },
  );
}
