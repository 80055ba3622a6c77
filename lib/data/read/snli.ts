/**
 * What is special about the text files of SNLI 1.0 and MultiNLI: the book
 * takes their sentences out of the binary parses, where they are tokenised.
 *
 * @see https://nlp.stanford.edu/projects/snli/
 * @module
 */
import { isPythonSpace } from "../../text/whitespace.ts";

/** The columns that come first in both data sets. */
export const SNLI_COLUMNS = [
  "gold_label",
  "sentence1_binary_parse",
  "sentence2_binary_parse",
];

/** The columns that the book reads. */
export const SNLI_FIELDS = {
  premise: SNLI_COLUMNS[1],
  hypothesis: SNLI_COLUMNS[2],
  label: SNLI_COLUMNS[0],
};

/**
 * Up to `sentence2` the columns of both data sets are the same; a row may end
 * there.
 */
export const SNLI_LEAST_COLUMNS = 7;

/** Whether a field of this name holds binary parses. */
export function holdsParses(field: string): boolean {
  return field.endsWith("_binary_parse");
}

/**
 * A sentence out of its parse, as the book's `extract_text` takes it: without
 * brackets, with one space where two or more white-space characters were.
 * Brackets of the sentence itself are written -LRB- and -RRB-, and stay.
 *
 * @param parse A binary parse, as `( A ( person . ) )`.
 *
 * @example
 * ```ts
 * import { textOfParse } from "./snli.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   textOfParse("( ( A person ) ( ( is ( on ( a horse ) ) ) . ) )"),
 *   "A person is on a horse .",
 * );
 * ```
 */
export function textOfParse(parse: string): string {
  // It goes unit by unit, since regular expressions took half of the time of
  // all encoding.
  let text = "";
  let spaces = 0;
  let space = "";
  let start = 0;
  for (let i = 0; i < parse.length; i++) {
    const code = parse.charCodeAt(i);
    const bracket = code === 0x28 || code === 0x29;
    if (bracket || isPythonSpace(code)) {
      if (start < i) text += parse.slice(start, i);
      start = i + 1;
      if (bracket) continue;
      spaces++;
      space = parse[i];
    } else if (spaces > 0) {
      if (text !== "") text += spaces === 1 ? space : " ";
      spaces = 0;
    }
  }
  return text + parse.slice(start);
}
