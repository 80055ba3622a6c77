/**
 * What a Hugging Face model's tokenizer is read from, and what it is.
 *
 * @module
 */
import type { JsonObject } from "./json_files.ts";
import type { TokenizerArguments } from "./legacy_files.ts";
import type { Setting } from "./settings.ts";
import type { Template } from "./template.ts";

/** The files of a model that say how its text becomes tokens. */
export interface TokenizerSources {
  /** Where they lie, for errors. */
  directory: string;
  /** The text of each file that is there, by name. */
  files: ReadonlyMap<string, string>;
  /** Whose text it is: the `model_type` of `config.json`. */
  modelType: string;
  /** The `tokenizer_class` of `config.json`, if it has one. */
  modelsClass?: unknown;
  /** The class that reads the files, where it was chosen before. */
  class?: TokenizerClass | undefined;
}

/** The classes of transformers that a tokenizer may be of. */
export type TokenizerClass =
  | "BertTokenizer"
  | "DistilBertTokenizer"
  | "RobertaTokenizer"
  | "TokenizersBackend";

/** A tokenizer of which all files were read. */
export interface ResolvedTokenizer {
  /**
   * The `tokenizer.json` that transformers' tokenizer would write: all that
   * turns text into tokens.
   */
  text: string;
  /** Whether it has word pieces, or bytes and what they are put together to. */
  kind: "wordpiece" | "bpe";
  /** The class that reads the files. */
  class: TokenizerClass;
  /** Whether text is lower-cased. */
  lowerCase: boolean;
  /**
   * Whether the model is told which of two sentences a token is of; it takes all
   * for the first's if not, as far as it has segments.
   */
  segments: boolean;
  /** Most tokens of an example, as `model_max_length` says; else none. */
  maxLength: number | undefined;
  /** What is read otherwise than one might think, as whole sentences. */
  surprises: string[];
}

/** What a kind of tokenizers is read from. */
export interface TokenizerParts {
  /** The class that reads the files. */
  own: TokenizerClass;
  /** The content of `tokenizer.json`, if it is there. */
  json: JsonObject | undefined;
  /** Settings and added tokens, of all small files. */
  given: TokenizerArguments;
  /** The text of each file that is there, by name. */
  files: ReadonlyMap<string, string>;
}

/** What a kind of tokenizers is read as. */
export interface KindOfTokenizer
  extends Pick<ResolvedTokenizer, "kind" | "lowerCase"> {
  /** What stands around the sentences; changes of it count in what is shown. */
  template: Template;
  /** What is read otherwise than `tokenizer.json` has it, a phrase each. */
  differences: string[];
  /** Settings that do not count. */
  unused: readonly Setting[];
  /** The `tokenizer.json` of it all. */
  show(): string;
}

/** The file that holds a tokenizer's settings. */
export const TOKENIZER_CONFIG = "tokenizer_config.json";
