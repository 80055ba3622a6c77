/**
 * The families of models that are read.
 *
 * @module
 */
import type { FamilyName, ModelConfig } from "../model_config.ts";
import { bert } from "./bert.ts";
import { d2l } from "./d2l.ts";
import { distilbert } from "./distilbert.ts";
import { electra } from "./electra.ts";
import type { Family, HuggingFaceFamily } from "./family.ts";
import { roberta } from "./roberta.ts";

/** Hugging Face's families. */
export const HUGGING_FACE_FAMILIES: readonly HuggingFaceFamily[] = [
  bert,
  distilbert,
  electra,
  roberta,
];

/**
 * Whether a family is one of Hugging Face's.
 *
 * @param name Its name.
 */
export function isHuggingFace(name: FamilyName): boolean {
  return HUGGING_FACE_FAMILIES.some((family) => family.name === name);
}

const FAMILIES: readonly Family[] = [d2l, ...HUGGING_FACE_FAMILIES];

/**
 * A family of Hugging Face's.
 *
 * @param name Its name.
 * @throws {Error} If it is none of Hugging Face's.
 */
export function huggingFaceFamily(name: FamilyName): HuggingFaceFamily {
  const family = HUGGING_FACE_FAMILIES.find((family) => family.name === name);
  if (!family) throw new Error(`"${name}" is no family of Hugging Face's`);
  return family;
}

/**
 * The dropout rates of a family's model where one rate is to hold wherever
 * dropout acts in it.
 *
 * @param name The family.
 * @param rate The rate; nothing changes if undefined.
 */
export function dropoutRates(
  name: FamilyName,
  rate: number | undefined,
): Partial<ModelConfig> {
  if (rate === undefined) return {};
  const { dropouts = [] } = FAMILIES.find((family) => family.name === name) ??
    {};
  return Object.fromEntries(dropouts.map((field) => [field, rate]));
}
