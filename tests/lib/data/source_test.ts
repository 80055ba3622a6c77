import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { type Dataset, openDataset } from "../../../lib/data/source.ts";
import { UserError } from "../../../lib/errors.ts";
import {
  LABELS,
  SNLI_HEADER,
  snliFixture,
  snliRow,
  withFiles,
} from "./data_files.ts";

const labels = LABELS;
const snli = `${SNLI_HEADER}\n${snliRow("neutral", "a", "b")}\n`;

async function premisesOf(dataset: Dataset, split: string): Promise<string[]> {
  const examples = dataset.get(split)!.examples();
  return await Array.fromAsync(examples, ({ premise }) => premise);
}

Deno.test("a directory of SNLI gives the splits that are there", () =>
  withFiles({
    "snli_1.0_test.txt": snli,
    "snli_1.0_dev.txt": snli,
    "snli_1.0_train.txt": snli,
    "README.txt": "not data",
  }, async (directory) => {
    const dataset = await openDataset([directory], { labels });
    assertEquals([...dataset.keys()], ["train", "dev", "test"]);
    assertEquals(await premisesOf(dataset, "dev"), ["a"]);
  }));

Deno.test("MultiNLI's two dev files are splits of their own", () =>
  withFiles({
    "multinli_1.0_train.txt": snli,
    "multinli_1.0_dev_matched.txt": snli,
    "multinli_1.0_dev_mismatched.txt": snli,
  }, async (directory) => {
    const dataset = await openDataset([directory], { labels });
    assertEquals(
      [...dataset.keys()],
      ["train", "dev_matched", "dev_mismatched"],
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
    ], { labels });
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
        openDataset([join(directory, name)], { labels, testFraction: 0.3 })
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

Deno.test("a split given twice is refused", () =>
  withFiles({ "a.csv": "", "b.csv": "" }, async (directory) => {
    const error = await assertRejects(
      () =>
        openDataset(["a.csv", "b.csv"].map((n) => join(directory, n)), {
          labels,
        }),
      UserError,
      'it is the split "train", and so is',
    );
    assertEquals(error.code, "bad-data");
  }));

Deno.test("a test fraction of a data set with splits is refused", () =>
  withFiles({ "a.csv": "", "b.csv": "" }, async (directory) => {
    const specs = [
      `train=${join(directory, "a.csv")}`,
      `test=${join(directory, "b.csv")}`,
    ];
    await assertRejects(
      () => openDataset(specs, { labels, testFraction: 0.1 }),
      UserError,
      "Cannot take a test split of train, test",
    );
  }));

for (
  const [what, spec, expected] of [
    ["a missing file", "test=DIR/none.csv", 'none.csv": No such file'],
    ["an unknown extension", "DIR/a.parquet", '"a.parquet" ends in ".parquet"'],
    ["a file without extension", "DIR/plain", "ends in no format's name"],
    ["a directory without SNLI files", "DIR", "it has no file that ends in"],
    ["a directory as one split", "test=DIR", "it is a directory, expected the"],
  ]
) {
  Deno.test(`as data ${what} is refused`, () =>
    withFiles({ "a.parquet": "x", "plain": "x" }, async (directory) => {
      const error = await assertRejects(
        () => openDataset([spec.replace("DIR", directory)], { labels }),
        UserError,
        expected,
      );
      assertEquals(error.code, "bad-data");
    }));
}
