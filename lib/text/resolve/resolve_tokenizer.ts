/**
 * All files of a Hugging Face model's tokenizer become one: the `tokenizer.json`
 * that transformers' `AutoTokenizer` (5.24) would write after reading them.
 *
 * It is not the `tokenizer.json` that lies there: of that, transformers' classes
 * for BERT take the vocabulary and the added tokens alone, and how text is
 * normalized from `tokenizer_config.json` and their own defaults.
 *
 * @module
 */
import { listProblems } from "../../base/errors.ts";
import { makeBackend } from "./backend.ts";
import { makeBert } from "./bert_tokenizer.ts";
import { contradictions } from "./contradictions.ts";
import { readFastTokenizer, showFastTokenizer } from "./fast_tokenizer.ts";
import { putTogether } from "./legacy_files.ts";
import { readJsons } from "./json_files.ts";
import { checkSettings, maxLengthOf, unusedSettings } from "./settings.ts";
import { chooseClass, givesSegments } from "./tokenizer_class.ts";
import type {
  ResolvedTokenizer,
  TokenizerSources,
} from "./tokenizer_sources.ts";
import { parseVocabTxt } from "./vocab_txt.ts";

/**
 * Resolves a tokenizer's files into one.
 *
 * @param sources The files.
 * @return What they say together.
 * @throws {UserError} `bad-vocabulary` that lists what transformers could not
 * read, and what this program does not do as transformers does.
 *
 * @example
 * ```ts
 * import { resolveTokenizer } from "./resolve_tokenizer.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { lowerCase } = resolveTokenizer({
 *   directory: "model",
 *   files: new Map([
 *     ["vocab.txt", "[UNK]\n[CLS]\n[SEP]\nDog\n"],
 *     ["tokenizer_config.json", '{"do_lower_case": false}'],
 *   ]),
 *   modelType: "bert",
 * });
 * assertEquals(lowerCase, false);
 * ```
 */
export function resolveTokenizer(sources: TokenizerSources): ResolvedTokenizer {
  const problems: string[] = [];
  const check = () => {
    if (problems.length > 0) throw refused(sources.directory, problems);
  };
  const jsons = readJsons(sources.files, problems);
  check();
  const own = chooseClass(jsons.config, sources, problems);
  const { tokenizer: json } = jsons;
  const file = json && readFastTokenizer(json, problems);
  const given = putTogether(jsons, problems);
  const { settings } = given;
  checkSettings(settings, problems);
  check();
  const vocabulary = file?.vocabulary ?? readVocabTxt(sources, own!, problems);
  check();
  const made = own === "TokenizersBackend"
    ? makeBackend(json!, file!, given, problems)
    : makeBert(vocabulary, given, problems);
  check();
  const { tokenizer, added } = made!;
  tokenizer.cut = (settings.truncation_side ?? file?.cut) === "left"
    ? "left"
    : "right";
  const differences = file ? contradictions(file, json!, made!) : [];
  const { template } = tokenizer;
  if (!givesSegments(settings, own!)) template.segment = 0;
  return {
    text: showFastTokenizer(tokenizer, added.show()),
    class: own!,
    lowerCase: tokenizer.normalizer?.lowercase ?? false,
    segments: template.segment === 1,
    maxLength: maxLengthOf(settings),
    surprises: [
      ...differences.map((difference) =>
        `${difference} (as transformers' ${own} reads the files, not as ` +
        "tokenizer.json has it)"
      ),
      ...own === "TokenizersBackend" ? [] : unusedSettings(settings),
    ],
  };
}

/** Only BERT's own classes read a `vocab.txt`. */
function readVocabTxt(
  { files }: TokenizerSources,
  own: string,
  problems: string[],
): Map<string, number> {
  const text = files.get("vocab.txt");
  if (text === undefined || own === "TokenizersBackend") {
    problems.push(
      own === "TokenizersBackend"
        ? `its tokenizer_class is ${own}, which reads a tokenizer.json, and ` +
          "there is none"
        : "it has no vocab.txt or tokenizer.json",
    );
    return new Map();
  }
  return parseVocabTxt(text);
}

function refused(directory: string, problems: readonly string[]): Error {
  return listProblems(`Cannot use the tokenizer of "${directory}"`, problems, {
    code: "bad-vocabulary",
    hint: "BERT's tokenizer (WordPiece) is read as transformers reads it, or " +
      "not at all; docs/formats.md says what is",
  });
}
