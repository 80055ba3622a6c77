import { assertEquals } from "@std/assert";
import { askForName, nearName } from "../../../lib/base/near_name.ts";

const NAMES = ["bert.small", "bert.base", "bert.base.torch", "snli", "lr"];

for (
  const [given, meant] of [
    ["bert_small", "bert.small"],
    ["BERT-Base", "bert.base"],
    ["bert.smal", "bert.small"],
    ["bert.basetorch", "bert.base.torch"],
    ["bert-base-uncased", "bert.base"],
    ["snil", "snli"],
    ["snlx", "snli"],
    ["sxlx", undefined],
    ["snl", "snli"],
    ["snli_1.0", "snli"],
    ["gpt2", undefined],
    ["l", undefined],
    ["", undefined],
    ["constructor", undefined],
  ] as const
) {
  Deno.test(`the name near to "${given}" is ${meant ?? "none"}`, () => {
    assertEquals(nearName(given, NAMES), meant);
  });
}

Deno.test("of several near names the one with the fewest wrong letters is meant", () => {
  assertEquals(
    nearName("dev-fraktion", ["test-fraction", "dev-fraction"]),
    "dev-fraction",
  );
});

Deno.test("a name that others use is told before one that only looks alike", () => {
  const aliases = { learningrate: ["eta", "lr"] };
  assertEquals(
    nearName("learning_rate", [...NAMES, "warming-rate"], { aliases }),
    "lr",
  );
});

Deno.test("a name that is near to none is asked for by no question", () => {
  assertEquals([askForName("gpt2", NAMES), askForName("snl", NAMES)], [
    "",
    "; is snli meant?",
  ]);
});
