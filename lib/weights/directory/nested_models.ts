/**
 * Models in the folders of a directory, as archives have them.
 *
 * @module
 */
import { join, relative } from "@std/path";
import { badModel, listNames } from "./bad_model.ts";
import { repositoryOf } from "./hub_cache.ts";
import { listDirectory, type Listing } from "./listing.ts";
import type { Step } from "./step.ts";
import { weightsIn } from "./weight_names.ts";

/** How deep models are looked for. */
const DEEPEST = 5;

/** How many folders are looked into. */
const MOST_FOLDERS = 1000;

/** Folders with no models, or with parts of one. */
const PASSED_OVER =
  /^(?:\.|__|node_modules$|checkpoints?$|checkpoint-\d+$|global_step\d+$|onnx$|openvino$)/;

/**
 * Goes to the one model in the folders of a directory.
 *
 * @param listing A directory without a model of its own.
 * @return Null if there is none; else the model's, with a warning that names it.
 * @throws UserError `bad-model` if there are several, with their names.
 */
export async function inFolders(listing: Listing): Promise<Step | null> {
  const { directory } = listing;
  const models = await modelsBelow(listing);
  const names = models.map((model) => relative(directory, model));
  if (models.length === 0) return null;
  if (models.length > 1) {
    throw badModel(
      directory,
      `it holds ${models.length} models: ${listNames(names)}`,
      `name one of them, as --model ${models.toSorted()[0]}`,
    );
  }
  return {
    directory: models[0],
    warnings: [{
      event: "warning",
      code: "model-within",
      message: `"${directory}" is no model itself: the only one in it, ` +
        `"${names[0]}", is used`,
      hint: "",
    }],
  };
}

/**
 * The models in a directory's folders, those within models not counted.
 *
 * @param top The directory.
 * @return Their paths.
 */
export async function modelsBelow(top: Listing): Promise<string[]> {
  const found: string[] = [];
  let level = [top];
  let left = MOST_FOLDERS;
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const next: Listing[] = [];
    for (const { directory, folders } of level) {
      for (const name of [...folders].sort()) {
        if (PASSED_OVER.test(name) || left-- <= 0) continue;
        const path = join(directory, name);
        const listing = await listDirectory(path).catch(() => null);
        if (listing === null) continue;
        if (holdsModel(listing)) found.push(path);
        else next.push(listing);
      }
    }
    level = next;
  }
  return found;
}

/** Whether a folder is a model's, so that it makes sense to name it. */
function holdsModel(listing: Listing): boolean {
  const { directory, files, folders } = listing;
  const described = ["config.json", "bert_config.json", "vocab.json"]
    .some((name) => files.has(name));
  return files.has("modules.json") ||
    described && weightsIn(listing).length > 0 ||
    folders.has("snapshots") && repositoryOf(directory) !== undefined ||
    [...folders].some((name) => /^checkpoint-\d+$/.test(name));
}
