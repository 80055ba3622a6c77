/**
 * From what a user calls a model to the files of one.
 *
 * @module
 */
import { basename } from "@std/path";
import { DEFAULT_CACHE } from "../base/cache_places.ts";
import { infoOf } from "../base/files/info.ts";
import type { WarningEvent } from "../events/events.ts";
import { archiveFormatOf } from "../hub/archive/archive_format.ts";
import { loadCatalogue } from "../hub/catalogue/catalogue.ts";
import { resolveSource } from "../hub/catalogue/resolve.ts";
import { isRepositoryName } from "../hub/repository/repository_name.ts";
import { locateModel } from "./directory/locate_model.ts";
import { endsAsWeights } from "./directory/weight_names.ts";
import type { ModelOverrides } from "./model_config.ts";
import { type OpenedModel, openModelDir } from "./model_dir.ts";

/** How a model is found and opened. */
export interface OpenModelOptions extends ModelOverrides {
  /** Where downloads are kept; `.premise/cache` if not given. */
  cache?: string | undefined;
  /** A catalogue file whose entries are added to the built-in ones. */
  catalogue?: string | undefined;
  /**
   * A weights file instead of the directory's own; or `random`, to open the
   * model for its configuration and its vocabulary alone.
   */
  weights?: string | undefined;
  /** Leaves the output layer out, to fine-tune it for other classes. */
  newHead?: boolean | undefined;
  /** Opens it for its vocabulary, its length and its labels alone. */
  textOnly?: boolean | undefined;
}

/**
 * Opens a model's files.
 *
 * @param source A directory, an archive, a file of a model's directory, a
 *     catalogue name or `hf:OWNER/NAME`.
 * @param options Where to look, and what the files do not tell.
 * @return Configuration, vocabulary and arrays, checked against each other.
 * @throws {UserError} If it is missing, damaged or inconsistent.
 *
 * @example
 * ```ts
 * import { openModel } from "./open_model.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { config } = await openModel("fixtures/golden/hf");
 * assertEquals(config.activation, "gelu");
 * ```
 */
export async function openModel(
  source: string,
  options: OpenModelOptions = {},
): Promise<OpenedModel> {
  const { cache = DEFAULT_CACHE, catalogue } = options;
  const { directory, facts } = await isFileOfModel(source)
    ? { directory: source }
    : await resolveSource(source, {
      cache,
      kind: "model",
      catalogue: await loadCatalogue(catalogue),
    });
  const { weights, heads, dropout, labels, maxLength } = options;
  const { newHead, textOnly } = options;
  return await openModelDir(directory, {
    facts,
    weights,
    heads,
    dropout,
    labels,
    maxLength,
    newHead,
    textOnly,
  });
}

/** Where a model that is to be pinned is looked for. */
export interface PinModelOptions
  extends Pick<OpenModelOptions, "cache" | "catalogue"> {
  /** Is told what there is to know of the way to the model's directory. */
  onWarning?: ((warning: WarningEvent) => void) | undefined;
}

/**
 * What stands for the same model for ever: of a repository of the Hugging Face
 * hub, its name with the commit that is in the cache; of a directory, the one
 * in it that the model lies in, as the newest checkpoint; else the source
 * itself.
 *
 * @param source As {@link openModel} takes it.
 * @param options Where to look.
 * @throws {UserError} If the repository is not in the cache, or the directory
 *     holds several models.
 */
export async function pinModel(
  source: string,
  { cache = DEFAULT_CACHE, catalogue, onWarning }: PinModelOptions = {},
): Promise<string> {
  const entries = await loadCatalogue(catalogue);
  const url = entries.get(source)?.url ?? source;
  if (!isRepositoryName(url)) {
    if (!(await infoOf(source))?.isDirectory) return source;
    const { listing, warnings } = await locateModel(source);
    warnings.forEach((warning) => onWarning?.(warning));
    return listing.directory;
  }
  const options = { cache, kind: "model", catalogue: entries } as const;
  const { pinned } = await resolveSource(source, options);
  return pinned ?? source;
}

/** Weights of PyTorch and NumPy are zip archives too, but not of a model. */
async function isFileOfModel(source: string): Promise<boolean> {
  const info = await infoOf(source);
  return info?.isFile === true &&
    (endsAsWeights(basename(source)) || await archiveFormatOf(source) === null);
}
