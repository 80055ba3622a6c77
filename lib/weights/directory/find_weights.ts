/**
 * Which file of a model directory is its weights.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { readRegular } from "../../base/files/regular.ts";
import type { WarningEvent } from "../../events/events.ts";
import { INDEX, parseIndex, siblingsOf } from "../formats/shards.ts";
import { badModel, listNames } from "./bad_model.ts";
import type { Listing } from "./listing.ts";
import {
  type DirectoryKind,
  isTrainingState,
  USUAL_WEIGHTS,
  variantOf,
  weightsIn,
} from "./weight_names.ts";

/** A model's weights. */
export interface FoundWeights {
  /** The file's path; of a model in several files, that of their index. */
  file: string;
  /** What the user should know of the choice. */
  warnings: WarningEvent[];
}

/**
 * Finds a model's weights.
 *
 * @param listing The model's directory.
 * @param kind Whose it is.
 * @param given A file that was asked for, in the working directory or the
 *     model's; without it, the usual one, or the only one there is.
 * @throws UserError `bad-model` if there is none, or more than one.
 */
export async function findWeights(
  listing: Listing,
  kind: DirectoryKind,
  given?: string,
): Promise<FoundWeights> {
  const { directory, files, broken } = listing;
  if (given !== undefined) {
    return { file: await findGiven(directory, given), warnings: [] };
  }
  const usual = USUAL_WEIGHTS[kind].find((name) =>
    files.has(name) || broken.has(name)
  );
  if (usual !== undefined && broken.has(usual)) {
    throw brokenLink(listing, usual);
  }
  if (usual !== undefined) {
    const file = join(directory, usual);
    const strays = usual.endsWith(INDEX) ? await straysOf(listing, file) : [];
    return { file, warnings: strays };
  }
  const others = weightsIn(listing);
  if (others.length !== 1) throw unclear(listing, kind, others);
  const [name] = others;
  return { file: join(directory, name), warnings: tellVariant(listing, name) };
}

/**
 * The error for a symbolic link to nothing in the place of a file.
 *
 * @param listing The directory.
 * @param name The link's name.
 */
export function brokenLink(
  { directory, broken }: Listing,
  name: string,
): Error {
  return badModel(
    directory,
    `its "${name}" is a link to "${broken.get(name)}", which is not there`,
    "the download was not finished, or the directory was copied without what " +
      "its links point to (cp -L follows them)",
  );
}

async function findGiven(directory: string, given: string): Promise<string> {
  for (const path of [given, join(directory, given)]) {
    const info = await Deno.stat(path).catch(() => null);
    // What is read refuses a pipe by its kind.
    if (info !== null && !info.isDirectory) return path;
  }
  throw badModel(directory, `there is no file "${given}" (--weights)`);
}

function unclear(
  { directory, files }: Listing,
  kind: DirectoryKind,
  found: readonly string[],
): Error {
  if (found.length > 0) {
    return badModel(
      directory,
      `its weights may be any of ${found.join(", ")}; choose with --weights`,
      `as --weights ${join(directory, found[0])}`,
    );
  }
  const state = [...files].filter(isTrainingState);
  return badModel(
    directory,
    `it has no weights (${USUAL_WEIGHTS[kind].join(", ")})` +
      (state.length > 0
        ? `; ${listNames(state)} ${
          state.length === 1 ? "is" : "are"
        } what training keeps beside them`
        : ""),
    "download or copy them into it, or --weights names them elsewhere",
  );
}

/** Numbered files beside an index that does not name them. */
async function straysOf(
  { files }: Listing,
  index: string,
): Promise<WarningEvent[]> {
  const named = new Set(
    parseIndex(await readRegular(index), index).values(),
  );
  const stem = basename(index).split(".")[0];
  const strays = [...files].filter((name) =>
    name.startsWith(`${stem}-`) && siblingsOf(name) !== null &&
    !named.has(name)
  );
  return strays.length === 0 ? [] : [{
    event: "warning",
    code: "stray-weights",
    message: `"${index}" does not name ${
      listNames(strays)
    }, which are not read`,
    hint: "are they of another download?",
  }];
}

function tellVariant({ directory }: Listing, name: string): WarningEvent[] {
  const variant = variantOf(name);
  return variant === undefined ? [] : [{
    event: "warning",
    code: "weights-variant",
    message:
      `"${directory}" has weights of the variant ${variant} alone, and ` +
      `"${name}" is read`,
    hint: "",
  }];
}
