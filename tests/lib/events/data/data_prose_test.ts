import { assertEquals } from "@std/assert";
import { describeData } from "../../../../lib/events/data/data_prose.ts";

Deno.test("a terminal shows of each split which rows are left out, and what lists them", () => {
  const told = describeData({
    event: "data",
    data: "tables",
    maxLength: 128,
    splits: [
      {
        split: "train",
        rows: 187,
        use: "train",
        dropped: 100,
        skipped: 113,
        skippedList: "tables/train.skipped.jsonl",
        figures: null,
      },
      {
        split: "dev",
        rows: 20,
        use: "choose",
        dropped: 0,
        skipped: 0,
        figures: null,
      },
    ],
  });
  assertEquals(told.split("\n"), [
    "data tables",
    "  train: 187 rows, trained on, 100 left out without a gold label, " +
    "113 skipped (tables/train.skipped.jsonl)",
    "  dev: 20 rows, chooses the epoch",
  ]);
});
