/**
 * Under which names a file keeps its sentences and labels.
 *
 * @module
 */
import { levenshteinDistance } from "@std/text";
import { RowError } from "../bad_data.ts";
import { type Column, mayBeText, textColumns } from "./text_columns.ts";
import {
  LABELS,
  normalName,
  PAIRS,
  secondNames,
  SINGLES,
} from "./usual_names.ts";

/** Under which names one file has what an example needs. */
export interface FieldNames {
  /** Name of the first sentence. */
  premise: string;
  /** Name of the second sentence; null in a file of single sentences. */
  hypothesis: string | null;
  /** Name of the label; null if there is none. */
  label: string | null;
}

/** The names that the user gives; the others are found. */
export interface GivenFields {
  /** Name of the first sentence. */
  premise?: string | undefined;
  /** Name of the second sentence. */
  hypothesis?: string | undefined;
  /** Name of the label. */
  label?: string | undefined;
  /** Whether the second sentence may stand without a first one. */
  hypothesisAlone?: boolean | undefined;
}

/** How {@link findFields} looks for them. */
export interface FindOptions {
  /** Names that the user gives. */
  given?: GivenFields | undefined;
  /** Whether the user says that the sentences are single ones. */
  single?: boolean | undefined;
  /** Whether there may be no label. */
  unlabelled?: boolean | undefined;
}

/** What to do where a field is not found. */
export const FIELD_FLAGS =
  "--premise-field, --hypothesis-field and --label-field name them";

/** So much of the names is shown: without a header they are sentences. */
const MOST_SHOWN = 300;

/** So many letters may be wrong in a name that is taken for a mistyped one. */
const MISTYPED = 2;

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
 * import { findFields } from "./field_names.ts";
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
  const { given = {}, single = false, unlabelled = false } = options;
  const finder = new Finder(columns);
  finder.checkGiven(given);
  const label = finder.labelOf(given, unlabelled);
  const mayBeAlone = given.hypothesisAlone && !single;
  const alone = mayBeAlone ? finder.hypothesisAlone(given) : null;
  if (alone !== null) return { premise: alone, hypothesis: null, label };
  return { ...finder.sentencesOf(given, single, label), label };
}

/** What the second sentence of a pair is called, and is nothing else's name. */
const HYPOTHESIS = "hypothesis";

/** Whether a column is of hypotheses by its name. */
export function isHypothesis(name: string): boolean {
  return normalName(name) === HYPOTHESIS;
}

type Sentences = Pick<FieldNames, "premise" | "hypothesis">;

class Finder {
  readonly #columns: readonly Column[];
  readonly #names: readonly string[];

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#names = columns.map(({ name }) => name);
  }

  checkGiven({ premise, hypothesis, label }: GivenFields): void {
    const missing = [premise, hypothesis, label]
      .find((name) => name !== undefined && this.#find(name, true) === null);
    if (missing !== undefined) throw this.#missing(missing);
  }

  labelOf({ label }: GivenFields, unlabelled: boolean): string | null {
    if (label !== undefined) return this.#find(label, true);
    const found = LABELS.map((usual) => this.#find(usual))
      .filter((name) => name !== null);
    const [first, other] = found;
    if (unlabelled) return first ?? null;
    if (first === undefined) {
      throw this.#missing(LABELS.slice(0, 4).join(" or "));
    }
    // Without rows only the names are asked for.
    const rows = this.#columns.some(({ cells }) => cells.length > 0);
    if (other === undefined || !rows) return first;
    // One of them may be what a model or a single annotator has said.
    throw new RowError(
      `it is not clear which of ${listNames(found)} is the label`,
      { hint: `--label-field NAME tells it, as --label-field ${first}` },
    );
  }

  /**
   * The hypothesis where nothing stands before it. Some models read it alone;
   * others are not to be given it in the place of a premise.
   */
  hypothesisAlone({ premise, hypothesis }: GivenFields): string | null {
    if (premise !== undefined) return null;
    if (hypothesis !== undefined) {
      const found = this.#find(hypothesis, true)!;
      return this.#usualFirst(found) === null ? found : null;
    }
    return this.#firstName() === null ? this.#find(HYPOTHESIS) : null;
  }

  sentencesOf(
    given: GivenFields,
    single: boolean,
    label: string | null,
  ): Sentences {
    if (single) return { premise: this.#single(given), hypothesis: null };
    if (given.hypothesis !== undefined) {
      const hypothesis = this.#find(given.hypothesis, true)!;
      return { premise: this.#firstBeside(given, hypothesis), hypothesis };
    }
    if (given.premise !== undefined) {
      const premise = this.#find(given.premise, true)!;
      const hypothesis = this.#secondBeside(premise);
      if (hypothesis === null) {
        this.#checkAlone(premise, mayBeText(this.#others(premise, label)));
      }
      return { premise, hypothesis };
    }
    return this.#pair(label) ?? this.#alone(label);
  }

  /** The known pair that is there; it must be clear that it is one. */
  #pair(label: string | null): Sentences | null {
    const pairs = PAIRS.flatMap(({ first, second, sure }) => {
      const premise = this.#find(first);
      const hypothesis = premise === null ? null : this.#find(second);
      if (premise === null || hypothesis === null) return [];
      return [{ premise, hypothesis, sure }];
    }).sort((a, b) => Number(b.sure) - Number(a.sure));
    const [found, other] = pairs;
    if (found === undefined) return null;
    const { premise, hypothesis, sure } = found;
    const second = pairs.find((pair) =>
      pair.sure && pair.premise !== premise && pair.hypothesis !== hypothesis
    );
    if (second !== undefined) {
      const both = [found, second]
        .map((pair) => listNames([pair.premise, pair.hypothesis]));
      throw new RowError(
        `it has two pairs of sentences, ${both.join(" and ")}`,
        { hint: "--premise-field and --hypothesis-field tell which is meant" },
      );
    }
    if (sure) return { premise, hypothesis };
    const third = other && mayBeText(this.#others(premise, label))
      .find(({ name }) => name === other.premise || name === other.hypothesis);
    const rest = [
      ...textColumns(this.#others(premise, label)),
      ...(third ? [third] : []),
    ].map(({ name }) => name).filter((name) => name !== hypothesis);
    if (rest.length === 0) return { premise, hypothesis };
    throw new RowError(
      `it is not clear which two of ${
        listNames([premise, hypothesis, ...new Set(rest)])
      } are the sentences`,
      { hint: "--premise-field and --hypothesis-field name them" },
    );
  }

  /** A sentence without a second one, if there is nothing that may be one. */
  #alone(label: string | null): Sentences {
    const first = this.#firstName();
    if (first === null) throw this.#noSentence(label);
    const others = this.#others(first, label);
    // A premise is always one of two, so even short cells may be the other.
    const usual = SINGLES.some((name) =>
      normalName(name) === normalName(first)
    );
    const seconds = secondNames();
    const named = mayBeText(others)
      .filter(({ name }) => seconds.includes(normalName(name)));
    this.#checkAlone(
      first,
      usual ? [...named, ...textColumns(others)] : mayBeText(others),
    );
    return { premise: first, hypothesis: null };
  }

  /** Refuses other columns that may be the second sentence. */
  #checkAlone(premise: string, others: readonly Column[]): void {
    const seconds = secondNames(premise);
    const names = new Set(others.map(({ name }) => name));
    const mistyped = this.#others(premise, null)
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

  #single({ premise }: GivenFields): string {
    if (premise !== undefined) return this.#find(premise, true)!;
    const first = this.#firstName();
    if (first === null) throw this.#noSentence(null);
    return first;
  }

  #firstName(): string | null {
    for (const { first } of PAIRS) {
      const found = this.#find(first);
      if (found !== null) return found;
    }
    for (const name of SINGLES) {
      const found = this.#find(name);
      if (found !== null) return found;
    }
    return null;
  }

  /** The usual first sentence of a second one. */
  #firstBeside(given: GivenFields, hypothesis: string): string {
    if (given.premise !== undefined) return this.#find(given.premise, true)!;
    const first = this.#usualFirst(hypothesis);
    if (first !== null) return first;
    throw new RowError(
      `"${hypothesis}" is its second sentence, but it has none of the usual ` +
        `names of the first: there are ${listNames(this.#names)}`,
      { hint: "--premise-field NAME tells the first sentence" },
    );
  }

  /** The first sentence by a usual name; null if there is none. */
  #usualFirst(hypothesis: string): string | null {
    const normal = normalName(hypothesis);
    const partners = PAIRS
      .toSorted((a, b) =>
        Number(normalName(b.second) === normal) -
        Number(normalName(a.second) === normal)
      );
    for (const { first } of partners) {
      const found = this.#find(first);
      if (found !== null && found !== hypothesis) return found;
    }
    return null;
  }

  /** The usual second sentence of a first one; null if there is none. */
  #secondBeside(premise: string): string | null {
    for (const second of [...secondNames(premise), ...secondNames()]) {
      const found = this.#find(second);
      if (found !== null && found !== premise) return found;
    }
    return null;
  }

  #others(premise: string, label: string | null): Column[] {
    return this.#columns
      .filter(({ name }) => name !== premise && name !== label);
  }

  /** The column of a name; of one that is given, the very same goes first. */
  #find(name: string, given = false): string | null {
    const same = this.#names.filter((other) => other === name).length;
    if (given && same === 1) return name;
    const normal = normalName(name);
    const alike = this.#names.filter((other) => normalName(other) === normal);
    if (alike.length < 2) return alike[0] ?? null;
    throw new RowError("there are two of that name", {
      column: name,
      hint: `rename one of ${listNames(alike)}`,
    });
  }

  #missing(expected: string): RowError {
    return new RowError(
      `it has ${this.#names.join(", ")}, expected ${expected} as well`,
      { hint: FIELD_FLAGS },
    );
  }

  #noSentence(label: string | null): RowError {
    const texts = textColumns(
      this.#columns.filter(({ name }) => name !== label),
    ).map(({ name }) => name);
    const known = PAIRS.slice(0, 3)
      .map(({ first, second }) => `${first} and ${second}`);
    const seem = texts.length > 0 && texts.length < this.#names.length;
    return new RowError(
      `it has ${this.#names.join(", ").slice(0, MOST_SHOWN)}, expected ${
        known.join(", ")
      } or another usual pair of names` +
        (seem ? `; ${listNames(texts)} may be the text` : ""),
      { hint: FIELD_FLAGS },
    );
  }
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

function listNames(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
