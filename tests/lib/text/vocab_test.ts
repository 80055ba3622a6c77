import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import { parseVocabulary } from "../../../lib/text/vocab.ts";

Deno.test("special tokens are found by name, wherever they are", () => {
  const { cls, sep, unknown, size } = parseVocabulary(
    '["x", "<sep>", "<unk>", "y", "<cls>"]',
  );
  assertEquals({ cls, sep, unknown, size }, {
    cls: 4,
    sep: 1,
    unknown: 2,
    size: 5,
  });
});

Deno.test("a token that occurs twice has the last of its ids", () => {
  const { ids, size } = parseVocabulary(
    '["<unk>", "<cls>", "<sep>", "x", "y", "x"]',
  );
  assertEquals([ids.get("x"), size], [5, 6]);
});

for (
  const [what, text, expected] of [
    ["text that is not JSON", "<unk>\n<cls>", "it is not JSON"],
    ["an object", '{"<unk>": 0}', 'it holds {"<unk>": 0}'],
    ["a number among the tokens", '["<unk>", 7]', "token 1 is 7, not a string"],
    ["a vocabulary without <unk>", '["<cls>", "<sep>"]', "it lacks <unk>"],
    ["an empty array", "[]", "it lacks <unk> and <cls> and <sep>"],
  ]
) {
  Deno.test(`${what} is refused as a vocabulary`, () => {
    const error = assertThrows(
      () => parseVocabulary(text),
      UserError,
      expected,
    );
    assertEquals(error.code, "bad-vocabulary");
  });
}
