import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  drawTruncation,
  tableOfAccuracies,
  tableOfLosses,
} from "../../bench/pages/truncation_chart.ts";
import { measureCut } from "../../bench/truncation.ts";
import { truncatePair } from "../../lib/text/pair.ts";

const results = JSON.parse(await Deno.readTextFile("bench/truncation.json"));

Deno.test("docs/truncation.md has the figures that were measured", async () => {
  const page = await Deno.readTextFile("docs/truncation.md");
  assertStringIncludes(page, tableOfLosses(results));
  assertStringIncludes(page, tableOfAccuracies(results));
});

Deno.test("docs/truncation.svg draws the figures that were measured", async () => {
  const picture = await Deno.readTextFile("docs/truncation.svg");
  assertEquals(picture, await drawTruncation(results));
});

Deno.test("what is lost is counted in words and in pairs", () => {
  const pairs: [number, number][] = [[8, 4], [2, 1]];
  assertEquals(measureCut(pairs, 10, "longest-first"), {
    pairs: 1 / 2,
    hypotheses: 1 / 2,
    premise: 4 / 10,
    hypothesis: 1 / 5,
  });
});

Deno.test("docs/truncation.md says what each way leaves of an example", async () => {
  const page = await Deno.readTextFile("docs/truncation.md");
  for (const mode of ["longest-first", "longest-first-hf", "ratio"] as const) {
    const cells = [30, 17, 10].map((budget) =>
      truncatePair(12, 20, { budget, mode }).join(" + ")
    );
    const row = page.split("\n").find((line) =>
      line.startsWith(`| \`${mode}\` `)
    );
    assertEquals(
      row?.split("|").slice(2, -1).map((cell) => cell.trim()),
      cells,
      mode,
    );
  }
});
