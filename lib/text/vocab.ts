/**
 * `vocab.json`, the vocabulary of the book's BERT: a JSON array of strings in
 * which a token's index is its id (the book's `Vocab.idx_to_token`).
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { showValue } from "../base/show_value.ts";

/** The tokens of a model and where the special ones are. */
export interface Vocabulary {
  /** Id of each token; of a token that occurs twice, the last, as the book. */
  readonly ids: ReadonlyMap<string, number>;
  /** How many ids there are, duplicates included. */
  readonly size: number;
  /** Id of `<cls>`. */
  readonly cls: number;
  /** Id of `<sep>`. */
  readonly sep: number;
  /** Id of `<unk>`. */
  readonly unknown: number;
}

/**
 * Reads the text of a `vocab.json`.
 *
 * @param text The file's content.
 * @return The vocabulary; ids are in `0 .. size - 1`.
 * @throws {UserError} `bad-vocabulary` if the text is not a JSON array of
 * strings, or lacks `<unk>`, `<cls>` or `<sep>`.
 *
 * @example
 * ```ts
 * import { parseVocabulary } from "./vocab.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { ids, sep } = parseVocabulary('["<unk>", "<cls>", "<sep>", "horse"]');
 * assertEquals([sep, ids.get("horse")], [2, 3]);
 * ```
 */
export function parseVocabulary(text: string): Vocabulary {
  const tokens = parseTokens(text);
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const missing = ["<unk>", "<cls>", "<sep>"].filter((name) => !ids.has(name));
  if (missing.length > 0) {
    throw badVocabulary(
      `it lacks ${missing.join(" and ")} among its ${tokens.length} tokens`,
    );
  }
  return {
    ids,
    size: tokens.length,
    cls: ids.get("<cls>")!,
    sep: ids.get("<sep>")!,
    unknown: ids.get("<unk>")!,
  };
}

function parseTokens(text: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badVocabulary(`it is not JSON (${(cause as Error).message})`, cause);
  }
  if (!Array.isArray(value)) {
    throw badVocabulary(`it holds ${text.trim().slice(0, 20)}... instead`);
  }
  const wrong = value.findIndex((token) => typeof token !== "string");
  if (wrong >= 0) {
    throw badVocabulary(
      `token ${wrong} is ${showValue(value[wrong])}, not a string`,
    );
  }
  return value;
}

function badVocabulary(what: string, cause?: unknown): UserError {
  return new UserError(
    `Cannot read the vocabulary: ${what}, expected a JSON array of strings ` +
      "with <unk>, <cls> and <sep>",
    {
      code: "bad-vocabulary",
      hint: "is this the vocab.json of a model?",
      cause,
    },
  );
}
