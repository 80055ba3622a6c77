import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UserError } from "../../../../../lib/base/errors.ts";
import { hubSplits } from "../../../../../lib/data/sources/hub/hub_splits.ts";

/** A card whose YAML says some of its configurations. */
function cardOf(...configs: unknown[]): string {
  return `---\nlicense: mit\nconfigs: ${
    JSON.stringify(configs)
  }\n---\n# Data\n`;
}

interface Case {
  paths: string[];
  card?: string;
  config?: string;
}

function splitsOf({ paths, card, config }: Case): Record<string, string[]> {
  const data = { paths, card: card ?? null, config };
  return Object.fromEntries(hubSplits(data));
}

const pairs = { config_name: "pairs", data_files: "pairs.csv" };
const both = [
  {
    config_name: "mnli",
    data_files: [
      { split: "train", path: "mnli/train-*" },
      { split: "validation_matched", path: "mnli/vm.jsonl" },
    ],
  },
  {
    config_name: "rte",
    data_files: { train: ["rte/a.csv"], test: "rte/b.csv" },
  },
];
const bothPaths = [
  "README.md",
  "mnli/train-00000-of-00002.parquet",
  "mnli/train-00001-of-00002.parquet",
  "mnli/vm.jsonl",
  "rte/a.csv",
  "rte/b.csv",
];

const FOUND: Record<string, Case & { splits: Record<string, string[]> }> = {
  "by the names of the top": {
    paths: [
      "README.md",
      "train.csv",
      "validation.csv",
      "test.csv",
      "notes.txt",
    ],
    splits: {
      train: ["train.csv"],
      dev: ["validation.csv"],
      test: ["test.csv"],
    },
  },
  "by the names of the folder data": {
    paths: [
      "data/test-00000-of-00001.parquet",
      "data/train-00000-of-00002-0a1b.parquet",
      "data/train-00001-of-00002-2c3d.parquet",
    ],
    splits: {
      train: [
        "data/train-00000-of-00002-0a1b.parquet",
        "data/train-00001-of-00002-2c3d.parquet",
      ],
      test: ["data/test-00000-of-00001.parquet"],
    },
  },
  "by folders that are called as splits": {
    paths: ["train/0000.parquet", "train/0001.parquet", "test/0000.parquet"],
    splits: {
      train: ["train/0000.parquet", "train/0001.parquet"],
      test: ["test/0000.parquet"],
    },
  },
  "of the hub's own conversion, by its only configuration": {
    paths: ["default/train/0000.parquet", "default/validation/0000.parquet"],
    splits: {
      train: ["default/train/0000.parquet"],
      dev: ["default/validation/0000.parquet"],
    },
  },
  "of the hub's own conversion, by the configuration that is named": {
    paths: ["mnli/partial-train/0000.parquet", "rte/train/0000.parquet"],
    config: "mnli",
    splits: { train: ["mnli/partial-train/0000.parquet"] },
  },
  "as the card of one configuration says": {
    paths: ["pairs.csv", "train.csv"],
    card: cardOf(pairs),
    splits: { train: ["pairs.csv"] },
  },
  "as the card of the configuration that is named says": {
    paths: bothPaths,
    card: cardOf(...both),
    config: "mnli",
    splits: {
      train: [
        "mnli/train-00000-of-00002.parquet",
        "mnli/train-00001-of-00002.parquet",
      ],
      dev_matched: ["mnli/vm.jsonl"],
    },
  },
  "by a map of splits and lists": {
    paths: bothPaths,
    card: cardOf(...both),
    config: "rte",
    splits: { train: ["rte/a.csv"], test: ["rte/b.csv"] },
  },
  "of the configuration that the card calls the default one": {
    paths: bothPaths,
    card: cardOf(both[0], { ...both[1], default: true }),
    splits: { train: ["rte/a.csv"], test: ["rte/b.csv"] },
  },
  "of the configuration that is called default": {
    paths: ["a.csv", "b.csv"],
    card: cardOf({ config_name: "default", data_files: "a.csv" }, {
      config_name: "other",
      data_files: "b.csv",
    }),
    splits: { train: ["a.csv"] },
  },
  "in the folder that the card names": {
    paths: ["v1/train.csv", "v2/train.csv", "v2/test.csv"],
    card: cardOf({ config_name: "v2", data_dir: "v2" }),
    splits: { train: ["v2/train.csv"], test: ["v2/test.csv"] },
  },
  "by patterns in the folder that the card names": {
    paths: ["v1/a.csv", "v2/a.csv"],
    card: cardOf({ config_name: "v2", data_dir: "./v2/", data_files: "*.csv" }),
    splits: { train: ["v2/a.csv"] },
  },
  "of a split of another name": {
    paths: ["a.csv", "b.csv"],
    card: cardOf({
      data_files: [{ split: "train", path: "a.csv" }, {
        split: "Hard-Test-2",
        path: "b.csv",
      }],
    }),
    splits: { train: ["a.csv"], hard_test_2: ["b.csv"] },
  },
  "of all files that the card lists": {
    paths: ["a.csv", "b.csv", "c.csv"],
    card: cardOf({ data_files: ["b.csv", "a.csv"] }),
    splits: { train: ["b.csv", "a.csv"] },
  },
  "by names where the card lists no configurations": {
    paths: ["train.csv"],
    card: "---\nlicense: mit\n---\n",
    splits: { train: ["train.csv"] },
  },
  "by names where the card has no YAML": {
    paths: ["train.csv"],
    card: "# Data\n---\nconfigs: 1\n---\n",
    splits: { train: ["train.csv"] },
  },
  "of packed files": {
    paths: ["train.jsonl.gz", "dev.jsonl.gz"],
    splits: { train: ["train.jsonl.gz"], dev: ["dev.jsonl.gz"] },
  },
};

for (const [how, { splits, ...data }] of Object.entries(FOUND)) {
  Deno.test(`splits of a data set of the hub are found ${how}`, () => {
    const found = splitsOf(data);
    assertEquals(found, splits);
    assertEquals(Object.keys(found), Object.keys(splits));
  });
}

const REFUSED: Record<string, Case & { says: string; hint: string }> = {
  "has several configurations in its card": {
    paths: bothPaths,
    card: cardOf(...both),
    says: "it has several configurations: mnli, rte",
    hint: "hf:OWNER/NAME/mnli",
  },
  "has several folders of data": {
    paths: ["mnli/train.csv", "rte/train.csv"],
    says: "it has several configurations: mnli, rte",
    hint: "hf:OWNER/NAME/mnli",
  },
  "has no configuration of the name": {
    paths: bothPaths,
    card: cardOf(...both),
    config: "qnli",
    says: 'it has no configuration "qnli"',
    hint: "it has mnli, rte",
  },
  "has no configurations at all": {
    paths: ["train.csv"],
    config: "qnli",
    says: 'it has no configuration "qnli"',
    hint: "leave it out",
  },
  "is a program": {
    paths: ["README.md", "glue.py"],
    says: "it is a program, glue.py, which is not run",
    hint: "refs/convert/parquet",
  },
  "has no data": {
    paths: ["README.md"],
    says: "it has no file whose name ends in train",
    hint: "--data train=A.csv",
  },
  "is of a format that is not read": {
    paths: ["a.tar"],
    card: cardOf({ data_files: "a.tar" }),
    says: "its file a.tar is of a format that is not read",
    hint: "refs/convert/parquet",
  },
  "lacks a file that its card names": {
    paths: ["b.csv"],
    card: cardOf(pairs),
    says: 'it has no file "pairs.csv", which its configuration pairs names',
    hint: "revisions",
  },
  "names a file elsewhere": {
    paths: ["b.csv"],
    card: cardOf({ data_files: "https://example.org/a.csv" }),
    says: "names a file elsewhere: https://example.org/a.csv",
    hint: "by hand",
  },
  "lacks some files of a split": {
    paths: [
      "data/train-00000-of-00003.parquet",
      "data/train-00002-of-00003.parquet",
    ],
    says: "of its split train there are 2 files, expected the 3 as",
    hint: "--data train=A.parquet",
  },
  "has a split in two formats": {
    paths: ["train.csv", "train.jsonl"],
    says: 'its files train.csv and train.jsonl are all the split "train"',
    hint: "--data train=FILE",
  },
  "has a card that is no YAML": {
    paths: ["train.csv"],
    card: "---\nconfigs: [\n---\n",
    says: "the YAML before its text is none",
    hint: "by hand",
  },
  "has a card whose configurations are no list": {
    paths: ["train.csv"],
    card: "---\nconfigs: all\n---\n",
    says: "configs is no list",
    hint: "by hand",
  },
  "has a card whose files are no paths": {
    paths: ["train.csv"],
    card: cardOf({ data_files: [1] }),
    says: "data_files of default is no list of splits and paths",
    hint: "by hand",
  },
};

for (const [what, { says, hint, ...data }] of Object.entries(REFUSED)) {
  Deno.test(`a data set of the hub is refused that ${what}`, () => {
    const error = assertThrows(() => splitsOf(data), UserError, says);
    assertEquals(error.code, "bad-data");
    assertStringIncludes(error.hint, hint);
  });
}
