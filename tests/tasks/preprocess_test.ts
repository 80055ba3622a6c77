import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join, resolve } from "@std/path";
import { gzipSync } from "node:zlib";
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

/** What a folder holds, by name. */
type Files = Record<string, string | Uint8Array>;

/** Runs a test in an empty folder, with the files given. */
async function inFolder(
  test: (run: Run, folder: string) => Promise<void>,
  files: Files = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeFile(join(folder, name), toBytes(content));
    }
    await test((...args) => preprocess(folder, args), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
}

/** The task as a process of its own. */
function spawn(folder: string, args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--config", resolve("deno.json")],
      ...["--allow-read", "--allow-write", resolve("tasks/preprocess.ts")],
      ...["--model", MODEL, "--out", "out", "--workers", "2", ...args],
    ],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function preprocess(
  folder: string,
  args: string[],
  input: string | Uint8Array = "",
): Promise<Ended> {
  const child = spawn(folder, args);
  const writer = child.stdin.getWriter();
  // Who reads no input may end before it is written.
  writer.write(toBytes(input)).then(() => writer.close()).catch(() => {});
  const { code, stdout, stderr } = await child.output();
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
          skipped: 0,
          tokens: manifest.splits.train.tokens,
        },
        test: {
          rows: 1000,
          dropped: 0,
          skipped: 0,
          tokens: manifest.splits.test.tokens,
        },
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
      train: { rows: 2, dropped: 1, skipped: 0, tokens: 12 },
      test: { rows: 1, dropped: 0, skipped: 0, tokens: 4 },
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
    "b.jsonl": '{"premise": "A dog", "label": 0}\n',
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

Deno.test("preprocess leaves bad rows out when asked, and lists them", () =>
  inFolder(async (run, folder) => {
    const { code, last, stderr } = await run(
      ...["--data", "a.csv", "--on-bad-row", "skip"],
    );
    assertEquals(code, 0, stderr);
    assertEquals((last.splits as Record<string, unknown>).train, {
      rows: 2,
      dropped: 1,
      skipped: 2,
      tokens: 19,
    });
    const list = join("out", "train.skipped.jsonl");
    assertEquals((last.files as string[]).includes(list), true);
    const lines = (await Deno.readTextFile(join(folder, list))).split("\n");
    assertEquals(lines.length, 3);
    assertEquals(JSON.parse(lines[1]), {
      line: 6,
      problem: "it has 1 columns, expected 3",
    });
  }, { "a.csv": CSV + "A,B,maybe\nA\n" }));

for (
  const [what, args, input] of [
    ["CSV", ["--data", "-"], CSV],
    ["CSV in gzip", ["--data", "train=-"], gzipSync(CSV)],
    ["JSON Lines", ["--data", "-"], '{"premise": "A dog", "label": 0}\n'],
  ] as const
) {
  Deno.test(`preprocess reads ${what} from standard input`, () =>
    inFolder(async (_, folder) => {
      const { code, last, stderr } = await preprocess(folder, [...args], input);
      assertEquals(code, 0, stderr);
      assertEquals(Object.keys(last.splits as object), ["train"]);
      const names = await Array.fromAsync(Deno.readDir(folder), (e) => e.name);
      assertEquals(names.toSorted(), [".premise", "out"]);
    }));
}

Deno.test("preprocess calls standard input by its name", () =>
  inFolder(async (_, folder) => {
    const input = CSV + "A,B,maybe\n";
    const { code, last } = await preprocess(folder, ["--data", "-"], input);
    assertEquals(code, 2);
    assertMatch(
      String(last.message),
      /^Cannot read "standard input", line 5, column "label": /,
    );
  }));

Deno.test("preprocess reads standard input only once", () =>
  inFolder(async (run) => {
    const { code, last } = await run("--data", "train=-", "--data", "test=-");
    assertEquals([code, last.code], [2, "bad-usage"]);
  }));

Deno.test({
  name: "preprocess reads a named pipe",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (run, folder) => {
      const pipe = join(folder, "pipe");
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
      const written = Deno.writeTextFile(pipe, CSV);
      const { code, last, stderr } = await run("--data", "pipe");
      await written;
      assertEquals(code, 0, stderr);
      assertEquals(last.reused, false);
    }),
});

Deno.test("preprocess takes the columns, the delimiter and the labels named", () =>
  inFolder(async (run, folder) => {
    const { code, events, stderr } = await run(
      ...["--data", "a.csv", "--delimiter", ";", "--quoting", "none"],
      ...["--premise-field", "text", "--hypothesis-field", "claim"],
      ...["--label-field", "gold"],
      ...["--data-labels", "entailment,neutral,contradiction"],
    );
    assertEquals(code, 0, stderr);
    assertEquals(events.some(({ event }) => event === "warning"), false);
    const table = await (await readTableDir(join(folder, "out"))).open("train");
    assertEquals(
      [table.premise(0), table.hypothesis(0), table.labels[0]],
      ['A "dog', "It runs", 2],
    );
  }, { "a.csv": 'gold;text;claim\n1;A "dog;It runs\n' }));

Deno.test("preprocess warns of labels that are numbers", () =>
  inFolder(async (run) => {
    const { events } = await run("--data", "a.csv");
    const warnings = events.filter(({ event }) => event === "warning");
    assertEquals(warnings.map(({ code, message }) => [code, message]), [[
      "numbered-labels",
      "The data's labels are numbers, taken as 0 for entailment, 1 for " +
      "contradiction, 2 for neutral",
    ]]);
  }, { "a.csv": "premise,label\nA dog,0\n" }));

Deno.test("preprocess says how to fetch a data set that is not there", () =>
  inFolder(async (run) => {
    const { code, last } = await run("--data", "snli");
    assertEquals(code, 2);
    assertMatch(String(last.hint), /download --dataset snli/);
  }));
