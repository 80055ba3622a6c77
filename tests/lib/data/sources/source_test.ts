import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { encodeSplit } from "../../../../lib/data/encode/encode.ts";
import { EncodePool } from "../../../../lib/data/encode/encode_pool.ts";
import type { Dataset } from "../../../../lib/data/sources/dataset.ts";
import {
  type DatasetOptions,
  openDataset,
} from "../../../../lib/data/sources/source.ts";
import type { WarningEvent } from "../../../../lib/events/events.ts";
import {
  LABELS,
  SNLI_HEADER,
  snliFixture,
  snliRow,
  withFiles,
} from "../../../support/data/data_files.ts";

const options = { labels: LABELS, spoolFolder: "nowhere" };
/** Forty rows, each with a premise of its own. */
const PAIRS = "premise,label\n" +
  Array.from({ length: 40 }, (_, i) => `Person ${i} .,neutral\n`).join("");
const snli = `${SNLI_HEADER}\n${snliRow("neutral", "a", "b")}\n`;

const setup = {
  vocabulary: await Deno.readTextFile("fixtures/golden/mxnet/vocab.json"),
  text: {
    rules: 1,
    tokenizer: { kind: "words", lowerCase: true },
    maxLength: 9,
    truncation: "longest-first",
  },
} as const;

async function premisesOf(dataset: Dataset, split: string): Promise<string[]> {
  using pool = new EncodePool(setup, 1);
  const { columns } = (await encodeSplit(dataset.get(split)!, pool))!;
  const { bytes, offsets } = columns.premise;
  return Array.from(
    columns.sourceLines,
    (_, i) =>
      new TextDecoder().decode(bytes.subarray(offsets[i], offsets[i + 1])),
  );
}

Deno.test("a directory of SNLI gives the splits that are there", () =>
  withFiles({
    "snli_1.0_test.txt": snli,
    "snli_1.0_dev.txt": snli,
    "snli_1.0_train.txt": snli,
    "README.txt": "not data",
  }, async (directory) => {
    const dataset = await openDataset([directory], options);
    assertEquals([...dataset.keys()], ["train", "dev", "test"]);
    assertEquals(await premisesOf(dataset, "dev"), ["a"]);
  }));

Deno.test("MultiNLI's two dev files are splits of their own", () =>
  withFiles({
    "multinli_1.0_train.txt": snli,
    "multinli_1.0_dev_matched.txt": snli,
    "multinli_1.0_dev_mismatched.txt": snli,
  }, async (directory) => {
    const dataset = await openDataset([directory], options);
    assertEquals(
      [...dataset.keys()],
      ["train", "dev_matched", "dev_mismatched"],
    );
  }));

Deno.test("a directory of SNLI's text and JSON Lines files is read as text", () =>
  withFiles({
    "snli_1.0_test.txt": snli,
    "snli_1.0_test.jsonl": "",
    "snli_1.0_train.txt": snli,
    "snli_1.0_train.jsonl": "",
  }, async (directory) => {
    const dataset = await openDataset([directory], options);
    assertEquals(
      [...dataset.values().flatMap(({ files }) => files.map((f) => f.shown))],
      ["train", "test"].map((name) => join(directory, `snli_1.0_${name}.txt`)),
    );
  }));

Deno.test("files can be named for each split, in any format", () =>
  withFiles({
    "a.csv": "premise,label\none,0\n",
    "b.jsonl": '{"premise": "two", "label": 1}\n',
    "c.tsv": "premise\tlabel\nthree\t2\n",
    "d=e.txt": snli,
  }, async (directory) => {
    const dataset = await openDataset([
      `test=${join(directory, "b.jsonl")}`,
      `dev=${join(directory, "c.tsv")}`,
      `extra=${join(directory, "d=e.txt")}`,
      join(directory, "a.csv"),
    ], options);
    const splits = [...dataset.keys()].map(async (name) => [
      name,
      ...await premisesOf(dataset, name),
    ]);
    assertEquals(await Promise.all(splits), [
      ["test", "two"],
      ["dev", "three"],
      ["extra", "a"],
      ["train", "one"],
    ]);
  }));

Deno.test("a lone file splits by premise, whatever the order of its rows", async () => {
  const files = await snliFixture();
  const text = new TextDecoder().decode(files["snli_1.0_test.txt"]);
  const [header, ...rows] = text.trimEnd().split("\n");
  await withFiles({
    "forth.txt": [header, ...rows].join("\n"),
    "back.txt": [header, ...rows.toReversed()].join("\n"),
  }, async (directory) => {
    const [forth, back] = await Promise.all(
      ["forth.txt", "back.txt"].map((name) =>
        openDataset([join(directory, name)], { ...options, testFraction: 0.3 })
      ),
    );
    const train = await premisesOf(forth, "train");
    const test = await premisesOf(forth, "test");
    assertEquals(train.length + test.length, 1000);
    assertEquals(new Set(train).isDisjointFrom(new Set(test)), true);
    // 0.3 of about 335 premises, give or take three standard deviations.
    const share = new Set(test).size / new Set([...train, ...test]).size;
    assertEquals(Math.abs(share - 0.3) < 0.075, true, `share ${share}`);
    assertEquals(await premisesOf(back, "test"), test.toReversed());
  });
});

Deno.test("a split given by another of its names has its own", () =>
  withFiles({ "a.csv": PAIRS }, async (directory) => {
    const path = join(directory, "a.csv");
    const warnings: WarningEvent[] = [];
    const dataset = await openDataset(
      ["Train", "VAL", "evaluation", "validation-matched", "nonsense"]
        .map((name) => `${name}=${path}`),
      { ...options, onWarning: (warning) => warnings.push(warning) },
    );
    assertEquals(
      [...dataset.keys()],
      ["train", "dev", "test", "dev_matched", "nonsense"],
    );
    assertEquals(warnings.map(({ code, hint }) => [code, hint]), [
      ["unknown-split", "eval --split nonsense measures a model on it"],
    ]);
  }));

Deno.test("the files of one split are read as one, each with its own header", () =>
  withFiles({
    "train-00000-of-00002.csv": "premise,label\none,0\ntwo,1\n",
    "train-00001-of-00002.csv": "label,premise\n2,three\n",
  }, async (directory) => {
    const dataset = await openDataset([directory], options);
    assertEquals(await premisesOf(dataset, "train"), ["one", "two", "three"]);
  }));

Deno.test("a bad row of a later file is told by that file and its line", () =>
  withFiles({
    "train-00000-of-00002.csv": "premise,label\none,0\ntwo,1\n",
    "train-00001-of-00002.csv": "premise,label\nthree,2\nfour,9\n",
  }, async (directory) => {
    const dataset = await openDataset([directory], options);
    await assertRejects(
      () => premisesOf(dataset, "train"),
      UserError,
      'train-00001-of-00002.csv", line 3, column "label": the label is "9"',
    );
  }));

Deno.test("a split given twice is refused", () =>
  withFiles({ "a.csv": "", "b.csv": "" }, async (directory) => {
    const error = await assertRejects(
      () =>
        openDataset(
          ["a.csv", "b.csv"].map((name) => join(directory, name)),
          options,
        ),
      UserError,
      'it is the split "train", and so is',
    );
    assertEquals(error.code, "bad-data");
  }));

Deno.test("a dev and a test split are taken of the same file", async () => {
  const files = await snliFixture();
  const text = new TextDecoder().decode(files["snli_1.0_test.txt"]);
  await withFiles({ "all.txt": text }, async (directory) => {
    const path = join(directory, "all.txt");
    const open = (given: Partial<DatasetOptions>) =>
      openDataset([path], { ...options, ...given });
    const dataset = await open({ devFraction: 0.2, testFraction: 0.3 });
    const [train, dev, test] = await Promise.all(
      ["train", "dev", "test"].map((name) => premisesOf(dataset, name)),
    );
    assertEquals(train.length + dev.length + test.length, 1000);
    for (const [a, b] of [[train, dev], [train, test], [dev, test]]) {
      assert(new Set(a).isDisjointFrom(new Set(b)));
    }
    // A dev split leaves the test split as it is without one.
    assertEquals(
      await premisesOf(await open({ testFraction: 0.3 }), "test"),
      test,
    );
  });
});

Deno.test("a dev split is taken of train beside a test split of its own", () =>
  withFiles({ "a.csv": PAIRS, "b.csv": PAIRS }, async (directory) => {
    const specs = [
      join(directory, "a.csv"),
      `test=${join(directory, "b.csv")}`,
    ];
    const dataset = await openDataset(specs, { ...options, devFraction: 0.5 });
    const sizes = ["train", "dev", "test"].map(async (name) =>
      (await premisesOf(dataset, name)).length
    );
    const [train, dev, test] = await Promise.all(sizes);
    assertEquals([train + dev, test], [40, 40]);
    assert(train > 0 && dev > 0);
  }));

Deno.test("a dev fraction of a data set with a dev split is refused", () =>
  withFiles({ "a.csv": PAIRS, "b.csv": PAIRS }, async (directory) => {
    const specs = [
      join(directory, "a.csv"),
      `dev_matched=${join(directory, "b.csv")}`,
    ];
    const error = await assertRejects(
      () => openDataset(specs, { ...options, devFraction: 0.1 }),
      UserError,
      "Cannot take a dev split of train, dev_matched: there is one",
    );
    assertEquals([error.code, error.hint], [
      "bad-usage",
      "leave out --dev-fraction",
    ]);
  }));

Deno.test("a test fraction of a data set with splits is refused", () =>
  withFiles({ "a.csv": "", "b.csv": "" }, async (directory) => {
    const specs = [
      `train=${join(directory, "a.csv")}`,
      `test=${join(directory, "b.csv")}`,
    ];
    await assertRejects(
      () => openDataset(specs, { ...options, testFraction: 0.1 }),
      UserError,
      "Cannot take a test split of train, test",
    );
  }));

for (
  const [what, spec, expected] of [
    ["a missing file", "test=DIR/none.csv", 'none.csv": there is no such file'],
    ["a name that is nearly a file's", "test=DIR/plan", '/plain" meant?'],
    ["an unknown extension", "DIR/a.xlsx", 'its name ends in ".xlsx"'],
    ["a file without extension", "DIR/plain", "ends in no format's name"],
    [
      "a directory without SNLI files",
      "DIR",
      "it has no file whose name ends in",
    ],
    ["a directory as one split", "test=DIR", "it is a directory, expected the"],
  ]
) {
  Deno.test(`as data ${what} is refused`, () =>
    withFiles({ "a.xlsx": "x", "plain": "x" }, async (directory) => {
      const error = await assertRejects(
        () => openDataset([spec.replace("DIR", directory)], options),
        UserError,
        expected,
      );
      assertEquals(error.code, "bad-data");
    }));
}

Deno.test("labels of the data that are not the model's are refused", async () => {
  const error = await assertRejects(
    () => openDataset(["a.csv"], { ...options, dataLabels: ["yes", "no"] }),
    UserError,
    "Cannot read labels as yes, no: the model's are entailment, ",
  );
  assertEquals(error.code, "bad-usage");
});
