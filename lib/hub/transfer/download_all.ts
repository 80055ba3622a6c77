import { listProblems, UserError } from "../../base/errors.ts";
import type { CatalogueEntry } from "../catalogue/catalogue.ts";
import type { DownloadOptions } from "../download_options.ts";
import { download } from "./download.ts";
import { joinProgress } from "./joined_progress.ts";

/** How several entries are downloaded. */
export interface DownloadAllOptions extends Omit<DownloadOptions, "onWait"> {
  /** Called with an entry's name if another process is at it. */
  onWait?: (name: string) => void;
}

/**
 * Downloads several entries into the cache, all at the same time. If some
 * fail, the others are still finished.
 *
 * @param entries The entries to fetch.
 * @param options As for one; progress is that of all together.
 * @return The directories of the extracted files, in the entries' order.
 * @throws {UserError} Telling all that failed; codes as for {@link download}.
 */
export async function downloadAll(
  entries: readonly CatalogueEntry[],
  { onWait, onProgress, ...options }: DownloadAllOptions,
): Promise<string[]> {
  const joined = onProgress && { onProgress: joinProgress(onProgress) };
  const results = await Promise.allSettled(
    entries.map((entry) =>
      download(entry, {
        ...options,
        ...joined,
        ...(onWait && { onWait: () => onWait(entry.name) }),
      })
    ),
  );
  options.signal?.throwIfAborted();
  const errors = results.flatMap((result) =>
    result.status === "rejected" ? [result.reason] : []
  );
  if (errors.length > 0) throw joinErrors(errors);
  return results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : []
  );
}

/** One error for several; a defect of this program comes first. */
function joinErrors(errors: readonly unknown[]): unknown {
  const told = errors.filter((error) => error instanceof UserError);
  if (told.length < errors.length) {
    return errors.find((error) => !(error instanceof UserError));
  }
  const [{ code, hint, exitCode }] = told;
  if (told.length === 1) return told[0];
  return listProblems("Cannot download all", told.map((e) => e.message), {
    code,
    hint,
    exitCode,
    cause: told[0],
  });
}
