import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join, relative } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { findSplitFiles } from "../../../../lib/data/sources/split_files.ts";

const CSV = "premise,hypothesis,label\na,b,neutral\n";
const SNLI = "gold_label\tsentence1_binary_parse\n";

/** Runs a test in a directory that holds files of these paths. */
async function withTree(
  paths: readonly string[],
  test: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    for (const path of paths) {
      const file = join(directory, path);
      await Deno.mkdir(dirname(file), { recursive: true });
      const text = path.endsWith(".txt")
        ? (/notes|note_|readme/i.test(path) ? "notes on this\n" : SNLI)
        : CSV;
      await Deno.writeTextFile(file, text);
    }
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Files of a folder, the splits that they are, and which are passed over. */
const FOLDERS: [
  what: string,
  paths: string[],
  splits: Record<string, string[]>,
  passedOver?: string[],
][] = [
  ["val.csv", ["train.csv", "val.csv", "test.csv"], {
    train: ["train.csv"],
    dev: ["val.csv"],
    test: ["test.csv"],
  }],
  ["valid.csv and eval.csv", ["train.csv", "valid.csv", "eval.csv"], {
    train: ["train.csv"],
    dev: ["valid.csv"],
    test: ["eval.csv"],
  }],
  ["names in capitals", ["Train.csv", "DEV.CSV", "Test.csv"], {
    train: ["Train.csv"],
    dev: ["DEV.CSV"],
    test: ["Test.csv"],
  }],
  ["more than one kind", ["train.jsonl", "dev.jsonl", "test.csv"], {
    train: ["train.jsonl"],
    dev: ["dev.jsonl"],
    test: ["test.csv"],
  }],
  ["MultiNLI's JSON Lines", [
    "multinli_1.0_train.jsonl",
    "multinli_1.0_dev_matched.jsonl",
    "multinli_1.0_dev_mismatched.jsonl",
  ], {
    train: ["multinli_1.0_train.jsonl"],
    dev_matched: ["multinli_1.0_dev_matched.jsonl"],
    dev_mismatched: ["multinli_1.0_dev_mismatched.jsonl"],
  }],
  ["GLUE's MultiNLI", [
    "train.tsv",
    "dev_matched.tsv",
    "test_matched.tsv",
    "diagnostic.tsv",
    "original/multinli_1.0_train.txt",
  ], {
    train: ["train.tsv"],
    dev_matched: ["dev_matched.tsv"],
    test_matched: ["test_matched.tsv"],
  }, ["diagnostic.tsv", "original"]],
  ["files as gzip", ["train.csv.gz", "validation_matched.csv.gz"], {
    train: ["train.csv.gz"],
    dev_matched: ["validation_matched.csv.gz"],
  }],
  ["SNLI's two forms", [
    "snli_1.0_train.txt",
    "snli_1.0_train.jsonl",
    "snli_1.0_test.jsonl",
    "README.txt",
    "Icon\r",
  ], { train: ["snli_1.0_train.txt"], test: ["snli_1.0_test.jsonl"] }],
  ["hidden files", ["train.csv", "._train.csv", ".DS_Store", "._test.csv"], {
    train: ["train.csv"],
  }],
  ["papers beside it", ["train.csv", "README.md", "LICENSE.txt", "p.pdf"], {
    train: ["train.csv"],
  }],
  ["a note called test_notes.txt", ["train.csv", "test_notes.txt"], {
    train: ["train.csv"],
  }, ["test_notes.txt"]],
  ["a note that is named as a split", ["train.csv", "note_test.txt"], {
    train: ["train.csv"],
  }, ["note_test.txt"]],
  ["a backup", ["train.csv", "my_train.csv.bak"], {
    train: ["train.csv"],
  }, ["my_train.csv.bak"]],
  ["a spreadsheet", ["train.csv", "test.xlsx"], { train: ["train.csv"] }, [
    "test.xlsx",
  ]],
  ["a file of another name", ["train.csv", "test_hard.csv"], {
    train: ["train.csv"],
  }, ["test_hard.csv"]],
  ["numbered files", [
    "train-00001-of-00002.jsonl",
    "train-00000-of-00002.jsonl",
    "test-00000-of-00001.jsonl",
  ], {
    train: ["train-00000-of-00002.jsonl", "train-00001-of-00002.jsonl"],
    test: ["test-00000-of-00001.jsonl"],
  }],
  ["the hub's folder of data", [
    "README.md",
    "data/train-00000-of-00001.parquet",
    "data/validation-00000-of-00001-0123456789abcdef.parquet",
  ], {
    train: ["data/train-00000-of-00001.parquet"],
    dev: ["data/validation-00000-of-00001-0123456789abcdef.parquet"],
  }],
  ["dots and dashes", ["nli.train.tsv", "nli-dev.tsv", "nli testing.tsv"], {
    train: ["nli.train.tsv"],
    dev: ["nli-dev.tsv"],
    test: ["nli testing.tsv"],
  }],
  ["SICK's names", ["SICK_train.txt", "SICK_trial.txt"], {
    train: ["SICK_train.txt"],
    dev: ["SICK_trial.txt"],
  }],
];

for (const [what, paths, splits, passedOver = []] of FOLDERS) {
  Deno.test(`in a folder with ${what} each split has its files`, () =>
    withTree(paths, async (directory) => {
      const found = await findSplitFiles(directory);
      const inFolder = (path: string) => relative(directory, path);
      assertEquals(
        Object.fromEntries(
          found.splits.map(([name, paths]) => [name, paths.map(inFolder)]),
        ),
        splits,
      );
      assertEquals(
        found.passedOver.map(({ path }) => inFolder(path)),
        passedOver,
      );
    }));
}

/** Folders of which it cannot be told what is meant. */
const REFUSED: [what: string, paths: string[], message: string][] = [
  [
    "two files of a split",
    ["a_train.csv", "b_train.csv"],
    'a_train.csv and b_train.csv are both the split "train"',
  ],
  [
    "one split in two formats",
    ["train.csv", "train.jsonl"],
    'train.csv and train.jsonl are both the split "train"',
  ],
  [
    "a split by two of its names",
    ["dev.csv", "valid.csv"],
    'dev.csv and valid.csv are both the split "dev"',
  ],
  [
    "a file beside its gzip",
    ["train.csv", "train.csv.gz"],
    'train.csv and train.csv.gz are both the split "train"',
  ],
  [
    "a number missing",
    ["train-00000-of-00003.jsonl", "train-00002-of-00003.jsonl"],
    "1 are missing, the first of them number 1 (from 0)",
  ],
  [
    "numbers of different sums",
    ["train-00000-of-00001.jsonl", "train-00001-of-00002.jsonl"],
    "are both the split",
  ],
  [
    "folders alone",
    ["R1/train.jsonl", "R2/train.jsonl"],
    "it has no files of splits itself, but folders with some: R1, R2",
  ],
  [
    "one folder of another name",
    ["mrpc/train.jsonl"],
    "but a folder with some: mrpc",
  ],
  ["nothing that is data", ["notes.pdf"], "it has no file whose name ends in"],
  ["hidden files alone", ["._train.csv"], "it has no file whose name ends in"],
];

for (const [what, paths, message] of REFUSED) {
  Deno.test(`a folder with ${what} is refused as data`, () =>
    withTree(paths, async (directory) => {
      const error = await assertRejects(
        () => findSplitFiles(directory),
        UserError,
        message,
      );
      assertEquals(error.hint === "", false);
    }));
}
