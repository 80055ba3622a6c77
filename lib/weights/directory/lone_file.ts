/**
 * A file that was given in the place of a model's directory.
 *
 * @module
 */
import { basename, dirname, resolve } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { INDEX } from "../formats/shards.ts";
import { badModel } from "./bad_model.ts";
import { foreignFileName } from "./foreign_kinds.ts";
import { isTrainingState, namesWeights } from "./weight_names.ts";

/** Files of a model directory that name it as well as itself does. */
const MARKS =
  /^(?:(?:bert_)?config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|modules|run)\.json$|^(?:vocab|merges)\.txt$/;

/** What a file of a model directory stands for. */
export interface FileOfModel {
  /** The directory. */
  directory: string;
  /** The file, if it is its weights. */
  weights: string | undefined;
}

/**
 * The directory that a file of a model stands for.
 *
 * @param path The file.
 * @throws UserError `bad-input` if it is no file of a model.
 */
export function directoryOfFile(path: string): FileOfModel {
  const name = basename(path);
  const directory = dirname(path);
  if (MARKS.test(name)) return { directory, weights: undefined };
  const foreign = foreignFileName(name);
  if (namesWeights(name) && !foreign || name.endsWith(INDEX)) {
    return { directory, weights: path };
  }
  throw new UserError(
    `Cannot use "${path}" as a model: ${
      isTrainingState(name)
        ? "it is what training keeps beside a model"
        : foreign
        ? `it is ${foreign.what}`
        : "it is a file, expected a directory, a zip or tar archive or a " +
          "catalogue name"
    }`,
    {
      code: "bad-input",
      hint: foreign?.hint.replaceAll("DIR", directory) ??
        "name the directory that the model is in",
    },
  );
}

/**
 * The weights that are meant where a file of them stands in the place of their
 * directory: it can be named once.
 *
 * @param place What was given as the model.
 * @param named The file of weights that this is, if it is one.
 * @param given The file of weights that was asked for besides; or `random`.
 * @throws UserError `bad-model` if the two are not the same.
 */
export function chooseWeights(
  place: string,
  named: string | undefined,
  given: string | undefined,
): string | undefined {
  if (named === undefined || given === undefined) return given ?? named;
  if (given === "random" || resolve(given) === resolve(named)) return given;
  throw badModel(
    place,
    `it is a file of weights, and --weights names another, "${given}"`,
    "give --model the directory",
  );
}
