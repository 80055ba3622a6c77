import { assert, assertEquals, assertThrows } from "@std/assert";
import golden from "../../../../fixtures/golden/bpe/directories.json" with {
  type: "json",
};
import { UserError } from "../../../../lib/base/errors.ts";
import { createBpe } from "../../../../lib/text/bpe/bpe.ts";
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
}

const cases = golden.cases as unknown as Case[];
const texts = golden.texts as [string, string][];
const usual = golden.usual as Record<string, unknown>;

/** What most cases have is there once. */
function filesOf({ files }: Case): Map<string, string> {
  const { "config.json": _, ...others } = files;
  return new Map(
    Object.entries(others).map(([name, content]) => {
      const whole = structuredClone(content ?? usual[name]);
      const model = Object(whole).model;
      for (const part of ["vocab", "merges"]) {
        if (model?.[part] === null) model[part] = usual[`model.${part}`];
      }
      return [name, typeof whole === "string" ? whole : JSON.stringify(whole)];
    }),
  );
}

function resolve(tokenizer: Case): ResolvedTokenizer {
  const config = tokenizer.files["config.json"] as Record<string, string>;
  return resolveTokenizer({
    directory: "model",
    files: filesOf(tokenizer),
    modelType: config.model_type,
  });
}

/** What is refused though transformers reads it: it would not do. */
const REFUSED = [/post_processor is missing/];

for (const expected of cases) {
  const { name, error } = expected;
  if (error !== undefined) {
    Deno.test(`RoBERTa's tokenizer of ${name} is refused, as transformers refuses it`, () => {
      assertThrows(() => resolve(expected), UserError);
    });
    continue;
  }
  Deno.test(`RoBERTa's tokenizer of ${name} gives transformers' ids`, () => {
    let resolved: ResolvedTokenizer;
    let tokenizer: Tokenizer;
    try {
      resolved = resolve(expected);
      tokenizer = createBpe(resolved.text);
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
      encodePair(tokenizer, premise, hypothesis, options).tokenIds
    );
    assertEquals(pairs, expected.pairs);
  });
}
