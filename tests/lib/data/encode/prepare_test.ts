import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { prepareTables } from "../../../../lib/data/encode/prepare.ts";
import type { PrepareTablesOptions } from "../../../../lib/data/encode/prepare_options.ts";
import type { Table } from "../../../../lib/data/table/table.ts";
import { readTableDir } from "../../../../lib/data/table/table_dir.ts";
import type { Sentences } from "../../../../lib/text/pair.ts";
import {
  LABELS,
  SNLI_HEADER,
  snliFixture,
  snliRow,
  withFiles,
} from "../../../support/data/data_files.ts";

const SMALL = {
  "snli_1.0_train.txt": [
    SNLI_HEADER,
    snliRow("neutral", "( Zebra ( person sleeping ) )", "( park )"),
    snliRow("-", "( A person )", "( park )"),
    snliRow("entailment", "( two )", "( )"),
    "",
  ].join("\n"),
  "snli_1.0_test.txt": [
    SNLI_HEADER,
    snliRow("contradiction", "( ball )", "( diner )"),
    "",
  ].join("\n"),
};

function optionsFor(data: string): PrepareTablesOptions {
  return {
    data: [data],
    vocabularyFile: "fixtures/golden/mxnet/vocab.json",
    tokenizer: { kind: "words", lowerCase: true },
    labels: LABELS,
    maxLength: 64,
    truncation: "longest-first",
    workers: 1,
  };
}

function withSmall(
  test: (options: PrepareTablesOptions, out: string) => Promise<void>,
): Promise<void> {
  return withFiles(
    SMALL,
    (directory) => test(optionsFor(directory), join(directory, "out", "snli")),
  );
}

function tokensOf({ tokenIds, offsets }: Table, i: number): number[] {
  return [...tokenIds.subarray(offsets[i], offsets[i + 1])];
}

async function namesIn(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory), (e) => e.name)).sort();
}

Deno.test("SNLI's fixture becomes tables of 8,842 and 1,000 rows", async () => {
  await withFiles(await snliFixture(), async (directory) => {
    const out = join(directory, "out");
    const { manifest, reused } = await prepareTables(out, {
      ...optionsFor(directory),
      workers: 2,
    });
    assertEquals(reused, false);
    const { rows, dropped, tokens } = manifest.splits.train;
    assertEquals([rows, dropped], [8842, 0]);
    assertEquals(manifest.splits.test.rows, 1000);
    const table = await (await readTableDir(out)).open("train");
    assertEquals([table.rows, table.tokenIds.length], [rows, tokens]);
    assertEquals(
      [
        table.premise(0),
        table.hypothesis(1),
        table.sourceLines[1],
        table.labels[0],
      ],
      [
        "Two women are embracing while holding to go packages .",
        "Two woman are holding packages .",
        3,
        2,
      ],
    );
  });
});

Deno.test("the tables hold what the text says", () =>
  withSmall(async (options, out) => {
    const { manifest, replaced } = await prepareTables(out, options);
    assertEquals(replaced, false);
    assertEquals(await namesIn(out), [
      "table.json",
      "test.arrow",
      "train.arrow",
    ]);
    assertEquals(manifest.splits.train.dropped, 1);
    const train = await (await readTableDir(out)).open("train");
    assertEquals([...train.sourceLines], [2, 4]);
    assertEquals(
      [0, 1].map((
        i,
      ) => [
        ...train.tokenIds.subarray(train.offsets[i], train.offsets[i + 1]),
      ]),
      // <unk> is 0, <cls> 3, <sep> 4.
      [[3, 0, 18, 26, 4, 40, 4], [3, 34, 4, 4]],
    );
  }));

Deno.test("the same again is not done again", () =>
  withSmall(async (options, out) => {
    const first = await prepareTables(out, options);
    const again = await prepareTables(out, { ...options, workers: 2 });
    assertEquals(again, {
      ...first,
      reused: true,
      replaced: false,
      numbered: false,
    });
  }));

Deno.test("of the hypotheses alone the premises are left empty", () =>
  withSmall(async (options, out) => {
    await prepareTables(out, options);
    const pairs = await (await readTableDir(out)).open("train");
    await prepareTables(out, {
      ...options,
      sentences: "hypothesis-only",
    });
    const { manifest, open } = await readTableDir(out);
    const alone = await open("train");
    assertEquals(manifest.text.sentences, "hypothesis-only");
    for (let i = 0; i < pairs.rows; i++) {
      assertEquals(alone.premise(i), "");
      assertEquals(alone.hypothesis(i), pairs.hypothesis(i));
      // <cls> <sep>, and what follows the premise's own <sep>.
      const row = tokensOf(pairs, i);
      assertEquals(
        tokensOf(alone, i),
        [row[0], row[pairs.second[i] - 1], ...row.slice(pairs.second[i])],
      );
    }
    assertEquals([...alone.second], Array(alone.rows).fill(2));
  }));

Deno.test("of the hypotheses alone the splits are those with premises", () =>
  withFiles({
    "a.jsonl": Array.from(
      { length: 60 },
      (_, i) =>
        JSON.stringify({ premise: `p ${i}`, hypothesis: "h", label: 0 }) + "\n",
    )
      .join(""),
  }, async (directory) => {
    const options = {
      ...optionsFor(join(directory, "a.jsonl")),
      testFraction: 0.3,
    };
    const rows = async (sentences: Sentences) => {
      const out = join(directory, "out");
      await prepareTables(out, { ...options, sentences });
      return [...(await (await readTableDir(out)).open("test")).sourceLines];
    };
    assertEquals(await rows("hypothesis-only"), await rows("pair"));
  }));

Deno.test("single sentences have no hypotheses to be left alone", () =>
  withFiles(
    { "a.jsonl": '{"premise": "A dog", "label": 0}\n' },
    async (directory) => {
      const options = optionsFor(join(directory, "a.jsonl"));
      await assertRejects(
        () =>
          prepareTables(join(directory, "out"), {
            ...options,
            sentences: "hypothesis-only",
          }),
        UserError,
        'a.jsonl" for this model: its rows are single sentences',
      );
    },
  ));

Deno.test("two at a time do the work once", () =>
  withSmall(async (options, out) => {
    let waiting = 0;
    const prepare = () =>
      prepareTables(out, { ...options, onWait: () => waiting++ });
    const both = await Promise.all([prepare(), prepare()]);
    assertEquals(both.map(({ reused }) => reused).sort(), [false, true]);
    assertEquals(waiting, 1);
  }));

for (
  const [what, change] of [
    ["another length", { maxLength: 4 }],
    ["another truncation", { truncation: "ratio" }],
    ["other labels", { labels: ["neutral", "entailment", "contradiction"] }],
    ["a limit", { limit: 1 }],
    ["other columns", { fields: { premise: "sentence2_binary_parse" } }],
    ["another order of the data's labels", { dataLabels: [...LABELS].sort() }],
    ["bad rows to be skipped", { onBadRow: "skip" }],
    ["the hypotheses alone", { sentences: "hypothesis-only" }],
    ["another case", { tokenizer: { kind: "words", lowerCase: false } }],
    ["another vocabulary", {
      vocabularyFile: "fixtures/golden/hf/vocab.txt",
      tokenizer: { kind: "wordpiece", lowerCase: true },
    }],
  ] as [string, Partial<PrepareTablesOptions>][]
) {
  Deno.test(`the tables are replaced for ${what}`, () =>
    withSmall(async (options, out) => {
      const first = await prepareTables(out, options);
      const second = await prepareTables(out, { ...options, ...change });
      assertEquals([second.reused, second.replaced], [false, true]);
      assertNotEquals(
        second.manifest.fingerprint,
        first.manifest.fingerprint,
      );
      assertEquals((await readTableDir(out)).manifest, second.manifest);
    }));
}

Deno.test("the tables are replaced for data that changed", () =>
  withSmall(async (options, out) => {
    await prepareTables(out, options);
    await Deno.writeTextFile(
      join(`${options.data[0]}`, "snli_1.0_test.txt"),
      snliRow("neutral", "( a )", "( b )") + "\n",
      { append: true },
    );
    const { manifest, reused } = await prepareTables(out, options);
    assertEquals([manifest.splits.test.rows, reused], [2, false]);
  }));

Deno.test("a damaged table is made again", () =>
  withSmall(async (options, out) => {
    const first = await prepareTables(out, options);
    const path = join(out, "train.arrow");
    const bytes = await Deno.readFile(path);
    bytes[bytes.length >> 1] ^= 1;
    await Deno.writeFile(path, bytes);
    assertEquals(await prepareTables(out, options), {
      ...first,
      reused: false,
      replaced: true,
      numbered: false,
    });
  }));

Deno.test("bad data leave the older tables and nothing else", () =>
  withSmall(async (options, out) => {
    const { manifest } = await prepareTables(out, options);
    await Deno.writeTextFile(
      join(`${options.data[0]}`, "snli_1.0_test.txt"),
      "neutral\tcut",
      { append: true },
    );
    await assertRejects(() => prepareTables(out, options), UserError, "line 3");
    assertEquals((await readTableDir(out)).manifest, manifest);
    assertEquals(await namesIn(join(out, "..")), ["snli"]);
  }));

Deno.test("a directory that holds anything else is left alone", () =>
  withSmall(async (options, out) => {
    await Deno.mkdir(out, { recursive: true });
    await Deno.writeTextFile(join(out, "thesis.txt"), "precious");
    const error = await assertRejects(
      () => prepareTables(out, options),
      UserError,
      'it holds "thesis.txt"',
    );
    assertEquals(error.code, "bad-usage");
    assertEquals(await namesIn(out), ["thesis.txt"]);
  }));

Deno.test("a file in the directory's place is named", () =>
  withSmall(async (options, out) => {
    await Deno.mkdir(join(out, ".."), { recursive: true });
    await Deno.writeTextFile(out, "precious");
    const error = await assertRejects(
      () => prepareTables(out, options),
      UserError,
      "Cannot write encoded data to",
    );
    assertEquals([error.code, error.exitCode], ["cannot-write", 1]);
    assertEquals(await Deno.readTextFile(out), "precious");
  }));

Deno.test("more labels than the tables can tell apart are refused", () =>
  withSmall(async (options, out) => {
    const labels = Array.from({ length: 129 }, (_, i) => `label ${i}`);
    await assertRejects(
      () => prepareTables(out, { ...options, labels }),
      UserError,
      "Cannot encode 129 labels",
    );
  }));

const PAIR = '{"premise": "a", "hypothesis": "b", "label": 0}\n';
const SINGLE = '{"premise": "a", "label": 0}\n';

Deno.test("files of pairs and of single sentences are no data set", () =>
  withFiles({ "a.jsonl": PAIR, "b.jsonl": SINGLE }, async (folder) => {
    const data = [`train=${folder}/a.jsonl`, `test=${folder}/b.jsonl`];
    await assertRejects(
      () => prepareTables(join(folder, "out"), { ...optionsFor(""), data }),
      UserError,
      `Cannot read "${folder}/b.jsonl": it is of single sentences, but ` +
        `"${folder}/a.jsonl" is of pairs of sentences`,
    );
  }));

Deno.test("files of pairs are of single sentences where that is said", () =>
  withFiles({ "a.jsonl": PAIR, "b.jsonl": SINGLE }, async (folder) => {
    const out = join(folder, "out");
    await prepareTables(out, {
      ...optionsFor(""),
      data: [`train=${folder}/a.jsonl`, `test=${folder}/b.jsonl`],
      single: true,
    });
    const table = await (await readTableDir(out)).open("train");
    assertEquals([table.premise(0), table.hypothesis(0)], ["a", null]);
  }));
