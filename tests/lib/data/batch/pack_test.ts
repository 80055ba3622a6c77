import { assertEquals } from "@std/assert";
import { packTokens } from "../../../../lib/data/batch/pack.ts";

const EXAMPLES = [
  { tokenIds: [0, 7, 2, 2, 8, 9, 2], second: 3 },
  { tokenIds: [0, 5, 2], second: 3 },
];

Deno.test("a packed batch counts each example from its first position", () => {
  const { positions } = packTokens(EXAMPLES, {
    firstPosition: 2,
    secondSegment: 0,
  });
  assertEquals([...positions], [2, 3, 4, 5, 6, 7, 8, 2, 3, 4]);
});

Deno.test("padding inside an example has its own position, and is not counted", () => {
  const tokenIds = [0, 1, 7, 1, 2];
  const { positions } = packTokens([{ tokenIds, second: 5 }], {
    firstPosition: 2,
    secondSegment: 0,
  });
  assertEquals([...positions], [2, 1, 3, 1, 4]);
});

Deno.test("no token is padding of a model that counts from 0", () => {
  const tokenIds = [2, 0, 7, 0, 3];
  const { positions } = packTokens([{ tokenIds, second: 5 }]);
  assertEquals([...positions], [0, 1, 2, 3, 4]);
});

for (const secondSegment of [0, 1] as const) {
  Deno.test(`a model whose second sentence is of segment ${secondSegment} gets that`, () => {
    const lookUps = { firstPosition: 0, secondSegment };
    const { segments } = packTokens(EXAMPLES, lookUps);
    const s = secondSegment;
    assertEquals([...segments], [0, 0, 0, s, s, s, s, 0, 0, 0]);
  });
}
