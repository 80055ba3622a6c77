/**
 * What data sets call their splits.
 *
 * @module
 */

/** The names of each split, as the Hugging Face hub takes them, and SICK's. */
const NAMES: Record<string, readonly string[]> = {
  train: ["train", "training"],
  dev: ["dev", "development", "val", "valid", "validation", "trial"],
  test: ["test", "testing", "eval", "evaluation"],
};

const SPLITS = new Map(
  Object.entries(NAMES).flatMap(([split, names]) =>
    names.map((name) => [name, split] as const)
  ),
);

/** MultiNLI's two halves of a dev or test split. */
const HALF = /[_-](matched|mismatched)$/;

/**
 * The split that a name stands for.
 *
 * @param name A name, whatever its case, as `Valid` or `validation_matched`.
 * @return `train`, `dev` or `test`, the latter two perhaps with `_matched` or
 * `_mismatched`; null if it is no split's name.
 *
 * @example
 * ```ts
 * import { splitNamed } from "./split_names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(splitNamed("VAL"), "dev");
 * assertEquals(splitNamed("validation-matched"), "dev_matched");
 * assertEquals(splitNamed("notes"), null);
 * ```
 */
export function splitNamed(name: string): string | null {
  const plain = name.trim().toLowerCase();
  const half = HALF.exec(plain);
  const split = SPLITS.get(half ? plain.slice(0, half.index) : plain);
  if (split === undefined || half && split === "train") return null;
  return half ? `${split}_${half[1]}` : split;
}

/**
 * The split that a file's name ends in.
 *
 * @param stem The name without its extension, as `snli_1.0_train`.
 * @return As of {@link splitNamed}.
 */
export function splitAtEnd(stem: string): string | null {
  for (let at = 0;;) {
    const split = splitNamed(stem.slice(at));
    if (split !== null) return split;
    const next = stem.slice(at).search(/[_. -]/);
    if (next < 0) return null;
    at += next + 1;
  }
}

/** Train first, test last, the others between them. */
export function splitRank(split: string): number {
  return split === "train" ? 0 : /^test(_|$)/.test(split) ? 2 : 1;
}
