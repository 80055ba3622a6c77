/**
 * The two files that hold a WordPiece vocabulary: `vocab.txt`, one token a
 * line, and the `tokenizer.json` of a fast BERT tokenizer.
 *
 * @module
 */
import { z } from "zod";
import { listProblems, UserError } from "../errors.ts";

/** A token that is found in the text as it stands, before words are split. */
export interface AddedToken {
  /** The token's text, as `[MASK]`. */
  content: string;
  /** Its id. */
  id: number;
  /** Whether it is looked for in the normalized text instead of the raw one. */
  normalized: boolean;
}

/** Everything that tells one WordPiece tokenizer from another. */
export interface WordPieceVocabulary {
  /** From piece to id; pieces that continue a word start with `prefix`. */
  ids: ReadonlyMap<string, number>;
  /** Tokens found in the text as they stand. */
  added: readonly AddedToken[];
  /** What stands for a word that no pieces make up, as `[UNK]`. */
  unknown: string;
  /** Marks a piece that continues a word, as `##`. */
  prefix: string;
  /** Words of more characters than this are unknown. */
  longestWord: number;
  /** Whether control characters go and every white space becomes a blank. */
  cleanText: boolean;
  /** Whether each Chinese character is a word. */
  splitChinese: boolean;
  /** Whether accents are taken off. */
  stripAccents: boolean;
  /** Whether text is lower-cased. */
  lowerCase: boolean;
}

const SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

const TOKENIZER_JSON = z.object({
  added_tokens: z.array(z.object({
    id: z.int().nonnegative(),
    content: z.string().nonempty(),
    normalized: z.boolean(),
    single_word: z.literal(false),
  })),
  normalizer: z.object({
    type: z.literal("BertNormalizer"),
    clean_text: z.boolean(),
    handle_chinese_chars: z.boolean(),
    strip_accents: z.boolean().nullable(),
    lowercase: z.boolean(),
  }),
  pre_tokenizer: z.object({ type: z.literal("BertPreTokenizer") }),
  model: z.object({
    type: z.literal("WordPiece"),
    unk_token: z.string(),
    continuing_subword_prefix: z.string(),
    max_input_chars_per_word: z.int().positive(),
    vocab: z.record(z.string(), z.int().nonnegative()),
  }),
});

/**
 * Reads a `vocab.txt` (a token's id is its line, from 0; the last of two equal
 * lines counts, as in BERT's own reader) or a `tokenizer.json`.
 *
 * @param text The file's text; JSON is told by its opening brace.
 * @param options What a `vocab.txt` cannot tell: whether it is lower-cased. A
 * `tokenizer.json` says so itself.
 * @return The vocabulary.
 * @throws {UserError} If the JSON is malformed or of another tokenizer.
 */
export function parseWordPieceVocabulary(
  text: string,
  options: { lowerCase: boolean },
): WordPieceVocabulary {
  return /^\s*\{\s*"/.test(text)
    ? parseTokenizerJson(text)
    : parseVocabTxt(text, options.lowerCase);
}

function parseVocabTxt(text: string, lowerCase: boolean): WordPieceVocabulary {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const ids = new Map(lines.map((token, id) => [token, id]));
  return {
    ids,
    added: SPECIAL_TOKENS.filter((token) => ids.has(token)).map((content) => ({
      content,
      id: ids.get(content)!,
      normalized: false,
    })),
    unknown: "[UNK]",
    prefix: "##",
    longestWord: 100,
    cleanText: true,
    splitChinese: true,
    stripAccents: lowerCase,
    lowerCase,
  };
}

function parseTokenizerJson(text: string): WordPieceVocabulary {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new UserError(
      `Cannot read the tokenizer: it is not valid JSON: ${
        (cause as Error).message
      }`,
      { code: "bad-vocabulary", cause, hint: "download the file again" },
    );
  }
  const parsed = TOKENIZER_JSON.safeParse(json);
  if (!parsed.success) {
    throw listProblems(
      "Cannot use the tokenizer",
      parsed.error.issues.map((issue) =>
        `${issue.path.join(".")}: ${issue.message}`
      ),
      {
        code: "bad-vocabulary",
        hint: "a BertTokenizer's tokenizer.json or vocab.txt is expected",
      },
    );
  }
  const { added_tokens, normalizer, model } = parsed.data;
  return {
    ids: new Map(Object.entries(model.vocab)),
    added: added_tokens,
    unknown: model.unk_token,
    prefix: model.continuing_subword_prefix,
    longestWord: model.max_input_chars_per_word,
    cleanText: normalizer.clean_text,
    splitChinese: normalizer.handle_chinese_chars,
    stripAccents: normalizer.strip_accents ?? normalizer.lowercase,
    lowerCase: normalizer.lowercase,
  };
}
