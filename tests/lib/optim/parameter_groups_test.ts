import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import {
  countBlocks,
  depthBelowTop,
  frozenParameters,
} from "../../../lib/optim/parameter_groups.ts";

const NAMES = [
  "embeddings.token.weight",
  "embeddings.norm.bias",
  ...Array.from({ length: 12 }, (_, i) => `layers.${i}.ffn.up.weight`),
  "pooler.bias",
  "classifier.weight",
];

Deno.test("blocks are counted by their parameters", () => {
  assertEquals(countBlocks(NAMES), 12);
});

Deno.test("each layer further down is one deeper below the top", () => {
  assertEquals(
    NAMES.map((name) => depthBelowTop(name, 12)),
    [13, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0],
  );
});

for (
  const [sections, expected] of [
    [[], []],
    [["embeddings"], NAMES.slice(0, 2)],
    [["blocks.1"], ["layers.1.ffn.up.weight"]],
    [["blocks.9-11", "blocks.10", "pooler"], [...NAMES.slice(11, 15)]],
    [["blocks"], NAMES.slice(2, 14)],
    [["embeddings", "blocks", "pooler"], NAMES.slice(0, 15)],
  ] as const
) {
  Deno.test(`freezing ${sections.join(",") || "nothing"} keeps these parameters`, () => {
    assertEquals([...frozenParameters(NAMES, sections)], [...expected]);
  });
}

for (
  const section of ["layers.1", "blocks.12", "blocks.3-1", "blocks.-1", "pool"]
) {
  Deno.test(`there is no section ${section} to freeze, and what there is is told`, () => {
    assertThrows(
      () => frozenParameters(NAMES, [section]),
      UserError,
      `there is no section "${section}"; there are embeddings, blocks.0 to ` +
        `blocks.11, pooler and classifier`,
    );
  });
}

Deno.test("a model is not frozen as a whole", () => {
  assertThrows(
    () =>
      frozenParameters(NAMES, ["embeddings", "blocks", "pooler", "classifier"]),
    UserError,
    "nothing is left to train",
  );
});
