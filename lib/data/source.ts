/**
 * From what `--data` names to the examples of each split.
 *
 * @module
 */
import { basename, extname, join } from "@std/path";
import { UserError } from "../errors.ts";
import { badData } from "./bad_data.ts";
import { readDelimited } from "./delimited.ts";
import type { Example } from "./example.ts";
import { readJsonLines } from "./jsonl.ts";
import { readSnli } from "./snli.ts";
import { inTestShare } from "./test_share.ts";

/** One split of a data set. */
export interface Split {
  /** As `train`, `dev` or `test`. */
  readonly name: string;
  /** The file it is read from. */
  readonly path: string;
  /** Reads the examples, in the file's order; each call from the start. */
  examples(): AsyncIterable<Example>;
}

/** A data set's splits by name. */
export type Dataset = Map<string, Split>;

/** How a data set is opened. */
export interface DatasetOptions {
  /** The model's label names in the order of its outputs. */
  labels: readonly string[];
  /** Share of a lone file's premises that becomes the test split, in (0, 1). */
  testFraction?: number | undefined;
}

type Reader = (
  path: string,
  labels: readonly string[],
) => AsyncIterable<Example>;

const READERS: Record<string, Reader> = {
  ".txt": readSnli,
  ".jsonl": readJsonLines,
  ".ndjson": readJsonLines,
  ".csv": readDelimited,
  ".tsv": readDelimited,
};

/** As `snli_1.0_train.txt` or `multinli_1.0_dev_matched.txt`. */
const SNLI_FILE = /_(train|dev|test|dev_matched|dev_mismatched)\.txt$/;

/** `SPLIT=FILE`; a lone file of such a name is written `./SPLIT=FILE`. */
const SPLIT_SPEC = /^([a-z][a-z0-9_]*)=(.+)$/s;

/**
 * Opens a data set. Each of `specs` is a directory of SNLI's or MultiNLI's text
 * files, which gives the splits that are there; `SPLIT=FILE`; or a lone file,
 * which is `train`. A file is `.jsonl` (or `.ndjson`), `.csv`, `.tsv`, or
 * SNLI's `.txt`.
 *
 * @param specs At least one; no split twice.
 * @param options Labels, and what becomes the test split of a lone file.
 * @return The splits, `train` first if it is there. Nothing is read yet.
 * @throws {UserError} `bad-data` if there is no such file or directory, or a
 * split is given twice; `bad-usage` if `testFraction` meets more than one split.
 */
export async function openDataset(
  specs: readonly string[],
  options: DatasetOptions,
): Promise<Dataset> {
  const { labels, testFraction } = options;
  const dataset: Dataset = new Map();
  for (const spec of specs) {
    for (const [name, path] of await findFiles(spec)) {
      const other = dataset.get(name);
      if (other) {
        throw badData(
          { path },
          `it is the split "${name}", and so is "${other.path}"`,
          { hint: "name the splits, as --data train=A.csv --data test=B.csv" },
        );
      }
      const read = readerOf(path);
      dataset.set(name, { name, path, examples: () => read(path, labels) });
    }
  }
  if (testFraction !== undefined) takeTestShare(dataset, testFraction);
  return dataset;
}

/**
 * Takes `SPLIT=FILE` apart.
 *
 * @param spec As {@link openDataset} takes it.
 * @return The split's name, or null if the spec is a path alone; the path.
 */
export function parseSpec(
  spec: string,
): { split: string | null; path: string } {
  const [, split, path] = SPLIT_SPEC.exec(spec) ?? [spec, null, spec];
  return { split, path };
}

/** The split and the path of each file that a spec stands for. */
async function findFiles(spec: string): Promise<[string, string][]> {
  const { split, path } = parseSpec(spec);
  const { isDirectory } = await statOf(path);
  if (!isDirectory) return [[split ?? "train", path]];
  if (split !== null) {
    throw badData({ path }, `it is a directory, expected the file of a split`, {
      hint: `for all splits of a directory, give --data ${path}`,
    });
  }
  return await findSnliFiles(path);
}

async function findSnliFiles(directory: string): Promise<[string, string][]> {
  const names = await Array.fromAsync(Deno.readDir(directory), (e) => e.name);
  const found = names.sort().flatMap((name): [string, string][] => {
    const split = SNLI_FILE.exec(name)?.[1];
    return split === undefined ? [] : [[split, join(directory, name)]];
  });
  if (found.length === 0) {
    throw badData(
      { path: directory },
      `it has no file that ends in _train.txt, _dev.txt or _test.txt`,
      { hint: "name each file, as --data train=A.csv --data test=B.csv" },
    );
  }
  // By rank; the sort keeps the order of equals.
  const rank = ([name]: [string, string]) =>
    name === "train" ? 0 : name === "test" ? 2 : 1;
  return found.sort((a, b) => rank(a) - rank(b));
}

async function statOf(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (cause) {
    throw badData({ path }, (cause as Error).message, { cause });
  }
}

function readerOf(path: string): Reader {
  const extension = extname(path).toLowerCase();
  const reader = READERS[extension];
  if (reader !== undefined) return reader;
  throw badData(
    { path },
    `"${basename(path)}" ends in ${
      extension === "" ? "no format's name" : `"${extension}"`
    }, expected ${Object.keys(READERS).join(", ")}`,
  );
}

/** Makes the split `test` of some premises of the only split there is. */
function takeTestShare(dataset: Dataset, fraction: number): void {
  const train = dataset.get("train");
  if (train === undefined || dataset.size > 1) {
    throw new UserError(
      `Cannot take a test split of ${[...dataset.keys()].join(", ")}: ` +
        "--test-fraction is for a lone file",
      { code: "bad-usage", hint: "leave out --test-fraction" },
    );
  }
  const select = (name: string, inTest: boolean) =>
    dataset.set(name, {
      name,
      path: train.path,
      examples: () =>
        filter(
          train.examples(),
          ({ premise }) => inTestShare(premise, fraction) === inTest,
        ),
    });
  select("train", false);
  select("test", true);
}

async function* filter(
  examples: AsyncIterable<Example>,
  keep: (example: Example) => boolean,
): AsyncGenerator<Example> {
  for await (const example of examples) if (keep(example)) yield example;
}
