/**
 * Hugging Face's cache: a folder for each repository, whose snapshots hold
 * symbolic links to the files.
 *
 * `models--OWNER--NAME/refs/main` has the name of the newest snapshot,
 * `models--OWNER--NAME/snapshots/REVISION` its files (huggingface_hub's "Manage
 * the cache").
 *
 * @module
 */
import { basename, join, resolve } from "@std/path";
import { readRegularText } from "../../base/files/regular.ts";
import { badModel, listNames } from "./bad_model.ts";
import { listDirectory, type Listing } from "./listing.ts";
import type { Step } from "./step.ts";

/** A repository's folder. */
const REPOSITORY = /^(models|datasets|spaces)--(.+)$/;

/**
 * The name of a repository on the hub, as `OWNER/NAME`.
 *
 * @param folder Its folder in the cache.
 * @return Undefined for other folders.
 */
export function repositoryOf(folder: string): string | undefined {
  return REPOSITORY.exec(basename(resolve(folder)))?.[2].replaceAll("--", "/");
}

/**
 * Goes from the cache to the folder of its one model.
 *
 * @param listing A directory.
 * @return Null if it is not such a cache.
 * @throws UserError `bad-model` if it has several models, or none.
 */
export function inHubCache(
  { directory, folders }: Listing,
): Promise<Step | null> | Step | null {
  const repositories = [...folders].filter((name) => REPOSITORY.test(name));
  if (repositories.length === 0) return null;
  const models = repositories.filter((name) => name.startsWith("models--"));
  if (models.length === 1) {
    return { directory: join(directory, models[0]), warnings: [] };
  }
  const [first] = models.sort();
  throw models.length === 0
    ? badModel(
      directory,
      `it is a cache of Hugging Face without any model, but with ${
        listNames(repositories)
      }`,
      "name a model; data are given as --data",
    )
    : badModel(
      directory,
      `it is a cache of Hugging Face with ${models.length} models: ${
        listNames(models)
      }`,
      `name one of them, as --model ${join(directory, first)}`,
    );
}

/**
 * Goes from a repository in the cache to its snapshot.
 *
 * @param listing A directory.
 * @return Null if it is not such a repository.
 * @throws UserError `bad-model` if it is a data set's, or which snapshot is
 *     meant is not known.
 */
export async function inRepository(
  { directory, folders }: Listing,
): Promise<Step | null> {
  const kind = REPOSITORY.exec(basename(resolve(directory)))?.[1];
  const name = repositoryOf(directory);
  if (kind === "datasets" || kind === "spaces") {
    throw badModel(
      directory,
      `it holds the ${
        kind === "datasets" ? "data set" : "space"
      } ${name} of Hugging Face's cache`,
      "name a model; data are given as --data",
    );
  }
  if (!folders.has("snapshots")) return null;
  if (!folders.has("refs") && !folders.has("blobs") && !kind) return null;
  const snapshots = join(directory, "snapshots");
  const revisions = [...(await listDirectory(snapshots)).folders].sort();
  const again = `download it again: hf download ${name ?? "OWNER/NAME"}`;
  const main = await readMain(directory);
  if (main !== null && revisions.includes(main)) {
    return { directory: join(snapshots, main), warnings: [] };
  }
  if (main === null && revisions.length === 1) {
    return { directory: join(snapshots, revisions[0]), warnings: [] };
  }
  throw badModel(
    directory,
    revisions.length === 0
      ? "it has no snapshot: its download was not finished"
      : `its refs/main ${
        main === null ? "is not there" : `names the snapshot ${main}`
      }, and its snapshots are ${listNames(revisions)}`,
    revisions.length === 0
      ? again
      : `name a snapshot, as --model ${
        join(snapshots, revisions[0])
      }, or ${again}`,
  );
}

async function readMain(directory: string): Promise<string | null> {
  try {
    const text = await readRegularText(join(directory, "refs", "main"));
    return text.trim();
  } catch {
    return null;
  }
}
