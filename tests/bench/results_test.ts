import { assert, assertEquals } from "@std/assert";
import { cases } from "../../bench/cases/mod.ts";
import { repeatRows } from "../../bench/cases/preprocess.ts";
import { readResults, renderPages } from "../../bench/pages/pages.ts";
import { rank, spread } from "../../bench/result.ts";
import { productFlops } from "../../bench/work/flops.ts";
import { bertSmall } from "../../bench/work/shapes.ts";

for (const [path, text] of await renderPages()) {
  Deno.test(`${path} shows the recorded figures`, async () => {
    assertEquals(await Deno.readTextFile(path), text);
  });
}

Deno.test("a case's file has the case's title", async () => {
  const titles = new Map(cases.map(({ name, title }) => [name, title]));
  for (const result of await readResults()) {
    assertEquals(result.title, titles.get(result.case));
  }
});

Deno.test("recorded losses differ from PyTorch's by rounding alone", async () => {
  const recorded = (await readResults()).find(({ kind }) => kind === "losses");
  assert(recorded?.kind === "losses");
  for (const [ours, theirs] of recorded.losses) {
    assert(Math.abs(ours - theirs) <= 1e-6 * theirs);
  }
});

Deno.test("a spread has the median of an even number of figures", () => {
  assertEquals(spread([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4 });
});

Deno.test("a figure ranks by the last target that it reaches", () => {
  const target = { floor: 1, target: 2, stretch: 3 };
  assertEquals(
    [0.5, 1, 2.9, 3].map((ratio) => rank(ratio, target)),
    ["missed", "floor", "target", "stretch"],
  );
});

Deno.test("of memory, less is better", () => {
  const target = { floor: 1, target: 0.7, stretch: 0.5 };
  assertEquals(
    [1.1, 1, 0.6, 0.5].map((ratio) => rank(ratio, target)),
    ["missed", "floor", "target", "stretch"],
  );
});

Deno.test("the arithmetic of a block with one token is its weights', twice", () => {
  const model = {
    ...bertSmall,
    blocks: 2,
    embedding: 4,
    hidden: 4,
    feedForward: 8,
  };
  const block = 4 * 4 * 4 + 2 * 4 * 8;
  const attention = 2 * 4;
  const clsAttention = 2 * model.heads * 4;
  const head = 4 * 4 + 4 * 3;
  assertEquals(
    productFlops(model, [[7]], false),
    2 * (block + attention + block + clsAttention + head),
  );
});

Deno.test("words that occur again are projected once", () => {
  const flops = (examples: number[][]) =>
    productFlops(bertSmall, examples, false);
  // Two words and two positions, in place of six tokens.
  const saved = flops([[1, 2], [3, 4], [5, 6]]) -
    flops([[1, 2], [1, 2], [1, 2]]);
  assertEquals(saved, 2 * 6 * bertSmall.hidden ** 2);
});

Deno.test("the gradient takes twice the arithmetic of the value", () => {
  const examples = [[1, 2, 3], [4, 5]];
  assertEquals(
    productFlops(bertSmall, examples, true),
    3 * productFlops(bertSmall, examples, false),
  );
});

Deno.test("a corpus is repeated to so many labelled pairs", () => {
  const text = "label\ttext\nneutral\ta\n-\tb\nneutral\tc\n";
  assertEquals(
    repeatRows(text, 3),
    "label\ttext\nneutral\ta\nneutral\tc\nneutral\ta\n",
  );
});
