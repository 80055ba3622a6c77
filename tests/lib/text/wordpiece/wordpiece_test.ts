import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { createWordPiece } from "../../../../lib/text/wordpiece/wordpiece.ts";

interface GoldenCase {
  premise: string;
  hypothesis: string;
  max_len: number;
  input_ids: number[];
  token_type_ids: number[];
}

const golden = new URL("../../../../fixtures/golden/hf/", import.meta.url);
const cases: GoldenCase[] = JSON.parse(
  await Deno.readTextFile(new URL("wordpiece.json", golden)),
);
const vocabTxt = await Deno.readTextFile(new URL("vocab.txt", golden));
const tokenizerJson = await Deno.readTextFile(
  new URL("tokenizer.json", golden),
);

/** The library's truncation, as transformers' `longest_first` has it. */
function pair(
  tokenizer: ReturnType<typeof createWordPiece>,
  { premise, hypothesis, max_len }: GoldenCase,
) {
  const p = tokenizer.encode(premise);
  const h = tokenizer.encode(hypothesis);
  while (p.length + h.length > max_len - 3) {
    (p.length > h.length ? p : h).pop();
  }
  return {
    input_ids: [tokenizer.cls, ...p, tokenizer.sep, ...h, tokenizer.sep],
    token_type_ids: [
      ...Array(p.length + 2).fill(0),
      ...Array(h.length + 1).fill(1),
    ],
  };
}

for (
  const [name, text] of [["vocab.txt", vocabTxt], [
    "tokenizer.json",
    tokenizerJson,
  ]]
) {
  const tokenizer = createWordPiece(text, { lowerCase: true });
  cases.forEach((golden, i) => {
    Deno.test(`${name} gives transformers' ids for golden case ${i + 1}`, () => {
      const { input_ids, token_type_ids } = golden;
      assertEquals(pair(tokenizer, golden), { input_ids, token_type_ids });
    });
  });
}

const small = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "Caf",
  "caf",
  "##é",
  "##e",
  "σ",
  "##σ",
].join("\n");

Deno.test("a cased vocabulary keeps case and accents", () => {
  const tokenizer = createWordPiece(small, { lowerCase: false });
  assertEquals(tokenizer.encode("Café café"), [4, 6, 5, 6]);
});

Deno.test("an uncased vocabulary drops case and accents", () => {
  const tokenizer = createWordPiece(small, { lowerCase: true });
  assertEquals(tokenizer.encode("Café CAFE"), [5, 7, 5, 7]);
});

Deno.test("a sigma at a word's end is lower-cased as any other", () => {
  const tokenizer = createWordPiece(small, { lowerCase: true });
  assertEquals(tokenizer.encode("ΣΣ"), [8, 9]);
});

Deno.test("a vocab.txt with Windows line ends gives the same ids", () => {
  const tokenizer = createWordPiece(vocabTxt.replaceAll("\n", "\r\n"), {
    lowerCase: true,
  });
  assertEquals(
    pair(tokenizer, cases[0]).input_ids,
    cases[0].input_ids,
  );
});

Deno.test("the size is the number of rows that the ids need", () => {
  const lines = vocabTxt.trimEnd().split("\n").length;
  assertEquals(createWordPiece(vocabTxt, { lowerCase: true }).size, lines);
});

Deno.test("the case of a tokenizer.json is its own", () => {
  const asked = createWordPiece(tokenizerJson, { lowerCase: false });
  assertEquals(pair(asked, cases[1]).input_ids, cases[1].input_ids);
});

Deno.test("an added token is found in the normalized text when it says so", () => {
  const json = JSON.parse(tokenizerJson);
  const added = { single_word: false, lstrip: false, rstrip: false };
  json.added_tokens.push(
    { ...added, id: 2351, content: "A Man", normalized: true, special: false },
  );
  const tokenizer = createWordPiece(JSON.stringify(json), { lowerCase: true });
  assertEquals(tokenizer.encode("Some a mAn"), [2070, 2351]);
  assertEquals(tokenizer.size, 2352);
});

Deno.test("a vocabulary without [SEP] is refused by the second rules, by name", () => {
  assertThrows(
    () => createWordPiece("[UNK]\n[CLS]\nword", { lowerCase: true, rules: 2 }),
    UserError,
    'none of its 3 tokens is "[SEP]"',
  );
});

Deno.test("a tokenizer.json of another model is refused by its type", () => {
  const json = JSON.parse(tokenizerJson);
  json.model.type = "BPE";
  assertThrows(
    () => createWordPiece(JSON.stringify(json), { lowerCase: true }),
    UserError,
    "model.type",
  );
});

Deno.test("a vocabulary without [SEP] gets one behind its pieces", () => {
  const tokenizer = createWordPiece("[UNK]\n[CLS]\nword", { lowerCase: true });
  // The padding and the mask are new, too.
  assertEquals([tokenizer.cls, tokenizer.sep, tokenizer.size], [1, 3, 6]);
});

Deno.test("a tokenizer.json tells all of its fields that are wrong", () => {
  const json = JSON.parse(tokenizerJson);
  json.normalizer.lowercase = "yes";
  json.model.vocab.zebra = -1;
  json.added_tokens[0].single_word = "no";
  delete json.model.unk_token;
  const error = assertThrows(
    () => createWordPiece(JSON.stringify(json), { lowerCase: true }),
    UserError,
    "4 problems",
  );
  const named = error.message.match(/json's \S+ is/g)?.join(" ");
  assertEquals(
    named,
    "json's model.unk_token is json's model.vocab is " +
      "json's normalizer.lowercase is json's added_tokens[0] is",
  );
});

for (
  const [what, tokens] of [
    ["longer", [tokenOf("x".repeat(257))]],
    ["more", Array.from({ length: 10_001 }, (_, i) => tokenOf(`[${i}]`))],
  ] as const
) {
  Deno.test(`${what} added tokens than one expression holds are refused by the second rules`, () => {
    const json = JSON.parse(tokenizerJson);
    json.added_tokens = tokens;
    assertThrows(
      () =>
        createWordPiece(JSON.stringify(json), { lowerCase: true, rules: 2 }),
      UserError,
      "up to 10000 tokens",
    );
  });
}

function tokenOf(content: string) {
  return { id: 5, content, single_word: false, normalized: false };
}

Deno.test("a cut-off tokenizer.json is refused as bad JSON", () => {
  assertThrows(
    () =>
      createWordPiece(tokenizerJson.slice(0, 1000), {
        lowerCase: true,
      }),
    UserError,
    "not valid JSON",
  );
});
