/**
 * A sentence without a second one: nothing beside it may be another.
 *
 * @module
 */
import { levenshteinDistance } from "@std/text";
import { RowError } from "../bad_data.ts";
import { FIELD_FLAGS, listNames, type NamedColumns } from "./named_columns.ts";
import { type Column, mayBeText, textColumns } from "./text_columns.ts";
import { normalName, PAIRS, secondNames, SINGLES } from "./usual_names.ts";
import { findFirst } from "./usual_sentences.ts";

/** So much of the names is shown: without a header they are sentences. */
const MOST_SHOWN = 300;

/** So many letters may be wrong in a name that is taken for a mistyped one. */
const MISTYPED = 2;

/**
 * A first sentence by a usual name, whatever stands beside it.
 *
 * @param columns The columns of the file.
 * @param label Name of the label, if there is one.
 * @throws {RowError} If there is none.
 */
export function takeFirst(columns: NamedColumns, label: string | null): string {
  const first = findFirst(columns);
  if (first === null) throw noSentence(columns, label);
  return first;
}

/**
 * A sentence without a second one, if there is nothing that may be one.
 *
 * @param columns The columns of the file.
 * @param label Name of the label, if there is one.
 * @throws {RowError} If there is no sentence, or there may be two.
 */
export function takeLone(columns: NamedColumns, label: string | null): string {
  const first = takeFirst(columns, label);
  const others = columns.without(first, label);
  // A premise is always one of two, so even short cells may be the other.
  const usual = SINGLES.some((name) => normalName(name) === normalName(first));
  const seconds = secondNames();
  const named = mayBeText(others)
    .filter(({ name }) => seconds.includes(normalName(name)));
  checkLone(
    columns,
    first,
    usual ? [...named, ...textColumns(others)] : mayBeText(others),
  );
  return first;
}

/**
 * Refuses other columns that may be the second sentence.
 *
 * @param columns The columns of the file.
 * @param premise The first sentence.
 * @param others Columns that may be the second one, beside mistyped ones.
 * @throws {RowError} Naming them.
 */
export function checkLone(
  columns: NamedColumns,
  premise: string,
  others: readonly Column[],
): void {
  const seconds = secondNames(premise);
  const names = new Set(others.map(({ name }) => name));
  const mistyped = columns.without(premise)
    .find(({ name }) => isMistyped(name, seconds));
  if (mistyped) names.add(mistyped.name);
  if (names.size === 0) return;
  const meant = mistyped &&
    seconds.find((second) => isMistyped(mistyped.name, [second]));
  throw new RowError(
    `"${premise}" is its first sentence, but which column is the second is ` +
      `not clear: there ${names.size === 1 ? "is" : "are"} ` +
      listNames([...names]) +
      (meant ? ` (is "${mistyped.name}" meant to be "${meant}"?)` : ""),
    {
      hint: "--hypothesis-field NAME tells the second sentence; " +
        "--single says that there is none",
    },
  );
}

/** Whether a name is nearly one of others, but none of them. */
function isMistyped(name: string, others: readonly string[]): boolean {
  const normal = normalName(name);
  return others.some((other) =>
    other.length > 2 * MISTYPED + 1 && other !== normal &&
    other.at(-1) === normal.at(-1) &&
    levenshteinDistance(normal, other) <= MISTYPED
  );
}

function noSentence(columns: NamedColumns, label: string | null): RowError {
  const { names } = columns;
  const texts = textColumns(columns.without(label)).map(({ name }) => name);
  const known = PAIRS.slice(0, 3)
    .map(({ first, second }) => `${first} and ${second}`);
  const seem = texts.length > 0 && texts.length < names.length;
  return new RowError(
    `it has ${names.join(", ").slice(0, MOST_SHOWN)}, expected ${
      known.join(", ")
    } or another usual pair of names` +
      (seem ? `; ${listNames(texts)} may be the text` : ""),
    { hint: FIELD_FLAGS },
  );
}
