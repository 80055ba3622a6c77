/**
 * What transformers' Trainer writes: folders `checkpoint-STEP`, each a model
 * with the state of its training, and in the end the final model beside them.
 *
 * @module
 */
import { basename, join, relative } from "@std/path";
import { readRegularText } from "../../base/files/regular.ts";
import { badModel, listNames } from "./bad_model.ts";
import { listDirectory, type Listing } from "./listing.ts";
import { modelsBelow } from "./nested_models.ts";
import type { Step } from "./step.ts";
import { weightsIn } from "./weight_names.ts";

const CHECKPOINT = /^checkpoint-(\d+)$/;

/**
 * Goes to the newest checkpoint of a directory that has no final model, as
 * Trainer itself does to go on.
 *
 * @param listing A directory without a model of its own.
 * @return Null if it has no checkpoints; else the newest with weights, with a
 *     warning that names it, and the best one if Trainer kept that.
 * @throws UserError `bad-model` if none of them has weights, or another folder
 *     holds a model too.
 */
export async function inTrainingOutput(
  listing: Listing,
): Promise<Step | null> {
  const { directory, folders } = listing;
  const checkpoints = [...folders].filter((name) => CHECKPOINT.test(name))
    .sort((a, b) => stepOf(b) - stepOf(a));
  if (checkpoints.length === 0 || weightsIn(listing).length > 0) return null;
  const others = await modelsBelow(listing);
  if (others.length > 0) throw severalModels(listing, checkpoints, others);
  const whole: string[] = [];
  for (const name of checkpoints) {
    const listing = await listDirectory(join(directory, name));
    if (weightsIn(listing).length > 0) whole.push(name);
  }
  if (whole.length === 0) {
    throw badModel(
      directory,
      `its checkpoints have no weights: ${listNames(checkpoints)}`,
      "was the training stopped while it saved?",
    );
  }
  const [newest, ...older] = whole;
  const kept = await bestOf(join(directory, newest));
  const best = older.find((name) => name === kept);
  const rest = checkpoints.filter((name) => name !== newest);
  const told = [
    rest.length > 0 ? `; there are also ${listNames(rest)}` : "",
    best !== undefined
      ? `; the best one by its trainer_state.json is ${best}`
      : "",
  ];
  return {
    directory: join(directory, newest),
    warnings: [{
      event: "warning",
      code: "newest-checkpoint",
      message: `"${directory}" has no final model: the newest checkpoint, ` +
        `${newest}, is used${told.join("")}`,
      hint: older.length > 0
        ? `--model ${join(directory, best ?? older[0])} takes another`
        : "",
    }],
  };
}

/** Beside checkpoints, a folder of another name is likely the final model. */
function severalModels(
  { directory }: Listing,
  checkpoints: readonly string[],
  others: readonly string[],
): Error {
  const names = others.map((path) => relative(directory, path));
  return badModel(
    directory,
    `it holds ${checkpoints.length + names.length} models: ${
      listNames(names)
    } and the checkpoints ${listNames(checkpoints)}`,
    `name one of them, as --model ${others[0]}`,
  );
}

function stepOf(checkpoint: string): number {
  return Number(CHECKPOINT.exec(checkpoint)![1]);
}

/** The name of the checkpoint that Trainer found best, if it kept it. */
async function bestOf(checkpoint: string): Promise<string | undefined> {
  try {
    const path = join(checkpoint, "trainer_state.json");
    const { best_model_checkpoint: best } = JSON.parse(
      await readRegularText(path),
    );
    return typeof best === "string" && best !== "" ? basename(best) : undefined;
  } catch {
    return undefined; // It helps to choose, and no more.
  }
}
