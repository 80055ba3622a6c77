/**
 * RoBERTa's tokenizer (Liu et al., 2019): text is split into words with the
 * blanks before them, each word into the bytes of its UTF-8, and pairs of these
 * become longer tokens in the order in which they were learned.
 *
 * The ids are those of Hugging Face's fast tokenizers, whatever Unicode version
 * JavaScript has. Half of a surrogate pair, which JSON can hold and UTF-8 can't,
 * is read as U+FFFD.
 *
 * @module
 */
import { createAddedSplitter } from "../added/split_added.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { type BpeVocabulary, parseBpeVocabulary } from "./bpe_vocabulary.ts";
import { byteCharacters } from "./byte_characters.ts";
import { Merges } from "./merge.ts";
import { wordSplitter } from "./split_words.ts";

/**
 * Makes the tokenizer of a byte-level BPE vocabulary.
 *
 * @param text The `tokenizer.json` of such a tokenizer.
 * @return The tokenizer; it adds no `<s>` or `</s>` to what it encodes.
 * @throws {UserError} `bad-vocabulary` if the file is of another tokenizer, or
 * its vocabulary lacks a token that its pairs make.
 *
 * @example
 * ```ts
 * import { createBpe } from "./bpe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const tokenizer = createBpe(JSON.stringify({
 *   added_tokens: [],
 *   pre_tokenizer: { type: "ByteLevel", add_prefix_space: false },
 *   post_processor: {
 *     type: "RobertaProcessing",
 *     cls: ["<s>", 0],
 *     sep: ["</s>", 1],
 *   },
 *   model: {
 *     type: "BPE",
 *     vocab: { "<s>": 0, "</s>": 1, "a": 2, "d": 3, "Ġ": 4, "ad": 5 },
 *     merges: ["a d"],
 *   },
 * }));
 * assertEquals(tokenizer.encode("a dad"), [2, 4, 3, 5]);
 * ```
 */
export function createBpe(text: string): Tokenizer {
  const tokenizer = parseBpeVocabulary(text);
  const { vocabulary, added, template, addsBlank, splitsWords } = tokenizer;
  const encodeWord = wordEncoder(tokenizer);
  const wordEnd = wordSplitter();
  const splitRaw = createAddedSplitter(added.filter((it) => !it.normalized));
  const splitRest = createAddedSplitter(added.filter((it) => it.normalized));
  // The same words come again and again: each is taken apart once.
  const seen = new Map<string, readonly number[]>();

  function addWord(word: string, result: number[]): void {
    let tokens = seen.get(word);
    if (tokens === undefined) {
      tokens = encodeWord(word);
      if (seen.size === MOST_SEEN) seen.clear();
      if (word.length <= LONGEST_SEEN) seen.set(word, tokens);
    }
    for (const id of tokens) result.push(id);
  }

  function encodeText(text: string, result: number[]): void {
    const spaced = addsBlank && text[0] !== " " ? " " + text : text;
    if (!splitsWords) return addWord(spaced, result);
    for (let start = 0; start < spaced.length;) {
      const end = wordEnd(spaced, start);
      addWord(spaced.slice(start, end), result);
      start = end;
    }
  }

  const cls = template.cls.id;
  const sep = template.sep.id;
  const further = added.map(({ id }) => id);
  return {
    kind: "bpe",
    size: sizeOf([...vocabulary.values(), ...further, cls, sep]),
    cls,
    sep,
    separators: template.separators,
    cut: tokenizer.cut,
    unknown: tokenizer.unknown === null
      ? null
      : vocabulary.get(tokenizer.unknown)!,
    encode(text) {
      const result: number[] = [];
      splitRaw(
        text,
        result,
        (rest, result) => splitRest(rest, result, encodeText),
      );
      return result;
    },
  };
}

/** How many ids there are, up to the highest. */
function sizeOf(ids: readonly number[]): number {
  return ids.reduce((a, b) => Math.max(a, b), -1) + 1;
}

/** Words that are remembered at most, and their length: memory stays bounded. */
const MOST_SEEN = 1 << 16;
const LONGEST_SEEN = 256;

/** Encodes words, each for itself. */
function wordEncoder(
  { vocabulary: ids, merges, unknown, ...rules }: BpeVocabulary,
): (word: string) => number[] {
  const learned = new Merges(sizeOf([...ids.values()]));
  for (const [left, right] of merges) {
    learned.add(ids.get(left)!, ids.get(right)!, ids.get(left + right)!);
  }
  const characters = byteCharacters();
  const byteIds = characters.map((character) => ids.get(character));
  const unknownId = unknown === null ? undefined : ids.get(unknown);
  const utf8 = new TextEncoder();

  /** The word's bytes as tokens. */
  function bytesOf(bytes: Uint8Array): number[] {
    const tokens: number[] = [];
    let afterUnknown = false;
    for (const byte of bytes) {
      const id = byteIds[byte];
      if (id !== undefined) tokens.push(id);
      else if (
        unknownId !== undefined && !(afterUnknown && rules.fusesUnknown)
      ) {
        tokens.push(unknownId);
      }
      afterUnknown = id === undefined;
    }
    return tokens;
  }

  return (word) => {
    const bytes = utf8.encode(word);
    if (rules.keepsWholeWords) {
      const whole = Array.from(bytes, (byte) => characters[byte]).join("");
      const id = ids.get(whole);
      if (id !== undefined) return [id];
    }
    const tokens = bytesOf(bytes);
    learned.merge(tokens);
    return tokens;
  };
}
