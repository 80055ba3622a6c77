/**
 * Translates the names of BERT's parameters between programs.
 *
 * @module
 */
import type { NamedArrays } from "../formats/arrays.ts";
import { badWeights } from "../formats/bad_weights.ts";
import { NAME_TABLE, type Naming } from "./name_table.ts";

const COLUMN: Record<Naming, 0 | 1 | 2 | 3> = {
  "premise": 0,
  "d2l-mxnet": 1,
  "d2l-torch": 2,
  "hf": 3,
};

/** What saving a model through a wrapper, or with a head, puts before a name. */
const WRAPPERS = /^(?:(?:arg|aux):)?(?:module\.|_orig_mod\.)*(?:bert\.)?/;

type Alias = readonly [pattern: RegExp, replacement: string];

/** Spellings of the book's classes while they were being written, 2020-2021. */
const BOOK_ALIASES: readonly Alias[] = [
  [/^encoder\.word_embedding\./, "encoder.token_embedding."],
  [/\.blks\.block(\d+)\./, ".blks.$1."],
  [/\.addnorm_?([12])\.(?:norm|ln)\./, ".addnorm$1.ln."],
  [/\.ffn\.ffn_([12])\./, ".ffn.dense$1."],
  [/\.ffn\.net\.0\./, ".ffn.dense1."],
];

const ALIASES: Record<Naming, readonly Alias[]> = {
  "premise": [],
  "d2l-mxnet": [
    ...BOOK_ALIASES,
    [/\.ffn\.net\.1\./, ".ffn.dense2."],
    [/^mlm_decoder\.decoder\./, "mlm.mlp."],
    [/^(?:ns_classifier\.classifier|nsp\.mlp)\.0\./, "hidden."],
    [/^(?:ns_classifier\.classifier|nsp\.mlp)\.1\./, "nsp.output."],
    [/^nsp\.mlp\.(weight|bias)$/, "nsp.output.$1"],
    [/^pooler\./, "hidden."],
  ],
  "d2l-torch": [...BOOK_ALIASES, [/\.ffn\.net\.2\./, ".ffn.dense2."]],
  // The original checkpoints of 2018 carry TensorFlow's names of a layer norm.
  "hf": [
    [/LayerNorm\.gamma$/, "LayerNorm.weight"],
    [/LayerNorm\.beta$/, "LayerNorm.bias"],
  ],
};

/** Buffers and tied copies that old versions of transformers saved. */
const REDUNDANT = new Set([
  "embeddings.position_ids",
  "embeddings.token_type_ids",
  "cls.predictions.decoder.bias",
]);

/**
 * The neutral name of a parameter.
 *
 * @param name Its name in a file; wrappers' prefixes and old spellings are
 *     understood.
 * @param naming Whose name it is.
 * @return The neutral name, or null for one that is not of BERT.
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
export function neutralName(name: string, naming: Naming): string | null {
  let plain = name.replace(WRAPPERS, "");
  for (const [pattern, replacement] of ALIASES[naming]) {
    plain = plain.replace(pattern, replacement);
  }
  return translate(plain, naming, "premise");
}

/**
 * The name that another program gives to a parameter: the inverse of
 * {@link neutralName}, in today's spelling.
 *
 * @param neutral A neutral name.
 * @param naming Whose name is wanted. Hugging Face's is that of a model with a
 *     head (`BertForSequenceClassification`), so the encoder's begins `bert.`.
 * @return The name, or null where that program has no such parameter.
 */
export function foreignName(neutral: string, naming: Naming): string | null {
  const name = translate(neutral, "premise", naming);
  const inEncoder = /^(?:embeddings|layers|pooler)\./.test(neutral);
  return name && naming === "hf" && inEncoder ? `bert.${name}` : name;
}

const DICTIONARIES = new Map<string, ReadonlyMap<string, string>>();

function translate(name: string, from: Naming, to: Naming): string | null {
  const key = `${from} ${to}`;
  let dictionary = DICTIONARIES.get(key);
  if (!dictionary) {
    dictionary = new Map(NAME_TABLE.flatMap((row) => {
      const source = row[COLUMN[from]];
      const target = row[COLUMN[to]];
      return source && target ? [[source, target]] : [];
    }));
    DICTIONARIES.set(key, dictionary);
  }
  const exact = dictionary.get(name);
  if (exact) return exact;
  const index = /\.(0|[1-9]\d*)\./.exec(name);
  if (!index) return null;
  return dictionary.get(name.replace(index[0], ".{i}."))
    ?.replace("{i}", index[1]) ?? null;
}

/**
 * Whose names these are.
 *
 * @param names The names in a file.
 * @return The naming, or null if none fits.
 */
export function detectNaming(names: Iterable<string>): Naming | null {
  const plain = [...names].map((name) => name.replace(WRAPPERS, ""));
  const any = (pattern: RegExp) => plain.some((name) => pattern.test(name));
  if (any(/^embeddings\.(?:token|segment|position)\.|^layers\./)) {
    return "premise";
  }
  if (any(/^embeddings\.\w+_embeddings\.|^encoder\.layer\./)) return "hf";
  if (!any(/^encoder\.(?:\w+_embedding|blks)\b/)) return null;
  return any(/\.gamma$/) ? "d2l-mxnet" : "d2l-torch";
}

/** Arrays under their neutral names, and what was wrong with the others. */
export interface RenamedArrays {
  /** Whose names the file uses. */
  naming: Naming;
  /** The arrays by neutral name, in the file's order. */
  arrays: NamedArrays;
  /** The name in the file of each of them, by neutral name. */
  fileNames: Map<string, string>;
  /** A clause for each array that is not of BERT or occurs twice. */
  problems: string[];
  /** Names of the arrays of heads that are none of BERT's own. */
  foreign: string[];
}

/**
 * Renames a file's arrays to their neutral names.
 *
 * @param arrays The arrays as read.
 * @param file The file's path, for errors.
 * @return The renamed arrays, with the problems still to be reported.
 * @throws UserError `bad-weights` if nobody's naming fits.
 */
export function renameToNeutral(
  arrays: NamedArrays,
  file: string,
): RenamedArrays {
  const naming = detectNaming(arrays.keys());
  if (!naming) throw unknownNaming(arrays, file);
  const renamed: NamedArrays = new Map();
  const fileNames = new Map<string, string>();
  const problems: string[] = [];
  const foreign: string[] = [];
  for (const [name, array] of arrays) {
    if (naming === "hf" && REDUNDANT.has(name.replace(WRAPPERS, ""))) continue;
    const neutral = neutralName(name, naming);
    const earlier = neutral && fileNames.get(neutral);
    if (!neutral && naming === "hf" && isForeignHead(name)) {
      foreign.push(name);
    } else if (!neutral) {
      problems.push(
        `array "${name}" is not part of a BERT encoder or its heads`,
      );
    } else if (earlier) {
      problems.push(`arrays "${earlier}" and "${name}" are both ${neutral}`);
    } else {
      fileNames.set(neutral, name);
      renamed.set(neutral, array);
    }
  }
  return { naming, arrays: renamed, fileNames, problems, foreign };
}

/** Whatever is no part of the encoder, as `qa_outputs.weight`. */
function isForeignHead(name: string): boolean {
  return !name.includes("bert.") &&
    !/^(?:embeddings|encoder|pooler)\./.test(name.replace(WRAPPERS, ""));
}

function unknownNaming(arrays: NamedArrays, file: string): Error {
  const names = [...arrays.keys()];
  if (names.length === 0) return badWeights(file, "it holds no arrays");
  const some = names.slice(0, 3).map((name) => `"${name}"`).join(", ");
  return names.some((name) => name.includes("."))
    ? badWeights(
      file,
      `its arrays (${some}, ...) are not named as in BERT of d2l or Hugging Face`,
    )
    : badWeights(
      file,
      `its arrays (${some}, ...) are numbered, not named by their place in the model`,
      "save it with save_parameters(), not collect_params().save()",
    );
}
