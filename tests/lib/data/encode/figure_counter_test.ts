import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  type EncodeOptions,
  encodeSplit,
} from "../../../../lib/data/encode/encode.ts";
import { EncodePool } from "../../../../lib/data/encode/encode_pool.ts";
import type { SeenSplits } from "../../../../lib/data/encode/figure_counter.ts";
import type { SplitFigures } from "../../../../lib/events/events.ts";
import type { Sentences } from "../../../../lib/text/pair.ts";
import { LABELS, withFiles } from "../../../support/data/data_files.ts";

/** It knows these words, and nothing else. */
const VOCABULARY = JSON.stringify(
  ["<unk>", "<cls>", "<sep>", "a", "dog", "cat", "runs", "sleeps"],
);

/** The same for word pieces, which take control characters for nothing. */
const PIECES = ["[UNK]", "[CLS]", "[SEP]", "a", "dog"].join("\n");

/** No sentence, and yet not blank. */
const NOTHING = "\u0001";

type Row = [premise: string, hypothesis: string | null, label: number];

/** The figures of splits that are encoded in this order. */
async function figuresOf(
  splits: Record<string, Row[]>,
  options: EncodeOptions & {
    maxLength?: number;
    workers?: number;
    sentences?: Sentences;
    kind?: "words" | "wordpiece";
  } = {},
): Promise<Record<string, SplitFigures>> {
  const files = Object.fromEntries(
    Object.entries(splits).map(([name, rows]) => [
      `${name}.jsonl`,
      rows.map(([premise, hypothesis, label]) =>
        JSON.stringify({ premise, hypothesis, label })
      ).join("\n"),
    ]),
  );
  const { maxLength = 128, workers = 1, sentences, kind = "words" } = options;
  const figures: Record<string, SplitFigures> = {};
  const seen: SeenSplits = new Map();
  await withFiles(files, async (directory) => {
    using pool = new EncodePool({
      vocabulary: kind === "words" ? VOCABULARY : PIECES,
      text: {
        rules: 1,
        tokenizer: { kind, lowerCase: true },
        maxLength,
        truncation: "longest-first",
        ...(sentences && { sentences }),
      },
    }, workers);
    for (const name of Object.keys(splits)) {
      const file = { path: join(directory, `${name}.jsonl`), shown: name };
      const encoded = await encodeSplit(
        {
          name,
          files: [file],
          labels: { labels: LABELS, numbered: LABELS },
          options: {},
        },
        pool,
        { ...options, seen },
      );
      figures[name] = encoded!.figures;
    }
  });
  return figures;
}

const DOG: Row = ["a dog runs", "a dog sleeps", 1];

Deno.test("tokens are counted before the cut, and those that are unknown", async () => {
  const rows: Row[] = [["a zebra runs", "a dog", 0], ["a", "horse", 1]];
  const { train } = await figuresOf({ train: rows }, { maxLength: 5 });
  assertEquals([train.words, train.unknown, train.cut], [7, 2, 1]);
});

Deno.test("an example of just the longest length is not cut", async () => {
  const pairs: Row[] = [["a dog runs", "a dog", 0]];
  const singles: Row[] = [["a dog runs a dog runs", null, 0]];
  const cut: number[] = [];
  for (const train of [pairs, singles]) {
    for (const maxLength of [8, 7]) {
      cut.push((await figuresOf({ train }, { maxLength })).train.cut);
    }
  }
  assertEquals(cut, [0, 1, 0, 1]);
});

Deno.test("lengths are those of examples before the cut, special tokens included", async () => {
  const rows = Array.from({ length: 200 }, (_, i): Row => [
    "a ".repeat(i + 1),
    "dog",
    0,
  ]);
  const { train } = await figuresOf({ train: rows }, { maxLength: 10 });
  assertEquals(train.lengths, { median: 104, p99: 202, longest: 204 });
});

Deno.test("examples are counted by their class, missing ones too", async () => {
  const { train } = await figuresOf({ train: [DOG, DOG, ["a", "a", 0]] });
  assertEquals(train.labels, { entailment: 1, contradiction: 2, neutral: 0 });
});

Deno.test("a sentence without tokens is empty, a missing hypothesis is not", async () => {
  const { train, test } = await figuresOf({
    train: [["a", NOTHING, 0], [NOTHING, "a", 0], DOG],
    test: [["a", null, 0], [NOTHING, null, 0]],
  }, { kind: "wordpiece" });
  assertEquals([train.empty, test.empty], [2, 1]);
});

Deno.test("premises that are left empty on purpose do not count as empty", async () => {
  const rows: Row[] = [["a", "a dog", 0], ["a", NOTHING, 0]];
  const { train } = await figuresOf({ train: rows }, {
    sentences: "hypothesis-only",
    kind: "wordpiece",
  });
  assertEquals(train.empty, 1);
});

Deno.test("repeated sentences are counted, and those with another label", async () => {
  const { train } = await figuresOf({
    train: [DOG, DOG, ["a dog runs", "a dog sleeps", 2], ["a", "b", 0]],
  });
  assertEquals([train.repeated, train.conflicting], [2, 1]);
});

for (
  const [what, other] of [
    ["with the sentences the other way round", [
      "a dog sleeps",
      "a dog runs",
      1,
    ]],
    ["cut elsewhere into sentences", ["a dog runsa", " dog sleeps", 1]],
    ["with other capitals", ["A dog runs", "a dog sleeps", 1]],
    ["with another unknown word", ["a dog runs", "a dog sleepz", 1]],
    ["with both in the first sentence", ["a dog runs a dog", "sleeps", 1]],
    ["with a space more", ["a dog runs", "a dog  sleeps", 1]],
  ] as [string, Row][]
) {
  Deno.test(`an example ${what} is another one`, async () => {
    const { train } = await figuresOf({ train: [DOG, other] });
    assertEquals(train.repeated, 0);
  });
}

Deno.test("examples of earlier splits are found in later ones, by split", async () => {
  const cat: Row = ["a cat runs", "a cat", 0];
  const { train, dev, test } = await figuresOf({
    train: [DOG, ["a", "a", 0]],
    dev: [cat, cat],
    test: [DOG, DOG, cat, ["a dog", "runs", 0]],
  });
  assertEquals(
    [train.alsoIn, dev.alsoIn, test.alsoIn],
    [{}, { train: 0 }, { train: 2, dev: 1 }],
  );
});

Deno.test("any number of workers counts the same", async () => {
  const rows = Array.from({ length: 30_000 }, (_, i): Row => [
    `a dog runs ${i % 20_000} `.repeat(1 + i % 4),
    `cat ${i % 7}`,
    i % 3,
  ]);
  const one = await figuresOf({ train: rows });
  const three = await figuresOf({ train: rows }, { workers: 3 });
  assertEquals(three, one);
});

Deno.test("what stands after the last example that is wanted is not counted", async () => {
  const { train } = await figuresOf({ train: [DOG, DOG, ["x", "y", 0]] }, {
    limit: 1,
  });
  assertEquals(
    [train.words, train.repeated, train.labels.entailment],
    [6, 0, 0],
  );
});
