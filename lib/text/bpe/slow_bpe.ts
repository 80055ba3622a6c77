/**
 * `vocab.json` and `merges.txt`, the files of RoBERTa's own tokenizer, as Hugging
 * Face's tokenizers read them.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { isId, isObject } from "../resolve/json_files.ts";
import { type FastBpe, foreignMerge, type Merge } from "./fast_bpe.ts";

/** The file of the tokens' ids. */
export const VOCAB_JSON = "vocab.json";

/** The file of the pairs that become one token. */
export const MERGES_TXT = "merges.txt";

/**
 * Reads the two files.
 *
 * @param files The text of each file that is there, by name.
 * @param problems Gets what is wrong with them.
 * @return What they say; undefined if there are problems.
 *
 * @example
 * ```ts
 * import { readSlowBpe } from "./slow_bpe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const files = new Map([
 *   ["vocab.json", '{"a": 0, "d": 1, "ad": 2}'],
 *   ["merges.txt", "#version: 0.2\na d\n"],
 * ]);
 * assertEquals(readSlowBpe(files, [])?.merges, [["a", "d"]]);
 * ```
 */
export function readSlowBpe(
  files: ReadonlyMap<string, string>,
  problems: string[],
): Pick<FastBpe, "vocabulary" | "merges"> | undefined {
  const found: string[] = [];
  const [vocab, pairs] = [VOCAB_JSON, MERGES_TXT].map((name) => {
    const text = files.get(name);
    if (text === undefined) found.push(`it has no ${name}`);
    return text;
  });
  const vocabulary = vocab === undefined ? null : parseVocab(vocab, found);
  const merges = pairs === undefined ? null : parseMerges(pairs, found);
  if (vocabulary && merges) {
    const foreign = foreignMerge(vocabulary, merges);
    if (foreign !== undefined) found.push(`${MERGES_TXT} has ${foreign}`);
  }
  problems.push(...found);
  return found.length > 0
    ? undefined
    : { vocabulary: vocabulary!, merges: merges! };
}

function parseVocab(
  text: string,
  problems: string[],
): Map<string, number> | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    problems.push(
      `${VOCAB_JSON} is not valid JSON: ${(error as Error).message}`,
    );
    return null;
  }
  if (!isObject(json)) {
    problems.push(
      `${VOCAB_JSON} is ${showValue(json)}, expected an object of ids`,
    );
    return null;
  }
  // Entries that are no numbers do not count there, either.
  const entries = Object.entries(json).filter(([, id]) =>
    typeof id === "number"
  ) as [string, number][];
  const wrong = entries.find(([, id]) => !isId(id));
  if (wrong) {
    problems.push(
      `${VOCAB_JSON} has the id ${wrong[1]} for ${showValue(wrong[0])}, ` +
        "expected a whole number, at least 0",
    );
  }
  return new Map(entries);
}

function parseMerges(text: string, problems: string[]): Merge[] {
  const lines = text.split("\n");
  // What follows the last line's end is no line.
  if (lines.at(-1) === "") lines.pop();
  const merges: Merge[] = [];
  lines.forEach((line, i) => {
    // The first line is of this kind; others are passed over, too.
    if (line.startsWith("#version")) return;
    const parts = line.replace(/\r$/, "").split(" ");
    if (parts.length === 2) merges.push(parts as [string, string]);
    else if (problems.length < MOST_TOLD) {
      problems.push(
        `line ${i + 1} of ${MERGES_TXT} is ${showValue(line)}, expected two ` +
          "tokens with a blank between them",
      );
    }
  });
  return merges;
}

/** Lines that are told at most. */
const MOST_TOLD = 5;
