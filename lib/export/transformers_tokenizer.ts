/**
 * A model's tokenizer as transformers and transformers.js open it.
 *
 * @module
 */
import { readRegularText } from "../base/files/regular.ts";
import { readTokenizerFiles } from "../text/tokenizer_files.ts";
import { parseVocabulary } from "../text/vocab.ts";
import { huggingFaceFamily } from "../weights/families/families.ts";
import { longestInput } from "../weights/model_config.ts";
import type { OpenedModel } from "../weights/model_dir.ts";
import type { ExportFiles } from "./export_format.ts";
import { jsonFile } from "./json_file.ts";
import { inputNames } from "./onnx/classifier.ts";
import { describeWordLevel } from "./word_level.ts";

/** A tokenizer to export. */
export interface TransformersTokenizer {
  /** Its files by name. */
  files: ExportFiles;
  /** Id of the token that fills what is shorter; undefined if there is none. */
  padding: number | undefined;
}

/** Tokens that the book's vocabularies may have, by transformers' names. */
const BOOK_TOKENS = {
  unk_token: "<unk>",
  pad_token: "<pad>",
  mask_token: "<mask>",
  cls_token: "<cls>",
  sep_token: "<sep>",
};

/**
 * Makes the files of a model's tokenizer. Transformers cuts text to the length
 * that the model was trained with here, or else to what it takes, if it is asked
 * to cut at all.
 *
 * @param model The model.
 */
export async function describeTokenizer(
  model: OpenedModel,
): Promise<TransformersTokenizer> {
  const { config, vocabularyFile } = model;
  const { sentences, maxLength } = config.text;
  const length = {
    // A recipe without a word on the sentences is of no training.
    model_max_length: sentences ? maxLength : longestInput(config),
  };
  const settings = { model_input_names: inputNames(config) };
  if (config.text.tokenizer.kind === "words") {
    const text = await readRegularText(vocabularyFile);
    const { ids } = parseVocabulary(text);
    const tokens = Object.entries(BOOK_TOKENS)
      .filter(([, token]) => ids.has(token));
    const files = {
      "tokenizer.json": jsonFile(
        describeWordLevel(text, config.text.tokenizer),
      ),
      "tokenizer_config.json": jsonFile({
        tokenizer_class: "PreTrainedTokenizerFast",
        ...Object.fromEntries(tokens),
        ...length,
        ...settings,
      }),
    };
    return { files, padding: ids.get(BOOK_TOKENS.pad_token) };
  }
  const files = await readTokenizerFiles(vocabularyFile);
  const { classPrefix } = huggingFaceFamily(config.family);
  const old = files["tokenizer_config.json"];
  const told = old && JSON.parse(await new Blob([...old]).text());
  const made = {
    tokenizer_class: `${classPrefix}Tokenizer`,
    do_lower_case: config.text.tokenizer.lowerCase,
    ...length,
    ...told,
    ...sentences ? length : {},
    ...settings,
  };
  return {
    files: { ...files, "tokenizer_config.json": jsonFile(made) },
    padding: undefined,
  };
}
