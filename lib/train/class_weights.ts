/**
 * How much the examples of each class count.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import type { Table } from "../data/table/table.ts";
import type { Config } from "../settings/config.ts";

/**
 * Weights with which all classes count alike, as scikit-learn's
 * `class_weight="balanced"`: n / (k count) for n examples of k classes. Their
 * mean over the examples is 1.
 *
 * @param counts Examples of each class, each at least 1.
 *
 * @example
 * ```ts
 * import { balancedClassWeights } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(balancedClassWeights([6, 2]), [8 / 12, 2]);
 * ```
 */
export function balancedClassWeights(counts: readonly number[]): number[] {
  const examples = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => examples / (counts.length * count));
}

/** What the classes of a run are counted on. */
export interface TrainedRows {
  /** The training split. */
  train: Pick<Table, "rows" | "labels">;
  /** How many of its rows are trained on, from the first; all if undefined. */
  limit: number | undefined;
}

/**
 * Counts the examples of each class.
 *
 * @param classes How many classes there are.
 * @param table The examples.
 * @param options How many of them, from the first; all if undefined.
 */
export function countClasses(
  classes: number,
  { rows, labels }: TrainedRows["train"],
  { limit = Infinity }: Pick<TrainedRows, "limit">,
): number[] {
  const counts = new Array<number>(classes).fill(0);
  const counted = Math.min(rows, limit);
  for (let i = 0; i < counted; i++) counts[labels[i]]++;
  return counts;
}

/**
 * What a setting of class weights comes to.
 *
 * @param setting The setting; undefined if all examples count alike.
 * @param labels The model's classes.
 * @param rows Those that are trained on.
 * @return A weight for each class, or undefined.
 * @throws {UserError} If there are more or fewer weights than classes, or a
 *   class that is to be balanced has no row.
 */
export function resolveClassWeights(
  setting: Config<"finetune">["classWeights"],
  labels: readonly string[],
  rows: TrainedRows,
): number[] | undefined {
  if (setting === "balanced") return balance(labels, rows);
  if (setting === undefined || setting.length === labels.length) return setting;
  throw new UserError(
    `Cannot weight the classes: --class-weights has ${setting.length} ` +
      `numbers, and the model has ${labels.length} classes`,
    {
      code: "bad-config",
      hint: `give one number each for ${labels.join(", ")}, or balanced`,
    },
  );
}

function balance(labels: readonly string[], rows: TrainedRows): number[] {
  const counts = countClasses(labels.length, rows.train, rows);
  const missing = labels.filter((_, i) => counts[i] === 0);
  if (missing.length === 0) return balancedClassWeights(counts);
  const { train, limit } = rows;
  const where = limit !== undefined && limit < train.rows
    ? `the ${limit} rows that --limit leaves to train on have`
    : "the training split has";
  throw new UserError(
    `Cannot balance the classes: ${where} no example of ${missing.join(", ")}`,
    {
      code: "bad-config",
      hint: "train on examples of every class; or give --class-weights a " +
        `number each for ${labels.join(", ")}`,
    },
  );
}
