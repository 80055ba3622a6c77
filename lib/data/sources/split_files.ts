/**
 * Data sets as directories with a file for each split.
 *
 * @module
 */
import { join } from "@std/path";
import { badData } from "../read/bad_data.ts";

/**
 * As `snli_1.0_train.txt`, `multinli_1.0_dev_matched.jsonl` or GLUE's
 * `train.tsv`. (GLUE's and MultiNLI's `test_matched` has no labels.)
 */
const SPLIT_FILE =
  /^(?:.*[_-])?(train|test|(?:dev|validation)(?:_matched|_mismatched)?)(\.[a-z]+)(?:\.gz)?$/;

/** A directory's files of the first kind that is there are taken. */
const PREFERENCE = [".txt", ".jsonl", ".ndjson", ".tsv", ".csv"];

/**
 * The files of a directory that hold splits. If there are several kinds of
 * files, as in SNLI's archive, one is taken.
 *
 * @param directory The directory.
 * @return The split and the path of each file, `train` first, `test` last.
 * @throws {UserError} `bad-data` if there are none.
 */
export async function findSplitFiles(
  directory: string,
): Promise<[split: string, path: string][]> {
  const names = await Array.fromAsync(Deno.readDir(directory), (e) => e.name);
  const matches = names.sort()
    .map((name) => SPLIT_FILE.exec(name))
    .filter((match) => match !== null);
  const kind = PREFERENCE.find((kind) => matches.some((m) => m[2] === kind));
  const found = matches.filter((match) => match[2] === kind)
    .map(([name, split]): [string, string] => [
      split.replace("validation", "dev"),
      join(directory, name),
    ]);
  if (found.length === 0) {
    throw badData(
      { path: directory },
      "it has no file whose name ends in train, dev or test and " +
        PREFERENCE.join(", "),
      { hint: "name each file, as --data train=A.csv --data test=B.csv" },
    );
  }
  // The sort keeps the order of files of the same rank.
  const rank = ([name]: [string, string]) =>
    name === "train" ? 0 : name === "test" ? 2 : 1;
  return found.sort((a, b) => rank(a) - rank(b));
}
