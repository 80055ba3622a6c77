/**
 * All files of a Hugging Face model's tokenizer become one: the `tokenizer.json`
 * that transformers' `AutoTokenizer` (5.24) would write after reading them.
 *
 * It is not the `tokenizer.json` that lies there: of that, transformers' classes
 * for BERT and RoBERTa take the vocabulary and the added tokens alone, and how
 * text is read from `tokenizer_config.json` and their own defaults.
 *
 * @module
 */
import { listProblems } from "../../base/errors.ts";
import { isBpe, resolveBpe } from "../bpe/resolve_bpe.ts";
import { resolveWordPiece } from "../wordpiece/resolve_wordpiece.ts";
import { readJsons } from "./json_files.ts";
import { putTogether } from "./legacy_files.ts";
import { checkSettings, maxLengthOf, unusedSettings } from "./settings.ts";
import { chooseClass, givesSegments } from "./tokenizer_class.ts";
import type {
  ResolvedTokenizer,
  TokenizerSources,
} from "./tokenizer_sources.ts";

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
  const given = putTogether(jsons, problems);
  const { settings } = given;
  checkSettings(settings, problems);
  const { tokenizer: json } = jsons;
  const resolve = isBpe(own, json) ? resolveBpe : resolveWordPiece;
  const parts = { own: own!, json, given, files: sources.files };
  const found = resolve(parts, problems);
  check();
  const { template, differences, unused, ...resolved } = found!;
  if (!givesSegments(settings, own!)) template.segment = 0;
  return {
    text: resolved.show(),
    kind: resolved.kind,
    class: own!,
    lowerCase: resolved.lowerCase,
    segments: template.segment === 1,
    maxLength: maxLengthOf(settings),
    surprises: [
      ...differences.map((difference) =>
        `${difference} (as transformers' ${own} reads the files, not as ` +
        "tokenizer.json has it)"
      ),
      ...own === "TokenizersBackend" ? [] : unusedSettings(settings, unused),
    ],
  };
}

function refused(directory: string, problems: readonly string[]): Error {
  return listProblems(`Cannot use the tokenizer of "${directory}"`, problems, {
    code: "bad-vocabulary",
    hint:
      "tokenizers of BERT (WordPiece) and RoBERTa (byte-level BPE) are read " +
      "as transformers reads them, or not at all; docs/formats.md says what is",
  });
}
