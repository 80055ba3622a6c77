/**
 * What the card of a data set of the Hugging Face hub, its `README.md`, says of
 * its files: `configs` in the YAML at its beginning.
 *
 * @module
 */
import { parse } from "@std/yaml";
import { UserError } from "../../../base/errors.ts";
import { reasonOf } from "../../../base/files/system_error.ts";

/** A configuration: which files are its splits. */
export interface CardConfig {
  /** Its name. */
  name: string;
  /** Whether it is the one that is meant where none is named. */
  isDefault: boolean;
  /** Patterns of the files of each split; null if their names tell. */
  splits: readonly [split: string, patterns: readonly string[]][] | null;
  /** The folder that the files are in; empty for the top. */
  folder: string;
}

/** The most letters of the YAML before a card's text. */
const MOST_LETTERS = 2 ** 20;

/**
 * Reads the configurations of a data set.
 *
 * @param card The text of `README.md`.
 * @return The configurations; empty if the card lists none.
 * @throws {UserError} `bad-data` if what it says cannot be understood; the
 *   message is the reason alone.
 *
 * @example
 * ```ts
 * import { configsOf } from "./data_card.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const card = "---\nconfigs:\n- config_name: pairs\n  data_files: a.csv\n---\n";
 * assertEquals(configsOf(card), [{
 *   name: "pairs",
 *   isDefault: false,
 *   splits: [["train", ["a.csv"]]],
 *   folder: "",
 * }]);
 * ```
 */
export function configsOf(card: string): CardConfig[] {
  const yaml = /^\ufeff?---\r?\n([^]*?)\r?\n---(?:\r?\n|$)/.exec(card)?.[1];
  if (yaml === undefined) return [];
  if (yaml.length > MOST_LETTERS) {
    throw unclear(`the YAML before its text has ${yaml.length} letters`);
  }
  let facts: unknown;
  try {
    facts = parse(yaml);
  } catch (cause) {
    throw unclear(`the YAML before its text is none: ${reasonOf(cause)}`);
  }
  const { configs } = Object(facts);
  if (configs === undefined || configs === null) return [];
  if (!Array.isArray(configs)) throw unclear("configs is no list");
  return configs.map((config) => configOf(Object(config)));
}

function configOf(config: Record<string, unknown>): CardConfig {
  const { config_name: name = "default", data_files: files } = config;
  if (typeof name !== "string" && typeof name !== "number") {
    throw unclear("a config_name is no text");
  }
  const folder = config.data_dir ?? "";
  if (typeof folder !== "string") {
    throw unclear(`data_dir of ${name} is no text`);
  }
  return {
    name: `${name}`,
    isDefault: config.default === true || name === "default",
    splits: files === undefined || files === null
      ? null
      : splitsOf(files, `data_files of ${name}`),
    folder: folder.replace(/^\.?\/+|\/+$/g, ""),
  };
}

/** Files without a split are to train on. */
function splitsOf(
  files: unknown,
  place: string,
): [string, readonly string[]][] {
  if (isPatterns(files)) return [["train", [files].flat()]];
  const entries: [unknown, unknown][] = Array.isArray(files)
    ? files.map((entry) => [Object(entry).split, Object(entry).path])
    : Object.entries(Object(files));
  if (entries.length === 0) throw unclear(`${place} is empty`);
  return entries.map(([split, path]) => {
    if (typeof split !== "string" || !isPatterns(path)) {
      throw unclear(`${place} is no list of splits and paths`);
    }
    return [split, [path].flat()];
  });
}

function isPatterns(value: unknown): value is string | string[] {
  return typeof value === "string" ||
    Array.isArray(value) && value.length > 0 &&
      value.every((item) => typeof item === "string");
}

function unclear(reason: string): UserError {
  return new UserError(
    `its card, README.md, does not tell which files are the data: ${reason}`,
    {
      code: "bad-data",
      hint: "fetch the files by hand, and name them as --data train=A.csv",
    },
  );
}
