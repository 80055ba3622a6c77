/**
 * From what a user names to the directory that a model's files lie in.
 *
 * @module
 */
import type { WarningEvent } from "../../events/events.ts";
import { inHubCache, inRepository } from "./hub_cache.ts";
import { listDirectory, type Listing } from "./listing.ts";
import { directoryOfFile } from "./lone_file.ts";
import { inFolders } from "./nested_models.ts";
import { inSentenceEncoder } from "./sentence_encoder.ts";
import type { Step } from "./step.ts";
import { inTrainingOutput } from "./training_output.ts";

/** A model's place. */
export interface LocatedModel {
  /** Its directory. */
  listing: Listing;
  /** The weights that were named in the directory's place. */
  weights?: string | undefined;
  /** What the user should know of the way there. */
  warnings: WarningEvent[];
}

/** The ways from a directory to the model in it, the surest ones first. */
const WAYS: readonly ((
  listing: Listing,
) => Promise<Step | null> | Step | null)[] = [
  inRepository,
  inHubCache,
  inSentenceEncoder,
  // It may have a tokenizer, and no model, beside its checkpoints.
  inTrainingOutput,
  inItself,
  inFolders,
];

/**
 * Finds the directory of a model.
 *
 * @param place A directory, or a file of a model directory.
 * @return The directory, which may yet turn out to be no model's.
 * @throws UserError `bad-model` if there are several models, `bad-input` if it
 *     is a file of another kind.
 */
export async function locateModel(place: string): Promise<LocatedModel> {
  const info = await Deno.stat(place).catch(() => null);
  if (info?.isFile) {
    const { directory, weights } = directoryOfFile(place);
    return { listing: await listDirectory(directory), weights, warnings: [] };
  }
  return await follow(place);
}

async function follow(directory: string): Promise<LocatedModel> {
  const listing = await listDirectory(directory);
  for (const way of WAYS) {
    const step = await way(listing);
    if (step === null) continue;
    const { warnings } = step;
    if (step.directory === directory) return { listing, warnings };
    const rest = await follow(step.directory);
    return { ...rest, warnings: [...warnings, ...rest.warnings] };
  }
  return { listing, warnings: [] };
}

/** A directory with any of these is one of a model, or of part of one. */
function inItself({ directory, files, broken }: Listing): Step | null {
  const marks = ["config.json", "bert_config.json", "vocab.json", "run.json"];
  return marks.some((name) => files.has(name) || broken.has(name))
    ? { directory, warnings: [] }
    : null;
}
