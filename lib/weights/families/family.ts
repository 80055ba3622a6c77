/**
 * What a family of models is: whose names its parameters have, where dropout
 * acts in it, and of Hugging Face's what its `config.json` means.
 *
 * @module
 */
import type { FamilyName, ModelConfig } from "../model_config.ts";

/** Whose names: this project's, the book's in MXNet or PyTorch, Hugging Face's. */
export type Naming = "premise" | "d2l-mxnet" | "d2l-torch" | "hf";

/** A parameter's neutral name and a program's; `{i}` is the block. */
export type NameRow = readonly [neutral: string, own: string];

/** Another spelling of names, and what it stands for. */
export type Alias = readonly [pattern: RegExp, replacement: string];

/** What a program calls a family's parameters. */
export interface Names {
  /** Every parameter's name, without the prefix. */
  rows: readonly NameRow[];
  /**
   * What models with a head put before the encoder's names; files of the
   * encoder alone lack it.
   */
  prefix: string;
  /** The neutral names that it stands before; none if not given. */
  prefixed?: RegExp;
  /** Other spellings, in the order to undo them. */
  aliases: readonly Alias[];
  /** Names of buffers and tied copies that some versions saved. */
  redundant: readonly string[];
  /** The encoder's own arrays that a classifier does without. */
  unused?: RegExp;
}

/** The fields of a configuration that are dropout rates. */
export type DropoutField =
  | "dropout"
  | "attentionDropout"
  | "attendedDropout"
  | "clsDropout"
  | "classifierDropout";

/** A family of models. */
export interface Family {
  /** As a configuration of ours calls it. */
  name: FamilyName;
  /** The rates of the places where dropout acts; the others are 0. */
  dropouts: readonly DropoutField[];
}

/** What a model is but for its text, its labels, and what text depends on. */
export type Architecture = Omit<
  ModelConfig,
  "format" | "family" | "secondSegment" | "text" | "labels"
>;

/** A family of transformers'. */
export interface HuggingFaceFamily extends Family {
  /** What people call it. */
  title: string;
  /** `model_type` of its `config.json`. */
  modelType: string;
  /** How the names of its classes begin, which `architectures` has. */
  classPrefix: string;
  /** What its parameters are called. */
  names: Names;
  /**
   * Says what a `config.json` of the family means.
   *
   * @param config The content of the file; not checked.
   * @param problems Gets a clause for whatever is not as it should be.
   * @return The architecture, its sizes not yet checked; undefined if fields
   *     are of other types than transformers'.
   */
  translate(
    config: Readonly<Record<string, unknown>>,
    problems: string[],
  ): Architecture | undefined;
  /**
   * Says a model of the family as a `config.json` does: the inverse of
   * `translate`.
   *
   * @param architecture The model.
   * @return The fields that tell of it.
   */
  describe(architecture: Architecture): Record<string, unknown>;
}

/**
 * The names of modules' `weight` and `bias`.
 *
 * @param modules Their names.
 * @param leaves What the program calls `weight` and `bias`.
 */
export function withLeaves(
  modules: readonly NameRow[],
  leaves: readonly [string, string] = ["weight", "bias"],
): NameRow[] {
  return modules.flatMap(([neutral, own]) =>
    ["weight", "bias"].map((leaf, i): NameRow => [
      `${neutral}.${leaf}`,
      `${own}.${leaves[i]}`,
    ])
  );
}

/**
 * The names of modules in every block.
 *
 * @param prefix What the program puts before them, `{i}` being the block.
 * @param modules Their names in a block.
 */
export function inBlocks(
  prefix: string,
  modules: readonly NameRow[],
): NameRow[] {
  return modules.map(([neutral, own]) => [
    `layers.{i}.${neutral}`,
    `${prefix}.${own}`,
  ]);
}
