import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  type EncodedSplit,
  type EncodeOptions,
  encodeSplit,
} from "../../../../lib/data/encode/encode.ts";
import { encodePiece } from "../../../../lib/data/encode/encode_piece.ts";
import { EncodePool } from "../../../../lib/data/encode/encode_pool.ts";
import { LONGEST_ROW } from "../../../../lib/data/read/pieces.ts";
import type { Split } from "../../../../lib/data/sources/dataset.ts";
import { createTokenizer } from "../../../../lib/text/open_tokenizer.ts";
import { tokenizerOptions } from "../../../../lib/text/recipe.ts";
import { LABELS, withFiles } from "../../../support/data/data_files.ts";

const setup = {
  vocabulary: await Deno.readTextFile("fixtures/golden/mxnet/vocab.json"),
  text: {
    rules: 1,
    tokenizer: { kind: "words", lowerCase: true },
    maxLength: 9,
    truncation: "longest-first",
  },
} as const;

/** How {@link makeLines} has its rows. */
const PAIRS = {
  kind: "json",
  container: "lines",
  fields: { premise: "premise", hypothesis: "hypothesis", label: "label" },
  seconds: [] as string[],
} as const;

/** JSON lines of pairs of changing lengths; every tenth has no label. */
function makeLines(count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      premise: "person ".repeat(1 + i % 5),
      hypothesis: `park é${i}`,
      label: i % 10 === 9 ? -1 : i % 3,
      note: "x".repeat(200),
    }));
}

function withSplit(
  lines: readonly string[],
  test: (split: Split) => Promise<void>,
): Promise<void> {
  return withFiles({ "a.jsonl": lines.join("\n") }, (directory) =>
    test({
      name: "train",
      files: [{ path: join(directory, "a.jsonl"), shown: "a.jsonl" }],
      labels: { labels: LABELS, numbered: LABELS },
      options: {},
    }));
}

async function encodeWith(
  workers: number,
  options: EncodeOptions = {},
  lines = makeLines(4000),
): Promise<EncodedSplit> {
  let encoded: EncodedSplit | null;
  await withSplit(lines, async (split) => {
    using pool = new EncodePool(setup, workers);
    encoded = await encodeSplit(split, pool, options);
  });
  return encoded!;
}

Deno.test("any number of workers gives the same table", async () => {
  const one = await encodeWith(1);
  assertNotEquals(one.columns.tokenIds.length, 0);
  assertEquals(await encodeWith(2), one);
  assertEquals(await encodeWith(5), one);
});

Deno.test("workers encode as this thread does", async () => {
  const lines = makeLines(4000);
  const { columns } = await encodeWith(2, {}, lines);
  const alone = encodePiece(
    createTokenizer(setup.vocabulary, tokenizerOptions(setup.text)),
    {
      bytes: new TextEncoder().encode(lines.join("\n")),
      format: PAIRS,
      first: true,
      labels: LABELS,
      numbered: LABELS,
    },
    setup.text,
  );
  const { sourceLines, ...rest } = alone.columns;
  assertEquals(columns, {
    ...rest,
    sourceLines: sourceLines.map((line) => line + 1),
  });
});

Deno.test("examples without a gold label are left out and counted", async () => {
  const { columns, dropped } = await encodeWith(2);
  assertEquals([columns.second.length, dropped], [3600, 400]);
});

Deno.test("a limit counts the examples that are taken", async () => {
  const { columns, dropped } = await encodeWith(2, { limit: 10 });
  assertEquals([columns.second.length, dropped], [10, 1]);
});

Deno.test("a limit looks at nothing after the last example", async () => {
  const { columns, skipped } = await encodeWith(2, { limit: 2 }, [
    ...makeLines(2),
    "not JSON",
  ]);
  assertEquals([columns.second.length, skipped.count], [2, 0]);
});

Deno.test("a worker that fails ends the work", () =>
  withSplit(makeLines(4000), async (split) => {
    using pool = new EncodePool({ ...setup, vocabulary: "no JSON" }, 2);
    await assertRejects(
      () => encodeSplit(split, pool),
      Error,
      "An encoding worker failed",
    );
  }));

Deno.test("the first bad row ends the work, with its line", async () => {
  const lines = makeLines(4000);
  lines[3001] = "not JSON";
  lines[3500] = "not JSON either";
  const error = await assertRejects(
    () => encodeWith(2, {}, lines),
    UserError,
    'Cannot read "a.jsonl", line 3002: it is not JSON',
  );
  assertEquals(error.hint, "--on-bad-row skip leaves such rows out");
});

Deno.test("bad rows are left out and listed when asked", async () => {
  const lines = makeLines(4000);
  lines[0] = "not JSON";
  lines[2000] = '{"premise": "a", "hypothesis": "b", "label": "maybe"}';
  lines[3000] = `{"premise": "${"a".repeat(2 * LONGEST_ROW)}"}`;
  const { columns, skipped } = await encodeWith(2, { onBadRow: "skip" }, lines);
  assertEquals([columns.second.length, skipped.count], [3597, 3]);
  const listed = new TextDecoder().decode(skipped.listing).trimEnd()
    .split("\n").map((line) => JSON.parse(line));
  assertEquals(
    listed.map(({ line, column }) => [line, column]),
    [[1, undefined], [2001, "label"], [3001, undefined]],
  );
  assertEquals(listed[2].problem, `it is longer than ${LONGEST_ROW} bytes`);
  assertEquals(columns.sourceLines.includes(3003), true);
});

Deno.test("nothing but bad rows is refused, with the first of them", async () => {
  await assertRejects(
    () =>
      encodeWith(1, { onBadRow: "skip" }, [
        '{"premise": "a", "label": "maybe"}',
        "[]",
      ]),
    UserError,
    'no example with a gold label for the split "train"; ' +
      "2 rows were skipped, as line 1",
  );
});

Deno.test("labels that are numbers are noticed", async () => {
  const named = ['{"premise": "a", "label": "neutral"}'];
  assertEquals((await encodeWith(1, {}, named)).numbered, false);
  assertEquals((await encodeWith(1)).numbered, true);
});

Deno.test("a signal ends the work", async () => {
  const controller = new AbortController();
  await assertRejects(
    () =>
      encodeWith(1, {
        signal: controller.signal,
        onProgress: () => controller.abort(new Error("stopped here")),
      }),
    Error,
    "stopped here",
  );
});

Deno.test("a pool that was ended refuses work", async () => {
  const pool = new EncodePool(setup, 1);
  pool[Symbol.dispose]();
  await assertRejects(
    () =>
      pool.encode({
        bytes: new Uint8Array(1),
        format: PAIRS,
        first: true,
        labels: LABELS,
        numbered: LABELS,
      }),
    Error,
    "have ended",
  );
});

Deno.test("a split without gold labels gives no table", async () => {
  const lines = ['{"premise": "a", "label": "-"}'];
  assertEquals<EncodedSplit | null>(await encodeWith(1, {}, lines), null);
});

Deno.test("a split of bad rows and none with a label is refused", async () => {
  const lines = ['{"premise": "a", "label": "-"}', "{"];
  await assertRejects(
    () => encodeWith(1, { onBadRow: "skip" }, lines),
    UserError,
    'no example with a gold label for the split "train"',
  );
});

Deno.test("progress is told up to the last row", async () => {
  const done: (number | null)[][] = [];
  await encodeWith(2, {
    onProgress: ({ done: rows, total }) => done.push([rows, total]),
  });
  assertEquals(done.slice(-2), [[3600, null], [3600, 3600]]);
  assertEquals(done.length > 3, true, `told ${done.length} times`);
});
