import { assertEquals } from "@std/assert";
import { encodePair, truncatePair } from "../../../lib/text/pair.ts";
import { createWords } from "../../../lib/text/whitespace.ts";

const tokenizer = createWords(
  '["<unk>", "<pad>", "<mask>", "<cls>", "<sep>", "a", "b", "c"]',
  { lowerCase: true },
);

/** The loop of the book's SNLIBERTDataset, word for word. */
function popLoop(p: number, h: number, budget: number): [number, number] {
  while (p + h > budget) {
    if (p > h) p--;
    else h--;
  }
  return [p, h];
}

Deno.test("longest-first keeps what the book's loop leaves", () => {
  for (let p = 0; p <= 14; p++) {
    for (let h = 0; h <= 14; h++) {
      for (let budget = 0; budget <= 29; budget++) {
        assertEquals(
          truncatePair(p, h, { budget, mode: "longest-first" }),
          popLoop(p, h, budget),
          `${p} + ${h} words in ${budget}`,
        );
      }
    }
  }
});

Deno.test("longest-first shortens the hypothesis when both are as long", () => {
  assertEquals(
    truncatePair(5, 5, { budget: 9, mode: "longest-first" }),
    [5, 4],
  );
});

Deno.test("ratio keeps the sentences' proportion", () => {
  assertEquals(truncatePair(90, 30, { budget: 40, mode: "ratio" }), [30, 10]);
});

Deno.test("ratio leaves a short sentence at least one word", () => {
  const mode = "ratio";
  assertEquals(truncatePair(1, 300, { budget: 20, mode }), [1, 19]);
  assertEquals(truncatePair(300, 1, { budget: 20, mode }), [19, 1]);
});

Deno.test("ratio never keeps more words than there are", () => {
  for (let p = 0; p <= 12; p++) {
    for (let h = 0; h <= 12; h++) {
      for (let budget = 0; budget < p + h; budget++) {
        const [kp, kh] = truncatePair(p, h, { budget, mode: "ratio" });
        const fits = kp >= 0 && kh >= 0 && kp <= p && kh <= h;
        assertEquals([fits, kp + kh], [true, budget], `${p}, ${h}, ${budget}`);
      }
    }
  }
});

Deno.test("a pair that fits is kept whole in either mode", () => {
  for (const mode of ["longest-first", "ratio"] as const) {
    assertEquals(truncatePair(3, 4, { budget: 7, mode }), [3, 4]);
  }
});

Deno.test("pairs are encoded as the book's reference encodes them", async () => {
  const golden = "fixtures/golden/mxnet";
  const words = createWords(await Deno.readTextFile(`${golden}/vocab.json`), {
    lowerCase: true,
  });
  const { pairs } = JSON.parse(
    await Deno.readTextFile(`${golden}/reference.json`),
  );
  for (const { premise, hypothesis, token_ids, segments } of pairs) {
    const encoded = encodePair(words, premise, hypothesis, {
      maxLength: 128,
      truncation: "longest-first",
    });
    assertEquals(encoded, {
      tokenIds: token_ids,
      second: segments.indexOf(1),
    });
  }
});

Deno.test("a pair is cut from the ends, never in its special tokens", () => {
  assertEquals(
    encodePair(tokenizer, "a b c a b c", "c b a", {
      maxLength: 8,
      truncation: "longest-first",
    }),
    { tokenIds: [3, 5, 6, 7, 4, 7, 6, 4], second: 5 },
  );
});

Deno.test("a single sentence has no second segment", () => {
  const options = { maxLength: 4, truncation: "longest-first" } as const;
  assertEquals(encodePair(tokenizer, "a b c", null, options), {
    tokenIds: [3, 5, 6, 4],
    second: 4,
  });
});

Deno.test("an empty hypothesis is a second sentence without words", () => {
  const options = { maxLength: 8, truncation: "longest-first" } as const;
  assertEquals(encodePair(tokenizer, "a", "", options), {
    tokenIds: [3, 5, 4, 4],
    second: 3,
  });
});

Deno.test("the shortest length leaves the special tokens alone", () => {
  for (const truncation of ["longest-first", "ratio"] as const) {
    assertEquals(
      encodePair(tokenizer, "a b", "c", { maxLength: 3, truncation }),
      {
        tokenIds: [3, 4, 4],
        second: 2,
      },
    );
  }
});

Deno.test("longest-first-hf keeps what Hugging Face's fast tokenizers keep", async () => {
  const { rows } = JSON.parse(
    await Deno.readTextFile("fixtures/golden/truncation/longest_first.json"),
  ) as { rows: [number, number | null, number, number, number | null][] };
  const two = createWords('["<unk>", "<cls>", "<sep>", "a", "b"]', {
    lowerCase: false,
  });
  for (const [p, h, maxLength, keptP, keptH] of rows) {
    const hypothesis = h === null ? null : "b ".repeat(h);
    const { tokenIds } = encodePair(two, "a ".repeat(p), hypothesis, {
      maxLength,
      truncation: "longest-first-hf",
    });
    const count = (id: number) => tokenIds.filter((other) => other === id);
    assertEquals(
      [p, h, maxLength, count(3).length, h === null ? null : count(4).length],
      [p, h, maxLength, keptP, keptH],
    );
  }
});

Deno.test("the two longest-first differ by one word, and only where an odd number is shared", () => {
  for (let p = 0; p <= 20; p++) {
    for (let h = 0; h <= 20; h++) {
      for (let budget = 0; budget <= 40; budget++) {
        const [book] = truncatePair(p, h, { budget, mode: "longest-first" });
        const [hf] = truncatePair(p, h, { budget, mode: "longest-first-hf" });
        const shared = budget < 2 * Math.min(p, h);
        const differs = shared && budget % 2 === 1 && p <= h;
        assertEquals([p, h, budget, book - hf], [
          p,
          h,
          budget,
          differs ? 1 : 0,
        ]);
      }
    }
  }
});

Deno.test("case 38: an odd number of words leaves the odd one to the hypothesis, as the longer", () => {
  const pair = [80, 90] as const;
  const budget = 64 - 3;
  assertEquals(truncatePair(...pair, { budget, mode: "longest-first-hf" }), [
    30,
    31,
  ]);
  assertEquals(truncatePair(...pair, { budget, mode: "longest-first" }), [
    31,
    30,
  ]);
});
