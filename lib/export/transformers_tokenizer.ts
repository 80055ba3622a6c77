/**
 * A model's tokenizer as transformers and transformers.js open it.
 *
 * @module
 */
import { basename } from "@std/path";
import { resolveTokenizer } from "../text/resolve/resolve_tokenizer.ts";
import { readTokenizerFiles } from "../text/tokenizer_files.ts";
import { parseVocabulary } from "../text/vocab.ts";
import { huggingFaceFamily } from "../weights/families/families.ts";
import { longestInput } from "../weights/model_config.ts";
import type { OpenedModel } from "../weights/model_dir.ts";
import type { ExportFiles } from "./export_format.ts";
import { jsonFile, textFile } from "./file_contents.ts";
import { inputNames } from "./onnx/classifier.ts";
import { describeWordLevel } from "./word_level.ts";

/** A tokenizer to export. */
export interface TransformersTokenizer {
  /** Its files by name. */
  files: ExportFiles;
  /** Id of the token that fills what is shorter; undefined if it is not known. */
  padding?: number | undefined;
}

const SETTINGS = "tokenizer_config.json";

/** Reads a `tokenizer.json` as it is, in every version of transformers. */
const ANY_TOKENIZER = "PreTrainedTokenizerFast";

/**
 * Makes the files of a model's tokenizer. `tokenizer.json` has all that turns
 * text into tokens, whatever else says it; transformers cuts text to the length
 * that the model was trained with here, or else to what it takes, if it is asked
 * to cut at all.
 *
 * @param model The model.
 */
export async function describeTokenizer(
  model: OpenedModel,
): Promise<TransformersTokenizer> {
  const { rules, tokenizer } = model.config.text;
  if (tokenizer.kind === "words") return describeWords(model);
  return rules < 3 ? describeEarlier(model) : await describeResolved(model);
}

/** What is set of every tokenizer. */
function settingsOf({ config }: OpenedModel) {
  const { sentences, maxLength } = config.text;
  return {
    // A recipe without a word on the sentences is of no training.
    model_max_length: sentences ? maxLength : longestInput(config),
    model_input_names: inputNames(config),
  };
}

/** Tokens that the book's vocabularies may have, by transformers' names. */
const BOOK_TOKENS = {
  unk_token: "<unk>",
  pad_token: "<pad>",
  mask_token: "<mask>",
  cls_token: "<cls>",
  sep_token: "<sep>",
};

function describeWords(model: OpenedModel): TransformersTokenizer {
  const { text } = model.vocabulary;
  const { ids } = parseVocabulary(text);
  const tokens = Object.entries(BOOK_TOKENS)
    .filter(([, token]) => ids.has(token));
  const json = describeWordLevel(text, model.config.text.tokenizer);
  return {
    files: {
      "tokenizer.json": jsonFile(json),
      [SETTINGS]: jsonFile({
        tokenizer_class: ANY_TOKENIZER,
        ...Object.fromEntries(tokens),
        ...settingsOf(model),
      }),
    },
    padding: ids.get(BOOK_TOKENS.pad_token),
  };
}

/** The files as they came, and what they resolve into. */
async function describeResolved(
  model: OpenedModel,
): Promise<TransformersTokenizer> {
  const { config, vocabularyFile, vocabulary } = model;
  const files = await readTokenizerFiles(vocabularyFile);
  const old = files[SETTINGS];
  const told = old && JSON.parse(await new Blob([...old]).text());
  const { class: reads = "TokenizersBackend" } = config.text.tokenizer;
  const settings = settingsOf(model);
  const made = {
    tokenizer_class: reads === "TokenizersBackend" ? ANY_TOKENIZER : reads,
    ...told,
    ...settings,
    // What takes less than the table has positions for says so itself.
    model_max_length: config.text.sentences
      ? settings.model_max_length
      : told?.model_max_length ?? settings.model_max_length,
  };
  return {
    files: {
      ...files,
      "tokenizer.json": textFile(vocabulary.text),
      [SETTINGS]: jsonFile(made),
    },
  };
}

/**
 * Of a model that was trained when one file alone was read of a tokenizer: that
 * file, and nothing that says otherwise.
 */
function describeEarlier(model: OpenedModel): TransformersTokenizer {
  const { config, directory, vocabulary } = model;
  const settings = settingsOf(model);
  if (basename(vocabulary.path) !== "vocab.txt") {
    const made = { tokenizer_class: ANY_TOKENIZER, ...settings };
    return {
      files: {
        "tokenizer.json": textFile(vocabulary.text),
        [SETTINGS]: jsonFile(made),
      },
    };
  }
  const told = {
    tokenizer_class: "BertTokenizer",
    do_lower_case: config.text.tokenizer.lowerCase,
    ...settings,
  };
  const { modelType } = huggingFaceFamily(config.family);
  const { text } = resolveTokenizer({
    directory,
    files: new Map([
      ["vocab.txt", vocabulary.text],
      [SETTINGS, JSON.stringify(told)],
    ]),
    modelType,
  });
  return {
    files: {
      "vocab.txt": textFile(vocabulary.text),
      "tokenizer.json": textFile(text),
      [SETTINGS]: jsonFile(told),
    },
  };
}
