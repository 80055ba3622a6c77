/**
 * Renames a file's arrays, and tells those that have no place.
 *
 * @module
 */
import type { NamedArrays } from "../formats/arrays.ts";
import { badWeights } from "../formats/bad_weights.ts";
import type { FamilyName } from "../model_config.ts";
import { detectFamily, detectNaming } from "./detect_names.ts";
import { huggingFaceFamily } from "./families.ts";
import type { Names, Naming } from "./family.ts";
import { namesOf, neutralName, plainName } from "./names.ts";

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
 * @param family Which of Hugging Face's families they should be of, if of one;
 *     BERT if not given.
 * @return The renamed arrays, with the problems still to be reported.
 * @throws UserError `bad-weights` if nobody's naming fits, or another family's.
 */
export function renameToNeutral(
  arrays: NamedArrays,
  file: string,
  family: FamilyName = "hf-bert",
): RenamedArrays {
  const naming = detectNaming(arrays.keys());
  if (!naming) throw unknownNaming(arrays, file);
  const names = namesOf(naming, family);
  const { title = "BERT" } = naming === "hf" ? huggingFaceFamily(family) : {};
  if (naming === "hf") checkFamily(arrays, file, family);
  const renamed: NamedArrays = new Map();
  const fileNames = new Map<string, string>();
  const problems: string[] = [];
  const foreign: string[] = [];
  for (const [name, array] of arrays) {
    const plain = names ? plainName(name, names) : name;
    if (names?.redundant.includes(plain)) continue;
    const neutral = neutralName(name, naming, family);
    const earlier = neutral && fileNames.get(neutral);
    if (!neutral && naming === "hf" && isForeign(name, names!)) {
      foreign.push(name);
    } else if (!neutral) {
      problems.push(
        `array "${name}" is not part of a ${title} encoder or its heads`,
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

function checkFamily(
  arrays: NamedArrays,
  file: string,
  family: FamilyName,
): void {
  const { names } = huggingFaceFamily(family);
  const own = arrays.keys().some((name) =>
    plainName(name, { ...names, prefix: "" }).startsWith(names.prefix)
  );
  // Another model beside it, as a generator, is left out with other heads.
  const found = own ? family : detectFamily(arrays.keys());
  if (found === null || found === family) return;
  throw badWeights(
    file,
    `its arrays are those of ${huggingFaceFamily(found).title}, expected ${
      huggingFaceFamily(family).title
    } as the directory's config.json says`,
    "weights and config.json are of different models (model_type)",
  );
}

/**
 * Whether an array is of another head, as `qa_outputs.weight`, or one that a
 * classifier of the family leaves out.
 */
function isForeign(name: string, names: Names): boolean {
  const plain = plainName(name, names);
  if (names.unused?.test(plain)) return true;
  return !name.includes(names.prefix) && !sectionsOf(names).has(first(plain));
}

/** How the names of the encoder's parts begin. */
function sectionsOf({ rows, prefixed }: Names): Set<string> {
  return new Set(
    rows.filter(([neutral]) => prefixed?.test(neutral))
      .map(([, own]) => first(own)),
  );
}

function first(name: string): string {
  return name.split(".", 1)[0];
}

function unknownNaming(arrays: NamedArrays, file: string): Error {
  const names = [...arrays.keys()];
  if (names.length === 0) return badWeights(file, "it holds no arrays");
  const some = names.slice(0, 3).map((name) => `"${name}"`).join(", ");
  return names.some((name) => name.includes("."))
    ? badWeights(
      file,
      `its arrays (${some}, ...) are not named as in BERT of d2l, or in BERT, DistilBERT, ELECTRA or RoBERTa of Hugging Face`,
    )
    : badWeights(
      file,
      `its arrays (${some}, ...) are numbered, not named by their place in the model`,
      "save it with save_parameters(), not collect_params().save()",
    );
}
