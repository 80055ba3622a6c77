import { assert, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { resolveTokenizer } from "../../../../lib/text/resolve/resolve_tokenizer.ts";

const FAST = JSON.parse(
  await Deno.readTextFile("fixtures/golden/hf/tokenizer.json"),
);
const PIECES = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ndog\n";

/** What is refused, and what the error says of it. */
const REFUSED: [config: unknown, fast: unknown, told: string][] = [
  [
    { tokenizer_class: "BertJapaneseTokenizer" },
    null,
    'tokenizer_class is "BertJapaneseTokenizer", expected one of BertTokenizer',
  ],
  [{ tokenizer_class: "MyTokenizer" }, null, '"MyTokenizer", expected one of'],
  [
    { auto_map: { AutoTokenizer: ["own.Mine", null] } },
    null,
    "auto_map",
  ],
  [
    { tokenizer_class: ["BertTokenizer"] },
    null,
    'tokenizer_class is ["BertTokenizer"], expected one of',
  ],
  [
    { tokenizer_class: "PreTrainedTokenizerFast" },
    {
      post_processor: {
        type: "BertProcessing",
        cls: ["[CLS]", 70000],
        sep: ["[SEP]", 3],
      },
    },
    'post_processor gives "[CLS]" the id 70000',
  ],
  [{ do_lower_case: "true" }, null, 'do_lower_case is "true", expected true'],
  [{ split_special_tokens: true }, null, "split_special_tokens is true"],
  [{ truncation_side: "middle" }, null, 'truncation_side is "middle"'],
  [{ unk_token: "<unk>" }, null, '(unk_token) is "<unk>"'],
  [{ cls_token: "a b" }, null, 'cls_token is "a b"'],
  [{ model_max_length: "9" }, null, 'model_max_length is "9"'],
  [
    {},
    { normalizer: { type: "NFKC" } },
    'normalizer.type is "NFKC", expected "BertNormalizer"',
  ],
  [
    {},
    {
      normalizer: {
        type: "Sequence",
        normalizers: [{ type: "NFD" }, { type: "Lowercase" }],
      },
    },
    'normalizer.type is "Sequence"',
  ],
  [
    {},
    { pre_tokenizer: { type: "Whitespace" } },
    'pre_tokenizer.type is "Whitespace", expected "BertPreTokenizer"',
  ],
  [
    {},
    { post_processor: { type: "ByteLevel" } },
    "post_processor is",
  ],
  [
    {},
    { decoder: { type: "ByteLevel" } },
    'decoder.type is "ByteLevel", expected "WordPiece"',
  ],
  [{}, { model: { ...FAST.model, type: "BPE" } }, 'model.type is "BPE"'],
];

for (const [config, fast, told] of REFUSED) {
  Deno.test(`a tokenizer is refused by name: ${told}`, () => {
    const files = new Map([["tokenizer_config.json", JSON.stringify(config)]]);
    if (fast === null) files.set("vocab.txt", PIECES);
    else {
      files.set("tokenizer.json", JSON.stringify({ ...FAST, ...fast }));
    }
    const { message } = assertThrows(
      () => resolveTokenizer({ directory: "m", files, modelType: "bert" }),
      UserError,
    );
    assert(message.includes(told), message);
    assert(message.includes(".json") || message.includes("token"), message);
  });
}

for (
  const [part, value] of [
    ["normalizer", { type: "Sequence", normalizers: [{ type: "NFD" }, {}] }],
    ["model", { type: "Unigram", vocab: [["a", 0]], unk_id: 0 }],
    ["model", { type: "WordLevel", vocab: { a: 0 }, unk_token: "a" }],
  ] as const
) {
  Deno.test(`of a ${part} of type ${value.type} the type alone is told`, () => {
    const text = JSON.stringify({ ...FAST, [part]: value });
    const files = new Map([["tokenizer.json", text]]);
    const { message } = assertThrows(
      () => resolveTokenizer({ directory: "m", files, modelType: "bert" }),
      UserError,
    );
    assert(message.includes(`: tokenizer.json's ${part}.type is`), message);
  });
}

Deno.test("a tokenizer.json that its settings overrule is told", () => {
  const files = new Map([
    ["tokenizer.json", JSON.stringify(FAST)],
    ["tokenizer_config.json", '{"do_lower_case": false}'],
  ]);
  const { surprises, lowerCase } = resolveTokenizer({
    directory: "m",
    files,
    modelType: "bert",
  });
  assert(!lowerCase);
  assert(surprises.some((it) => it.includes("lowercase is false, not true")));
});
