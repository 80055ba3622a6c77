import { assertEquals } from "@std/assert";
import {
  type ClassCounts,
  classWarnings,
} from "../../../../../lib/data/table/warnings/class_warnings.ts";

/** Examples of entailment, contradiction and neutral. */
type Counts = readonly [number, number, number];

/** A split, or the first rows of it. */
function split(name: string, counts: Counts, limited = false): ClassCounts {
  const [entailment, contradiction, neutral] = counts;
  return {
    name,
    rows: entailment + contradiction + neutral,
    limited,
    labels: { entailment, contradiction, neutral },
  };
}

/** The codes and messages about a few splits. */
function warned(...splits: ClassCounts[]): [code: string, message: string][] {
  return classWarnings(splits).map(({ code, message }) => [code, message]);
}

const EVEN = split("train", [60, 70, 70]);

for (
  const [what, splits, expected] of [
    ["classes that are even", [EVEN, split("test", [20, 20, 20])], []],
    [
      "the fewest examples that are enough",
      [split("train", [16, 16, 16])],
      [],
    ],
    [
      "a test split alone, few of each",
      [split("test", [1, 1, 1])],
      [],
    ],
    [
      "a class that a test split misses",
      [EVEN, split("test", [100, 0, 100])],
      [["uneven-classes", "test has no example of contradiction"]],
    ],
    [
      "a class that few test rows miss by chance",
      [EVEN, split("test", [3, 0, 4])],
      [],
    ],
    [
      "a class that is nearly all",
      [split("train", [500, 20, 20])],
      [["uneven-classes", "93 % of the examples of train are entailment"]],
    ],
    [
      "a class that training misses",
      [split("train", [100, 100, 0])],
      [["unlearned-labels", "train has no example of neutral"]],
    ],
    [
      "a class that dev and test alone have",
      [
        split("train", [100, 100, 0]),
        split("dev", [5, 5, 2]),
        split("test", [5, 5, 1]),
      ],
      [[
        "unlearned-labels",
        "train has no example of neutral (dev has 2, test has 1)",
      ]],
    ],
    [
      "a class that the limit leaves out of training",
      [split("train", [20, 0, 20], true)],
      [[
        "unlearned-labels",
        "the first 40 rows of train have no example of contradiction",
      ]],
    ],
    [
      "a class with few examples",
      [split("train", [100, 15, 100])],
      [["few-examples", "train has few examples: 15 of contradiction"]],
    ],
    [
      "classes that the limit leaves few examples of",
      [split("train", [5, 6, 5], true)],
      [[
        "few-examples",
        "the first 16 rows of train have few examples: 5 of entailment, " +
        "6 of contradiction, 5 of neutral",
      ]],
    ],
    [
      "a class that is missing once, and others that are few",
      [split("train", [1, 1, 0])],
      [
        ["unlearned-labels", "train has no example of neutral"],
        [
          "few-examples",
          "train has few examples: 1 of entailment, 1 of contradiction",
        ],
      ],
    ],
  ] as [string, ClassCounts[], [string, string][]][]
) {
  const told = expected.length === 0 ? "no warning" : "a warning";
  Deno.test(`of ${what} there is ${told}`, () => {
    assertEquals(warned(...splits), expected);
  });
}
