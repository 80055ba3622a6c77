import { assertEquals } from "@std/assert";
import { hardestExamples } from "../../../../lib/evaluate/metrics/hardest.ts";
import { scores, table } from "../../../support/metrics/four_examples.ts";

Deno.test("the hardest examples are those of the largest loss", () => {
  const { hardest } = hardestExamples(table, scores, { count: 3 });
  assertEquals(hardest.map(({ row }) => row), [2, 4, 8]);
});

Deno.test("the most confidently wrong examples are the wrong ones of the largest probability", () => {
  const { mostConfidentlyWrong } = hardestExamples(table, scores, { count: 9 });
  assertEquals(mostConfidentlyWrong.map(({ row }) => row), [4, 8, 2]);
});

Deno.test("a hard example is told with its texts and labels", () => {
  const { hardest: [, second] } = hardestExamples(table, scores, { count: 2 });
  const { loss: _, probability: __, ...facts } = second;
  assertEquals(facts, {
    row: 4,
    premise: "premise 1",
    hypothesis: "hypothesis 1",
    gold: "x",
    label: "y",
  });
});
