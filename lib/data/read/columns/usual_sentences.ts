/**
 * Sentences by the names that public data sets give them.
 *
 * @module
 */
import { RowError } from "../bad_data.ts";
import type { SentenceNames } from "./field_names.ts";
import { listNames, type NamedColumns } from "./named_columns.ts";
import { mayBeText, textColumns } from "./text_columns.ts";
import { normalName, PAIRS, secondNames, SINGLES } from "./usual_names.ts";

/** A known pair that is there. */
interface FoundPair {
  premise: string;
  hypothesis: string;
  /** Whether it is a pair whatever other text stands beside it. */
  sure: boolean;
}

/**
 * Finds a known pair of sentences; it must be clear that it is one.
 *
 * @param columns The columns of the file.
 * @param label Name of the label, if there is one.
 * @return Null if there is none.
 * @throws {RowError} If there are two, or other text may be one of a pair.
 */
export function findPair(
  columns: NamedColumns,
  label: string | null,
): SentenceNames | null {
  const pairs = pairsIn(columns);
  const [found, other] = pairs;
  if (found === undefined) return null;
  checkOnlyPair(pairs);
  const { premise, hypothesis, sure } = found;
  if (sure) return { premise, hypothesis };
  const beside = columns.without(premise, label);
  const third = other && mayBeText(beside)
    .find(({ name }) => name === other.premise || name === other.hypothesis);
  const rest = [...textColumns(beside), ...(third ? [third] : [])]
    .map(({ name }) => name).filter((name) => name !== hypothesis);
  if (rest.length === 0) return { premise, hypothesis };
  throw new RowError(
    `it is not clear which two of ${
      listNames([premise, hypothesis, ...new Set(rest)])
    } are the sentences`,
    { hint: "--premise-field and --hypothesis-field name them" },
  );
}

/** The known pairs, those first that are sure. */
function pairsIn(columns: NamedColumns): FoundPair[] {
  return PAIRS.flatMap(({ first, second, sure }) => {
    const premise = columns.find(first);
    const hypothesis = premise === null ? null : columns.find(second);
    if (premise === null || hypothesis === null) return [];
    return [{ premise, hypothesis, sure }];
  }).sort((a, b) => Number(b.sure) - Number(a.sure));
}

/** Refuses a second sure pair that shares no sentence with the first. */
function checkOnlyPair(pairs: readonly FoundPair[]): void {
  const [first, ...others] = pairs;
  const second = others.find((pair) =>
    pair.sure && pair.premise !== first.premise &&
    pair.hypothesis !== first.hypothesis
  );
  if (second === undefined) return;
  const both = [first, second]
    .map(({ premise, hypothesis }) => listNames([premise, hypothesis]));
  throw new RowError(`it has two pairs of sentences, ${both.join(" and ")}`, {
    hint: "--premise-field and --hypothesis-field tell which is meant",
  });
}

/** A first sentence, or one that stands alone; null if there is none. */
export function findFirst(columns: NamedColumns): string | null {
  for (const name of [...PAIRS.map(({ first }) => first), ...SINGLES]) {
    const found = columns.find(name);
    if (found !== null) return found;
  }
  return null;
}

/** The first sentence of a second one, its own first; null if there is none. */
export function findFirstOf(
  columns: NamedColumns,
  hypothesis: string,
): string | null {
  const normal = normalName(hypothesis);
  const partners = PAIRS.toSorted((a, b) =>
    Number(normalName(b.second) === normal) -
    Number(normalName(a.second) === normal)
  );
  for (const { first } of partners) {
    const found = columns.find(first);
    if (found !== null && found !== hypothesis) return found;
  }
  return null;
}

/** The second sentence of a first one, its own first; null if there is none. */
export function findSecondOf(
  columns: NamedColumns,
  premise: string,
): string | null {
  for (const second of [...secondNames(premise), ...secondNames()]) {
    const found = columns.find(second);
    if (found !== null && found !== premise) return found;
  }
  return null;
}
