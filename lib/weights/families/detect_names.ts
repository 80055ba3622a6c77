/**
 * Tells whose names a file's arrays have.
 *
 * @module
 */
import type { FamilyName } from "../model_config.ts";
import { HUGGING_FACE_FAMILIES } from "./families.ts";
import type { Naming } from "./family.ts";
import { WRAPPERS } from "./names.ts";

/**
 * Whose names these are.
 *
 * @param names The names in a file.
 * @return The naming, or null if none fits.
 */
export function detectNaming(names: Iterable<string>): Naming | null {
  const plain = [...names].map((name) =>
    name.replace(WRAPPERS, "").replace(HEADED, "")
  );
  const any = (pattern: RegExp) => plain.some((name) => pattern.test(name));
  if (any(/^embeddings\.(?:token|segment|position)\.|^layers\./)) {
    return "premise";
  }
  if (any(/^embeddings\.\w+_embeddings\.|^(?:encoder|transformer)\.layer\./)) {
    return "hf";
  }
  if (!any(/^encoder\.(?:\w+_embedding|blks)\b/)) return null;
  return any(/\.gamma$/) ? "d2l-mxnet" : "d2l-torch";
}

/** What models with a head put before the encoder's names, in any family. */
const HEADED = new RegExp(
  `^(?:${
    HUGGING_FACE_FAMILIES.map(({ names }) => names.prefix.slice(0, -1))
      .join("|")
  })\\.`,
);

/**
 * The family of Hugging Face's that names are of.
 *
 * @param names The names in a file.
 * @return Null if the names do not tell: those of an encoder alone, which
 *     BERT, RoBERTa and ELECTRA may share.
 */
export function detectFamily(names: Iterable<string>): FamilyName | null {
  const plain = [...names].map((name) => name.replace(WRAPPERS, ""));
  const family = HUGGING_FACE_FAMILIES.find((family) =>
    plain.some((name) => name.startsWith(family.names.prefix))
  );
  if (family) return family.name;
  if (plain.some((name) => /^transformer\.layer\./.test(name))) {
    return "distilbert";
  }
  return null;
}
