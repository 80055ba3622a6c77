import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { gzipSync } from "node:zlib";
import { readTableDir } from "../../../lib/data/table/table_dir.ts";
import { unixTest } from "../../support/require.ts";
import {
  CSV,
  type Ended,
  inFolder,
  preprocess,
  SNLI,
} from "../../support/tasks/run_preprocess.ts";

/** What a `done` event tells of each split, less its figures. */
function countsOf({ splits }: Ended["last"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(splits as Record<string, Record<string, unknown>>)
      .map(([name, { figures: _, ...counts }]) => [name, counts]),
  );
}

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
          figures: manifest.splits.train.figures,
        },
        test: {
          rows: 1000,
          dropped: 0,
          skipped: 0,
          tokens: manifest.splits.test.tokens,
          figures: manifest.splits.test.figures,
        },
      },
      reused: false,
      replaced: false,
      files: ["table.json", "train.arrow", "test.arrow"]
        .map((name) => join("out", name)),
    });
    assertEquals([manifest.text.maxLength, manifest.labels], [
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

Deno.test("preprocess keeps a table of another file, unless told to overwrite it", () =>
  inFolder(async (run) => {
    await run("--data", "a.csv");
    const refused = await run("--data", "b.csv");
    assertEquals([refused.code, refused.last.code], [2, "table-exists"]);
    assertMatch(
      String(refused.last.message),
      /"out": it holds those of "a.csv", expected those of "b.csv" or none/,
    );
    assertEquals((await run("--data", "a.csv")).last.reused, true);
    const replaced = await run("--data", "b.csv", "--overwrite");
    assertEquals([replaced.code, replaced.last.replaced], [0, true]);
  }, { "a.csv": CSV, "b.csv": CSV.replace("dog", "cat") }));

Deno.test("preprocess takes a file a split, and counts rows without a label", () =>
  inFolder(async (run, folder) => {
    const { code, last, stderr } = await run(
      ...["--data", "train=a.csv", "--data", "test=b.jsonl"],
      ...["--max-len", "6", "--truncation", "ratio"],
    );
    assertEquals(code, 0, stderr);
    assertEquals(countsOf(last), {
      train: { rows: 2, dropped: 1, skipped: 0, tokens: 12 },
      test: { rows: 1, dropped: 0, skipped: 0, tokens: 6 },
    });
    const { manifest } = await readTableDir(join(folder, "out"));
    assertEquals([manifest.text.maxLength, manifest.text.truncation], [
      6,
      "ratio",
    ]);
  }, {
    "a.csv": CSV,
    "b.jsonl": '{"premise": "A dog", "hypothesis": "It", "label": 0}\n',
  }));

Deno.test("preprocess warns of what was lost, of a table that was there too", () =>
  inFolder(async (run) => {
    const flags = ["--data", "train=a.csv", "--data", "test=a.csv"];
    const codes = [];
    for (const again of [false, true]) {
      const { events, last } = await run(...flags, "--max-len", "4");
      assertEquals(last.reused, again);
      codes.push(
        events.filter(({ event }) => event === "warning")
          .map(({ code }) => code),
      );
    }
    assertEquals(codes[0], [
      "unlabelled-rows",
      "unknown-words",
      "cut-examples",
      "shared-examples",
      "unlearned-labels",
      "few-examples",
    ]);
    assertEquals(codes[1], codes[0]);
  }, { "a.csv": CSV.replace("A dog runs", "Ein Hund rennt") }));

const SIGNS = "premise,label\nA dog,-1\nA cat,0\nIt,1\nIt runs,-1.0\n";

Deno.test("--labels auto tells how many rows have -1, and how they are a class", () =>
  inFolder(async (run) => {
    const { events } = await run("--data", "a.csv", "--labels", "auto");
    const told = events.find(({ code }) => code === "inferred-labels")!;
    assertEquals(
      told.message,
      "The labels are taken from the data: 0 (1 rows), 1 (1 rows); 2 rows " +
        "have -1, taken as no label (--labels=-1,0,1 keeps it as a class)",
    );
  }, { "a.csv": SIGNS }));

Deno.test("--data-labels gives the numbers that stand for the labels", () =>
  inFolder(async (run, folder) => {
    const flags = ["--labels=neg,neu,pos", "--data-labels=-1,0,1"];
    const { code, stderr } = await run("--data", "a.csv", ...flags);
    assertEquals(code, 0, stderr);
    const table = await (await readTableDir(join(folder, "out"))).open("train");
    assertEquals([...table.labels], [0, 1, 2, 0]);
  }, { "a.csv": SIGNS }));

Deno.test("numbers that stand for the model's own labels are told", () =>
  inFolder(async (run) => {
    const { events } = await run("--data", "a.csv", "--data-labels=-1,0,1");
    const told = events.find(({ code }) => code === "numbered-labels")!;
    assertEquals(
      told.message,
      "The data's labels are numbers, taken as -1 for entailment, 0 for " +
        "contradiction, 1 for neutral",
    );
  }, { "a.csv": SIGNS }));

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
    assertEquals(countsOf(last).train, {
      rows: 2,
      dropped: 1,
      skipped: 2,
      tokens: 22,
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

unixTest(
  "preprocess reads a named pipe",
  () =>
    inFolder(async (run, folder) => {
      const pipe = join(folder, "pipe");
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
      const written = Deno.writeTextFile(pipe, CSV);
      const { code, last, stderr } = await run("--data", "pipe");
      await written;
      assertEquals(code, 0, stderr);
      assertEquals(last.reused, false);
    }),
);

Deno.test("preprocess takes the columns, the delimiter and the labels named", () =>
  inFolder(async (run, folder) => {
    const { code, events, stderr } = await run(
      ...["--data", "a.csv", "--delimiter", ";", "--quoting", "none"],
      ...["--premise-field", "text", "--hypothesis-field", "claim"],
      ...["--label-field", "gold"],
      ...["--data-labels", "entailment,neutral,contradiction"],
    );
    assertEquals(code, 0, stderr);
    assertEquals(events.some(({ code }) => code === "numbered-labels"), false);
    const table = await (await readTableDir(join(folder, "out"))).open("train");
    assertEquals(
      [table.premise(0), table.hypothesis(0), table.labels[0]],
      ['A "dog', "It runs", 2],
    );
  }, { "a.csv": 'gold;text;claim\n1;A "dog;It runs\n' }));

Deno.test("preprocess warns of labels that are numbers", () =>
  inFolder(async (run) => {
    const { events } = await run("--data", "a.csv");
    const warnings = events.filter(({ code }) => code === "numbered-labels");
    assertEquals(warnings.map(({ code, message }) => [code, message]), [[
      "numbered-labels",
      "The data's labels are numbers, taken as 0 for entailment, 1 for " +
      "contradiction, 2 for neutral",
    ]]);
  }, { "a.csv": "premise,label\nA dog,0\n" }));

Deno.test("preprocess warns of numbers again where it finds the table already there", () =>
  inFolder(async (run) => {
    await run("--data", "a.csv");
    const { events } = await run("--data", "a.csv");
    assertEquals(events.at(-1)!.reused, true);
    assertEquals(events.some(({ code }) => code === "numbered-labels"), true);
  }, { "a.csv": "premise,label\nA dog,0\n" }));

Deno.test("preprocess takes numbers for labels that are called so, without a warning", () =>
  inFolder(async (run, folder) => {
    const { code, events, stderr } = await run(
      ...["--data", "a.csv", "--labels=-1,0,1"],
    );
    assertEquals(code, 0, stderr);
    assertEquals(events.some(({ code }) => code === "numbered-labels"), false);
    const table = await (await readTableDir(join(folder, "out"))).open("train");
    assertEquals([...table.labels], [1, 0, 2]);
  }, { "a.csv": "premise,label\nA dog,0\nA cat,-1\nA cow,1.0\n" }));

Deno.test("preprocess says how to fetch a data set that is not there", () =>
  inFolder(async (run) => {
    const { code, last } = await run("--data", "snli");
    assertEquals(code, 2);
    assertMatch(String(last.hint), /download --dataset snli/);
  }));

Deno.test("preprocess refuses a workbook, and does not unpack it as an archive", async () => {
  const workbook = await Deno.readFile("fixtures/cases/train.xlsx");
  await inFolder(async (run) => {
    for (const data of ["train.xlsx", "train=train.xlsx"]) {
      const { code, last } = await run("--data", data);
      assertEquals([code, last.code], [2, "bad-data"]);
      assertEquals(last.hint, "save the sheet as CSV in UTF-8");
    }
  }, { "train.xlsx": workbook });
});
