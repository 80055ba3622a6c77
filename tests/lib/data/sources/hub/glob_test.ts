import { assert, assertEquals } from "@std/assert";
import { globOf } from "../../../../../lib/data/sources/hub/glob.ts";

/** Patterns, with paths that fit and paths that do not. */
const PATTERNS: [pattern: string, fit: string[], unfit: string[]][] = [
  ["a.csv", ["a.csv"], ["b/a.csv", "a.csv.gz", "aXcsv"]],
  ["./a.csv", ["a.csv"], ["./a.csv"]],
  ["*.csv", ["a.csv", ".csv"], ["b/a.csv", "a.csv/b"]],
  ["data/train-*", ["data/train-0.parquet", "data/train-"], ["data/test-0"]],
  ["**", ["a", "a/b/c"], []],
  ["**/a.csv", ["a.csv", "b/a.csv", "b/c/a.csv"], ["ba.csv", "b/ba.csv"]],
  ["data/**/*.csv", ["data/a.csv", "data/b/c/a.csv"], ["a.csv", "datax/a.csv"]],
  ["a?.csv", ["ab.csv"], ["a.csv", "a/.csv", "abc.csv"]],
  ["[ab][0-9].csv", ["a0.csv", "b9.csv"], ["c0.csv", "a-.csv", "ab.csv"]],
  ["[!a-c].csv", ["d.csv"], ["a.csv", "/.csv"]],
  ["{a,ab}c.csv", ["ac.csv", "abc.csv"], ["bc.csv"]],
  ["*{a,ab}c", ["xac", "xabc", "ac"], ["xbc"]],
  ["(a)+.csv", ["(a)+.csv"], ["aa.csv"]],
  ["[a.csv", ["[a.csv"], ["a.csv"]],
  ["{a.csv", ["{a.csv"], ["a.csv"]],
  ["en/*/*.jsonl", ["en/x/y.jsonl"], ["en/y.jsonl", "en/x/z/y.jsonl"]],
];

for (const [pattern, fit, unfit] of PATTERNS) {
  Deno.test(`the pattern ${pattern} fits what the hub has it fit`, () => {
    const fits = globOf(pattern);
    assertEquals(fit.filter((path) => !fits(path)), []);
    assertEquals(unfit.filter(fits), []);
  });
}

Deno.test("a pattern of a stranger ends soon, however many runs it has", () => {
  const begun = performance.now();
  assert(!globOf("*a".repeat(60) + "b")("a".repeat(250)));
  assert(!globOf("**/".repeat(60) + "b")("a/".repeat(120)));
  assert(performance.now() - begun < 1000);
});
