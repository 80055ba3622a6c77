/**
 * What of the classes' examples nobody would expect, as warnings.
 *
 * @module
 */
import { showShare } from "../../../base/show_value.ts";
import type { WarningEvent } from "../../../events/events.ts";
import type { TableManifest } from "../table_manifest.ts";

/** Share of one class, beyond which always saying it seems a good model. */
const LARGEST_CLASS = 0.9;

/**
 * Examples a class that a split should have before a missing class is no
 * chance: with 3 alike classes one is missing of 30 rows once in 60,000 times.
 */
const ROWS_PER_CLASS = 10;

/**
 * Examples of a class that training should have. Studies of learning from few
 * examples take 16 a class as the setting in which plain fine-tuning fails: of
 * SNLI it comes to about one half right, where guessing comes to a third.
 *
 * @see https://arxiv.org/abs/2012.15723
 */
const FEWEST_EXAMPLES = 16;

/** The examples of each class in a split, or in its first rows. */
export interface ClassCounts {
  /** The split's name. */
  name: string;
  /** How many rows are counted. */
  rows: number;
  /** Whether the split has more rows, which are left out. */
  limited: boolean;
  /** Examples of each class, by its label. */
  labels: Readonly<Record<string, number>>;
}

/**
 * The examples of each class in encoded data.
 *
 * @param manifest What the data say of themselves.
 * @return Of each split whose figures are known.
 */
export function countsOf({ splits }: TableManifest): ClassCounts[] {
  return Object.entries(splits).flatMap(([name, { rows, figures }]) =>
    figures === undefined
      ? []
      : [{ name, rows, limited: false, labels: figures.labels }]
  );
}

/**
 * Warns of classes that are not learned or hardly, or that are nearly all.
 *
 * @param splits The splits that are used; the one to train on is `train`.
 * @return A warning for each kind, which names the splits and the classes.
 */
export function classWarnings(splits: readonly ClassCounts[]): WarningEvent[] {
  return [
    unlearnedLabels(splits),
    fewExamples(splits),
    unevenClasses(splits),
  ].filter((warning) => warning !== undefined);
}

/** What isn't trained on is never learned, however few the rows are. */
function unlearnedLabels(
  splits: readonly ClassCounts[],
): WarningEvent | undefined {
  const train = splits.find(({ name }) => name === "train");
  const missing = namesOf(train, (count) => count === 0);
  if (!train || missing.length === 0) return undefined;
  const told = missing.map((label) => {
    const others = splits.filter(({ labels }) => labels[label] > 0)
      .map(({ name, labels }) => `${name} has ${labels[label]}`);
    return others.length > 0 ? `${label} (${others.join(", ")})` : label;
  });
  return {
    event: "warning",
    code: "unlearned-labels",
    message: `${shown(train)} no example of ${told.join(", ")}`,
    hint: "a model learns nothing of a class that it is not trained on; is a " +
      "label misspelt? --labels and --data-labels tell which classes there are",
  };
}

function fewExamples(splits: readonly ClassCounts[]): WarningEvent | undefined {
  const train = splits.find(({ name }) => name === "train");
  const few = namesOf(train, (count) => count > 0 && count < FEWEST_EXAMPLES);
  if (!train || few.length === 0) return undefined;
  const told = few.map((label) => `${train.labels[label]} of ${label}`);
  return {
    event: "warning",
    code: "few-examples",
    message: `${shown(train)} few examples: ${told.join(", ")}`,
    hint: `fewer than ${FEWEST_EXAMPLES} of a class are hardly learned from; ` +
      "where other classes have more, finetune --class-weights balanced makes " +
      "all count alike",
  };
}

function unevenClasses(
  splits: readonly ClassCounts[],
): WarningEvent | undefined {
  const told = splits.flatMap((split) => {
    const { name, rows, labels } = split;
    const counts = Object.entries(labels);
    if (rows < ROWS_PER_CLASS * counts.length) return [];
    const missing = name === "train" ? [] : namesOf(split, (n) => n === 0);
    const [largest, most] = counts.toSorted(([, a], [, b]) => b - a)[0];
    const share = showShare(most, rows);
    return [
      ...missing.length > 0
        ? [`${shown(split)} no example of ${missing.join(", ")}`]
        : [],
      ...most > LARGEST_CLASS * rows
        ? [`${share} of the examples of ${name} are ${largest}`]
        : [],
    ];
  });
  if (told.length === 0) return undefined;
  return {
    event: "warning",
    code: "uneven-classes",
    message: told.join(", "),
    hint: "a model may do well there by always saying the same; --labels and " +
      "--data-labels tell which classes there are",
  };
}

function namesOf(
  split: ClassCounts | undefined,
  wanted: (count: number) => boolean,
): string[] {
  return Object.entries(split?.labels ?? {})
    .filter(([, count]) => wanted(count)).map(([label]) => label);
}

/** A split, or what is counted of it, and a verb. */
function shown({ name, rows, limited }: ClassCounts): string {
  return limited ? `the first ${rows} rows of ${name} have` : `${name} has`;
}
