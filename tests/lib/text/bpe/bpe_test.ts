import { assertEquals, assertThrows } from "@std/assert";
import golden from "../../../../fixtures/golden/bpe/ids.json" with {
  type: "json",
};
import texts from "../../../../fixtures/golden/bpe/texts.json" with {
  type: "json",
};
import { UserError } from "../../../../lib/base/errors.ts";
import { sha256 } from "../../../../lib/base/files/summed_files.ts";
import { createBpe } from "../../../../lib/text/bpe/bpe.ts";

const folder = "fixtures/golden/bpe/tokenizers";

/** Hex digits that the golden ids have for each text. */
const DIGITS = 8;

for (const [name, digests] of Object.entries(golden)) {
  Deno.test(`the reference's tokenizer "${name}" gives the same ids here`, async () => {
    const tokenizer = createBpe(
      await Deno.readTextFile(`${folder}/${name}.json`),
    );
    const differing = texts.filter((text, i) => {
      const ids = JSON.stringify(tokenizer.encode(text));
      const digest = sha256([new TextEncoder().encode(ids)]);
      return digest.slice(0, DIGITS) !==
        digests.slice(i * DIGITS, (i + 1) * DIGITS);
    });
    assertEquals(differing, []);
  });
}

/** What is taken apart to be changed. */
// deno-lint-ignore no-explicit-any
type Json = any;

const plain = await Deno.readTextFile(`${folder}/plain.json`);

function changed(change: (json: Json) => void): string {
  const json = JSON.parse(plain);
  change(json);
  return JSON.stringify(json);
}

Deno.test("a tokenizer tells its template's tokens and separators", () => {
  const { kind, cls, sep, separators, size } = createBpe(plain);
  assertEquals({ kind, cls, sep, separators, size }, {
    kind: "bpe",
    cls: 0,
    sep: 2,
    separators: 2,
    size: 480,
  });
});

Deno.test("a template of one separator has one", async () => {
  const one = await Deno.readTextFile(`${folder}/one_separator.json`);
  assertEquals(createBpe(one).separators, 1);
});

Deno.test("an added token may have the highest id", () => {
  const text = changed(({ added_tokens }) =>
    added_tokens.push({ ...added_tokens[0], id: 600, content: "[E1]" })
  );
  assertEquals(createBpe(text).size, 601);
});

Deno.test("no word is unknown where every byte is a token", () => {
  assertEquals(createBpe(plain).unknown, null);
});

Deno.test("what stands for unknown bytes has its id", async () => {
  const unknown = await Deno.readTextFile(`${folder}/unknown.json`);
  assertEquals(createBpe(unknown).unknown, 3);
});

Deno.test("a dropout of 0 leaves every pair", () => {
  const text = changed(({ model }) => model.dropout = 0);
  assertEquals(
    createBpe(text).encode("a man"),
    createBpe(plain).encode("a man"),
  );
});

Deno.test("a text without blanks of a million bytes is encoded in seconds", () => {
  const ids = createBpe(plain).encode("東a".repeat(250_000));
  assertEquals(ids.length > 250_000, true);
});

for (
  const [what, change, problem] of [
    [
      "of another model",
      ({ model }) => model.type = "Unigram",
      'model.type is "Unigram", expected "BPE"',
    ],
    [
      "whose pairs are left out at random",
      ({ model }) => model.dropout = 0.1,
      "model.dropout is 0.1, expected none",
    ],
    [
      "that falls back to tokens of bytes",
      ({ model }) => model.byte_fallback = true,
      "model.byte_fallback is true, expected false",
    ],
    [
      "that marks the ends of words",
      ({ model }) => model.end_of_word_suffix = "</w>",
      'model.end_of_word_suffix is "</w>", expected none',
    ],
    [
      "that marks the parts of words",
      ({ model }) => model.continuing_subword_prefix = "##",
      'model.continuing_subword_prefix is "##", expected none',
    ],
    [
      "that normalizes text",
      (json) => json.normalizer = { type: "NFC" },
      'normalizer is {"type":"NFC"}, expected none',
    ],
    [
      "that splits in another way",
      ({ pre_tokenizer }) => pre_tokenizer.type = "Metaspace",
      'pre_tokenizer.type is "Metaspace", expected "ByteLevel"',
    ],
    [
      "with another template",
      ({ post_processor }) => post_processor.pair.pop(),
      "expected a TemplateProcessing of [CLS] A [SEP]",
    ],
    [
      "with a merge of three",
      ({ model }) => model.merges[7] = "a b c",
      "expected a list of pairs",
    ],
    [
      "whose pair makes no token",
      ({ model }) => model.merges.push(["Ġ", "Ġ"]),
      'model.merges has the pair ["Ġ","Ġ"], and the vocabulary does not have "ĠĠ"',
    ],
    [
      "whose unknown token is none",
      ({ model }) => model.unk_token = "<none>",
      'model.unk_token is "<none>", which model.vocab does not have',
    ],
    [
      "without a vocabulary",
      ({ model }) => delete model.vocab,
      "model.vocab is missing, expected an object of ids",
    ],
  ] as [string, (json: Json) => void, string][]
) {
  Deno.test(`a byte-level tokenizer ${what} is refused by name`, () => {
    assertThrows(() => createBpe(changed(change)), UserError, problem);
  });
}

Deno.test("all that is wrong with a byte-level tokenizer is told at once", () => {
  const text = changed(({ model }) => {
    model.type = "WordPiece";
    model.dropout = 0.5;
  });
  assertThrows(() => createBpe(text), UserError, "2 problems");
});
