import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CSV, inFolder } from "../../support/tasks/run_preprocess.ts";

Deno.test("preprocess splits a lone file and takes its first rows", () =>
  inFolder(async (run) => {
    const { code, last, stderr } = await run(
      ...["--data", "a.jsonl", "--test-fraction", "0.5", "--limit", "20"],
    );
    assertEquals(code, 0, stderr);
    const splits = last.splits as Record<string, { rows: number }>;
    assertEquals([splits.train.rows, splits.test.rows], [20, 20]);
  }, {
    "a.jsonl": Array.from(
      { length: 200 },
      (_, i) => `{"premise": "Person ${i} .", "label": ${i % 3}}\n`,
    ).join(""),
  }));

Deno.test("preprocess takes a dev split of a lone file too", () =>
  inFolder(async (run) => {
    const { last } = await run(
      ...["--data", "a.jsonl", "--test-fraction", "0.3"],
      ...["--dev-fraction", "0.3"],
    );
    const splits = last.splits as Record<string, { rows: number }>;
    assertEquals(Object.keys(splits), ["train", "dev", "test"]);
    assertEquals(
      Object.values(splits).reduce((sum, { rows }) => sum + rows, 0),
      100,
    );
  }, {
    "a.jsonl": Array.from(
      { length: 100 },
      (_, i) => `{"premise": "Person ${i} .", "label": ${i % 3}}\n`,
    ).join(""),
  }));

Deno.test("--dev names the file of the dev split", () =>
  inFolder(async (run) => {
    const { last } = await run("--data", "a.csv", "--dev", "b.jsonl");
    const splits = last.splits as Record<string, { rows: number }>;
    assertEquals([splits.train.rows, splits.dev.rows], [2, 1]);
  }, {
    "a.csv": CSV,
    "b.jsonl": '{"premise": "A dog", "hypothesis": "A cat", "label": 0}\n',
  }));

Deno.test("fractions that leave nothing to train on are refused", () =>
  inFolder(async (run) => {
    const { code, last } = await run(
      ...["--data", "a.csv", "--test-fraction", "0.5"],
      ...["--dev-fraction", "0.5"],
    );
    assertEquals([code, last.code], [2, "bad-usage"]);
    assertStringIncludes(
      String(last.message),
      "--dev-fraction and --test-fraction leave nothing to train on",
    );
  }, { "a.csv": CSV }));

Deno.test("preprocess fails if the splits have other rows than expected", () =>
  inFolder(async (run) => {
    const { code, last } = await run(
      ...["--data", "a.csv", "--expect-rows", "train=549367,test=9824"],
    );
    assertEquals([code, last.code], [1, "unexpected-rows"]);
    assertMatch(
      String(last.message),
      /"train" has 2 rows, expected 549367[^]*"test" is missing, expected 9824/,
    );
  }, { "a.csv": CSV }));

Deno.test("preprocess passes if the splits have the rows expected", () =>
  inFolder(async (run) => {
    const { code } = await run("--data", "a.csv", "--expect-rows", "train=2");
    assertEquals(code, 0);
  }, { "a.csv": CSV }));

Deno.test("preprocess leaves out a test split of -1 alone, and says so again", () =>
  inFolder(async (run) => {
    const flags = ["train=a.csv", "validation=b.csv", "test=c.csv"]
      .flatMap((spec) => ["--data", spec]);
    for (const reused of [false, true]) {
      const { code, last, events } = await run(...flags);
      assertEquals(code, 0);
      assertEquals(last.reused, reused);
      assertEquals(Object.keys(Object(last.splits)), ["train", "dev"]);
      const told = events.filter(({ code }) => code === "unlabelled-split")
        .map(({ message }) => message);
      assertEquals(told, [
        'The split "test" is left out: "c.csv" has no labels',
      ]);
    }
  }, {
    "a.csv": CSV,
    "b.csv": CSV,
    "c.csv": "premise,hypothesis,label\nA dog runs .,It runs .,-1\n",
  }));

Deno.test("preprocess leaves out a test split without a column of labels", () =>
  inFolder(async (run) => {
    const { code, last, events, stderr } = await run(
      ...["--data", "train=a.csv", "--data", "test=c.csv"],
    );
    assertEquals(code, 0, stderr);
    assertEquals(Object.keys(Object(last.splits)), ["train"]);
    const told = events.filter(({ code }) => code === "unlabelled-split");
    assertEquals(told.map(({ message }) => message), [
      'The split "test" is left out: "c.csv" has no labels',
    ]);
  }, {
    "a.csv": CSV,
    "c.csv": "index,premise,hypothesis\n0,A dog runs .,It runs .\n",
  }));

Deno.test("preprocess gives AllNLI's one file its three splits", async () => {
  const allNli = await Deno.readFile(
    "fixtures/cases/27_allnli_split_column/AllNLI.tsv.gz",
  );
  await inFolder(async (run) => {
    const { code, last, stderr } = await run("--data", "AllNLI.tsv.gz");
    assertEquals(code, 0, stderr);
    const splits = last.splits as Record<string, { rows: number }>;
    assertEquals(
      Object.entries(splits).map(([name, { rows }]) => [name, rows]),
      [["train", 1], ["dev", 1], ["test", 1]],
    );
  }, { "AllNLI.tsv.gz": allNli });
});

Deno.test("a bad row is told by the split whose row it is", () =>
  inFolder(async (run) => {
    const { last } = await run("--data", "a.csv", "--on-bad-row", "skip");
    const splits = last.splits as Record<string, { skipped: number }>;
    assertEquals(
      Object.entries(splits).map(([name, { skipped }]) => [name, skipped]),
      [["train", 0], ["dev", 1]],
    );
  }, {
    "a.csv": "premise,hypothesis,label,split\n" +
      "A dog .,It .,neutral,train\nA cat .,It .,nothing,dev\n" +
      "A cat .,It .,neutral,dev\n",
  }));
