/**
 * Translates the names of parameters between programs.
 *
 * The neutral names are this project's own. Linear weights are (out, in) in all
 * programs, so that arrays move between them without a transposition.
 *
 * @module
 */
import type { NamedArrays } from "../formats/arrays.ts";
import type { FamilyName } from "../model_config.ts";
import { MXNET_NAMES, TORCH_NAMES } from "./d2l.ts";
import { HUGGING_FACE_FAMILIES, huggingFaceFamily } from "./families.ts";
import type { Names, Naming } from "./family.ts";

/** What saving a model through a wrapper puts before a name. */
export const WRAPPERS = /^(?:(?:arg|aux):)?(?:module\.|_orig_mod\.)*/;

/**
 * What a program calls the parameters of a family.
 *
 * @param naming Whose names are wanted.
 * @param family Which of Hugging Face's families they are of.
 * @return Null for our own names.
 */
export function namesOf(naming: Naming, family: FamilyName): Names | null {
  switch (naming) {
    case "premise":
      return null;
    case "d2l-mxnet":
      return MXNET_NAMES;
    case "d2l-torch":
      return TORCH_NAMES;
    case "hf":
      return huggingFaceFamily(family).names;
  }
}

/**
 * A name without what wrappers and heads put before it, in today's spelling.
 *
 * @param name Its name in a file.
 * @param names Whose names it is one of.
 */
export function plainName(name: string, names: Names): string {
  let plain = name.replace(WRAPPERS, "");
  if (plain.startsWith(names.prefix)) plain = plain.slice(names.prefix.length);
  for (const [pattern, replacement] of names.aliases) {
    plain = plain.replace(pattern, replacement);
  }
  return plain;
}

/**
 * The neutral name of a parameter.
 *
 * @param name Its name in a file; wrappers' prefixes and old spellings are
 *     understood.
 * @param naming Whose name it is.
 * @param family Which of Hugging Face's families it is of; BERT if not given.
 * @return The neutral name, or null for one that is not of the family.
 *
 * @example
 * ```ts
 * import { neutralName } from "./names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   neutralName("module.encoder.blks.1.attention.W_q.bias", "d2l-torch"),
 *   "layers.1.attention.query.bias",
 * );
 * ```
 */
export function neutralName(
  name: string,
  naming: Naming,
  family: FamilyName = "hf-bert",
): string | null {
  const names = namesOf(naming, family);
  if (!names) return translateOwn(name.replace(WRAPPERS, ""));
  return translate(plainName(name, names), names, "neutral");
}

/**
 * The name that another program gives to a parameter: the inverse of
 * {@link neutralName}, in today's spelling.
 *
 * @param neutral A neutral name.
 * @param naming Whose name is wanted. Hugging Face's is that of a model with a
 *     head (as `BertForSequenceClassification`), so the encoder's begins `bert.`.
 * @param family Which of Hugging Face's families it is of; BERT if not given.
 * @return The name, or null where that program has no such parameter.
 */
export function foreignName(
  neutral: string,
  naming: Naming,
  family: FamilyName = "hf-bert",
): string | null {
  const names = namesOf(naming, family);
  if (!names) return translateOwn(neutral);
  const name = translate(neutral, names, "own");
  return name && names.prefixed?.test(neutral) ? names.prefix + name : name;
}

/**
 * A classifier's arrays by the names that transformers gives them.
 *
 * @param arrays The parameters by neutral name.
 * @param family Which of Hugging Face's families they are of.
 * @return The same arrays, in the same order.
 */
export function nameForTransformers(
  arrays: NamedArrays,
  family: FamilyName,
): NamedArrays {
  return new Map(
    [...arrays].map(([name, array]) => [
      foreignName(name, "hf", family)!,
      array,
    ]),
  );
}

/** Dictionaries from own names to neutral ones, and back. */
const DICTIONARIES = new Map<
  Names,
  Record<"neutral" | "own", ReadonlyMap<string, string>>
>();

function dictionariesOf(names: Names) {
  const known = DICTIONARIES.get(names);
  if (known) return known;
  const made = {
    neutral: new Map(names.rows.map(([neutral, own]) => [own, neutral])),
    own: new Map(names.rows),
  };
  DICTIONARIES.set(names, made);
  return made;
}

function translate(
  name: string,
  names: Names,
  to: "neutral" | "own",
): string | null {
  const dictionary = dictionariesOf(names)[to];
  const exact = dictionary.get(name);
  if (exact) return exact;
  const index = /\.(0|[1-9]\d*)\./.exec(name);
  if (!index) return null;
  return dictionary.get(name.replace(index[0], ".{i}."))
    ?.replace("{i}", index[1]) ?? null;
}

/** A neutral name itself, if any family has it. */
function translateOwn(name: string): string | null {
  const known = HUGGING_FACE_FAMILIES.some(({ names }) =>
    translate(name, names, "own") !== null
  );
  return known ? name : null;
}
