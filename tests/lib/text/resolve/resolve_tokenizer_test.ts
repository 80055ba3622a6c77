import { assert, assertEquals, assertThrows } from "@std/assert";
import golden from "../../../../fixtures/golden/tokenizers/cases.json" with {
  type: "json",
};
import { UserError } from "../../../../lib/base/errors.ts";
import { tokenizerOf } from "../../../../lib/text/open_tokenizer.ts";
import { encodePair } from "../../../../lib/text/pair.ts";
import { resolveTokenizer } from "../../../../lib/text/resolve/resolve_tokenizer.ts";
import type { ResolvedTokenizer } from "../../../../lib/text/resolve/tokenizer_sources.ts";
import type { Tokenizer } from "../../../../lib/text/tokenizer.ts";

/** What transformers makes of a tokenizer's files. */
interface Case {
  name: string;
  files: Record<string, unknown>;
  error?: string;
  class?: string;
  max_length?: number | null;
  ids?: number[][];
  pairs?: number[][];
  types?: number[][];
}

const cases = golden.cases as unknown as Case[];
const texts = golden.texts as [string, string][];

/** A vocabulary that most cases have is there once. */
function filesOf({ files }: Case): Map<string, string> {
  const result = new Map<string, string>();
  for (const [name, content] of Object.entries(files)) {
    if (name === "config.json") continue;
    const json = structuredClone(content) as {
      model?: { vocab: unknown };
    };
    if (name === "tokenizer.json" && json?.model?.vocab === null) {
      json.model.vocab = golden.usual["model.vocab"];
    }
    const text = name === "vocab.txt"
      ? content ?? golden.usual["vocab.txt"]
      : JSON.stringify(json);
    result.set(name, text as string);
  }
  return result;
}

function resolve(tokenizer: Case) {
  const config = tokenizer.files["config.json"] as Record<string, string>;
  return resolveTokenizer({
    directory: "model",
    files: filesOf(tokenizer),
    modelType: config.model_type,
    modelsClass: config.tokenizer_class,
  });
}

/** What is refused though transformers reads it: it would not do. */
const REFUSED = [
  /post_processor is missing/,
  /unk_token.* which is none of the \d+ entries/,
  /is the same as ".*" in normalized text/,
];

for (const expected of cases) {
  const { name, error } = expected;
  if (error !== undefined) {
    Deno.test(`the tokenizer of ${name} is refused, as transformers refuses it`, () => {
      assertThrows(() => resolve(expected), UserError);
    });
    continue;
  }
  Deno.test(`the tokenizer of ${name} gives transformers' ids`, () => {
    let resolved: ResolvedTokenizer;
    let tokenizer: Tokenizer;
    try {
      resolved = resolve(expected);
      tokenizer = tokenizerOf({ path: "", text: resolved.text }, {
        kind: "wordpiece",
        lowerCase: resolved.lowerCase,
        rules: 3,
      });
    } catch (error) {
      assert(error instanceof UserError);
      const { message } = error;
      assert(REFUSED.some((why) => why.test(message)), message);
      return;
    }
    assertEquals(resolved.class, expected.class);
    assertEquals(resolved.maxLength ?? null, expected.max_length);
    const options = {
      maxLength: golden.max_len,
      truncation: "longest-first-hf",
    } as const;
    const ids = texts.map(([premise]) =>
      encodePair(tokenizer, premise, null, { ...options, maxLength: 999 })
        .tokenIds
    );
    assertEquals(ids, expected.ids);
    const pairs = texts.map(([premise, hypothesis]) =>
      encodePair(tokenizer, premise, hypothesis, options)
    );
    assertEquals(pairs.map(({ tokenIds }) => tokenIds), expected.pairs);
    const types = pairs.map(({ tokenIds, second }) =>
      tokenIds.map((_, i) => resolved.segments && i >= second ? 1 : 0)
    );
    // A model that is given none takes all tokens for those of the first.
    assertEquals(
      types,
      expected.types ?? types.map((row) => row.map(() => 0)),
    );
  });
}

Deno.test("most cases of tokenizers that transformers reads are read", () => {
  const read = cases.filter((expected) => {
    try {
      return resolve(expected);
    } catch {
      return false;
    }
  });
  const theirs = cases.filter(({ error }) => error === undefined);
  assert(read.length >= 0.95 * theirs.length, `${read.length} are read`);
});

Deno.test("what tokenizers resolve into resolves into itself", () => {
  for (const { name, text } of cases.flatMap(resolvedOf)) {
    const again = resolveTokenizer({
      directory: name,
      files: new Map([
        ["tokenizer.json", text],
        [
          "tokenizer_config.json",
          '{"tokenizer_class": "TokenizersBackend", "model_input_names": ' +
          '["token_type_ids"]}',
        ],
      ]),
      modelType: "bert",
    });
    assertEquals(JSON.parse(again.text), JSON.parse(text), name);
  }
});

/** The tokenizers whose ids are those that anybody would give them. */
function resolvedOf(expected: Case): { name: string; text: string }[] {
  try {
    const { text } = resolve(expected);
    const { added_tokens: added, model } = JSON.parse(text);
    const size = Object.keys(model.vocab).length;
    const beyond = added.filter(({ id }: { id: number }) => id >= size);
    const usual = beyond.every(({ id }: { id: number }, i: number) =>
      id === size + i
    );
    return usual ? [{ name: expected.name, text }] : [];
  } catch {
    return [];
  }
}
