import { assert, assertEquals, assertMatch } from "@std/assert";
import { join, resolve } from "@std/path";
import { readTableDir } from "../../lib/data/table_dir.ts";

const MODEL = resolve("fixtures/bert.tiny.zip");
const SNLI = resolve("fixtures/snli_1.0.zip");

interface Ended {
  code: number;
  /** The event of the last line. */
  last: Record<string, unknown>;
  /** All lines. */
  events: Record<string, unknown>[];
  stderr: string;
}

type Run = (...args: string[]) => Promise<Ended>;

/** Runs a test in an empty folder, with the files given. */
async function inFolder(
  test: (run: Run, folder: string) => Promise<void>,
  files: Record<string, string> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    await test((...args) => preprocess(folder, args), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The task as a process of its own. */
async function preprocess(folder: string, args: string[]): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--config", resolve("deno.json")],
      ...["--allow-read", "--allow-write", resolve("tasks/preprocess.ts")],
      ...["--model", MODEL, "--out", "out", "--workers", "2", ...args],
    ],
    cwd: folder,
  }).output();
  const decoder = new TextDecoder();
  const events = decoder.decode(stdout).trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  return {
    code,
    events,
    last: events.at(-1)!,
    stderr: decoder.decode(stderr),
  };
}

const CSV = "premise,hypothesis,label\n" +
  "Two women are here .,A man sleeps .,contradiction\n" +
  "A dog runs .,,neutral\n" +
  "A cat sits .,It sits .,-\n";

Deno.test("preprocess encodes SNLI out of its zip, from start to done", () =>
  inFolder(async (run, folder) => {
    const { code, events, last, stderr } = await run("--data", SNLI);
    assertEquals(code, 0, stderr);
    assertEquals(events[0].event, "start");
    assertEquals(
      events.filter(({ event }) => event === "progress")
        .map(({ phase, done }) => [phase, done]),
      [["encode train", 8842], ["encode test", 1000]],
    );
    const { manifest } = await readTableDir(join(folder, "out"));
    const { event, splits, reused, replaced, files } = last;
    assertEquals({ event, splits, reused, replaced, files }, {
      event: "done",
      splits: {
        train: {
          rows: 8842,
          dropped: 0,
          tokens: manifest.splits.train.tokens,
        },
        test: { rows: 1000, dropped: 0, tokens: manifest.splits.test.tokens },
      },
      reused: false,
      replaced: false,
      files: ["table.json", "train.arrow", "test.arrow"]
        .map((name) => join("out", name)),
    });
    assertEquals([manifest.maxLength, manifest.labels], [
      128,
      ["entailment", "contradiction", "neutral"],
    ]);
  }));

Deno.test("preprocess does nothing twice, and replaces what is older", () =>
  inFolder(async (run) => {
    await run("--data", "a.csv");
    const again = await run("--data", "a.csv");
    assertEquals([again.last.reused, again.last.files], [true, []]);
    const other = await run("--data", "a.csv", "--max-len", "7");
    assertEquals([other.last.reused, other.last.replaced], [false, true]);
  }, { "a.csv": CSV }));

Deno.test("preprocess takes a file a split, and counts rows without a label", () =>
  inFolder(async (run, folder) => {
    const { code, last, stderr } = await run(
      ...["--data", "train=a.csv", "--data", "test=b.jsonl"],
      ...["--max-len", "6", "--truncation", "ratio"],
    );
    assertEquals(code, 0, stderr);
    assertEquals(last.splits, {
      train: { rows: 2, dropped: 1, tokens: 12 },
      test: { rows: 1, dropped: 0, tokens: 4 },
    });
    const { manifest } = await readTableDir(join(folder, "out"));
    assertEquals([manifest.maxLength, manifest.truncation], [6, "ratio"]);
  }, {
    "a.csv": CSV,
    "b.jsonl": '{"premise": "A dog", "label": 0}\n',
  }));

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

Deno.test("preprocess takes labels in the order given", () =>
  inFolder(async (run, folder) => {
    const labels = "neutral,contradiction,entailment";
    const { code, stderr } = await run("--data", "a.csv", "--labels", labels);
    assertEquals(code, 0, stderr);
    const table = await (await readTableDir(join(folder, "out"))).open("train");
    assertEquals([...table.labels], [1, 0]);
  }, { "a.csv": CSV }));

Deno.test("preprocess names the file, the line and the column of bad data", () =>
  inFolder(async (run, folder) => {
    const { code, last, stderr } = await run("--data", "a.csv");
    assertEquals([code, last.event, last.code], [2, "error", "bad-data"]);
    assertMatch(
      String(last.message),
      /^Cannot read "a.csv", line 5, column "label": the label is "maybe"/,
    );
    assert(stderr.startsWith("error: Cannot read"), stderr);
    const names = await Array.fromAsync(Deno.readDir(folder), (e) => e.name);
    assertEquals(names.filter((name) => /out|tmp/.test(name)), []);
  }, { "a.csv": CSV + "A,B,maybe\n" }));

Deno.test("preprocess says how to fetch a data set that is not there", () =>
  inFolder(async (run) => {
    const { code, last } = await run("--data", "snli");
    assertEquals(code, 2);
    assertMatch(String(last.hint), /download --dataset snli/);
  }));
