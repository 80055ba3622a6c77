import { assertEquals } from "@std/assert";
import type {
  SplitRecord,
  TableManifest,
} from "../../../../../lib/data/table/table_manifest.ts";
import { lossWarnings } from "../../../../../lib/data/table/warnings/loss_warnings.ts";
import type { SplitFigures } from "../../../../../lib/events/events.ts";
import type { TextRecipe } from "../../../../../lib/text/recipe.ts";

/** Of a split of 200 rows in which nothing is odd. */
const FIGURES: SplitFigures = {
  labels: { entailment: 60, contradiction: 70, neutral: 70 },
  words: 4000,
  unknown: 160,
  cut: 0,
  lengths: { median: 25, p99: 51, longest: 113 },
  empty: 0,
  repeated: 0,
  conflicting: 0,
  alsoIn: {},
};

/** What is warned of a table of one or two splits. */
function warned(
  splits: Record<
    string,
    Partial<SplitFigures & Pick<SplitRecord, "rows" | "dropped" | "skipped">>
  >,
  recipe: Partial<TextRecipe> = {},
): [code: string, message: string][] {
  const record = {
    rows: 200,
    dropped: 0,
    skipped: 0,
    tokens: 4600,
    digest: "",
  };
  const manifest: TableManifest = {
    format: "premise-table-2",
    fingerprint: "",
    text: {
      rules: 1,
      tokenizer: { kind: "words", lowerCase: true },
      maxLength: 128,
      truncation: "longest-first",
      sentences: "pair",
      ...recipe,
    },
    vocabulary: { digest: "", size: 6000 },
    labels: ["entailment", "contradiction", "neutral"],
    splits: Object.fromEntries(
      Object.entries(splits).map(([name, odds]) => {
        const { rows = 200, dropped = 0, skipped = 0, ...odd } = odds;
        const figures = { ...FIGURES, ...odd };
        return [name, { ...record, rows, dropped, skipped, figures }];
      }),
    ),
  };
  return lossWarnings(manifest, { directory: "t", model: "bert.tiny" })
    .map(({ code, message }) => [code, message]);
}

Deno.test("a data set as SNLI is warned of nothing", () => {
  const odd = { repeated: 1, conflicting: 1, alsoIn: { train: 1 } };
  assertEquals(warned({ train: { dropped: 4 }, test: odd }), []);
});

for (
  const [what, splits, expected] of [
    ["text of another language", { train: { unknown: 3400 } }, [
      "unknown-words",
      "85 % of the words of train are unknown to the vocabulary of bert.tiny, " +
      "which has 6000 entries",
    ]],
    ["two splits of another language", {
      train: { unknown: 3400 },
      test: { unknown: 440 },
    }, [
      "unknown-words",
      "85 % of the words of train, 11 % of the words of test are unknown to " +
      "the vocabulary of bert.tiny, which has 6000 entries",
    ]],
    ["rows that were skipped", { train: { skipped: 113 }, test: {} }, [
      "skipped-rows",
      "113 of the 313 rows of train cannot be read and were skipped",
    ]],
    ["rows without a gold label", { train: { dropped: 100 } }, [
      "unlabelled-rows",
      "100 of the 300 rows of train have no gold label and were left out",
    ]],
    ["examples that were cut", { train: { cut: 188 } }, [
      "cut-examples",
      "94 % of the examples of train were cut at 128 tokens",
    ]],
    ["empty sentences", { train: { empty: 5 } }, [
      "empty-sentences",
      "2.5 % of the examples of train have a sentence without any word",
    ]],
    ["a test split that was trained on", {
      train: {},
      test: { alsoIn: { train: 20 } },
    }, [
      "shared-examples",
      "10 % of the examples of test are also in train",
    ]],
    ["repeated examples", { train: { repeated: 40 } }, [
      "repeated-examples",
      "20 % of the examples of train repeat the sentences of an earlier one",
    ]],
    [
      "the same sentences with different labels",
      { train: { conflicting: 3 } },
      [
        "conflicting-labels",
        "1.5 % of the examples of train have other labels than the same " +
        "sentences before",
      ],
    ],
  ] as [string, Parameters<typeof warned>[0], [string, string]][]
) {
  Deno.test(`a table is warned of ${what}`, () => {
    assertEquals(warned(splits), [expected]);
  });
}

Deno.test("hypotheses alone may recur without a warning", () => {
  const odd = { repeated: 90, conflicting: 50, alsoIn: { train: 90 } };
  assertEquals(warned({ test: odd }, { sentences: "hypothesis-only" }), []);
});

Deno.test("word pieces that are unknown are not called words", () => {
  const tokenizer = { kind: "wordpiece", lowerCase: true } as const;
  const [[, message]] = warned({ train: { unknown: 2000 } }, { tokenizer });
  assertEquals(
    message,
    "50 % of the tokens of train are unknown to the vocabulary of bert.tiny, " +
      "which has 6000 entries",
  );
});
