/**
 * Data sets of the Hugging Face hub: which files are fetched, and which splits
 * a folder of them holds.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../../base/errors.ts";
import { readRegularText } from "../../../base/files/regular.ts";
import type { WarningEvent } from "../../../events/events.ts";
import type { ChooseFiles } from "../../../hub/download_options.ts";
import { filesIn } from "../../../hub/repository/find_snapshot.ts";
import { badData } from "../../read/bad_data.ts";
import { CARD, type HubSplits, hubSplits, passedOver } from "./hub_splits.ts";

/** The files of a data set of the hub on this machine. */
export interface HubFolder {
  /** The directory. */
  directory: string;
  /** Which of its configurations is meant; the only one if absent. */
  config?: string | undefined;
}

/**
 * Chooses the files of a data set: its card, and the files of every split of
 * one configuration.
 *
 * @param config The configuration; the only one if undefined.
 * @param onWarning Is told of files that might be data and are left out.
 * @return Chooses of a repository's files; throws `bad-data` if they are no
 *   data that can be read.
 *
 * @example
 * ```ts
 * import { chooseDataFiles } from "./hub_folder.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const choose = chooseDataFiles(undefined);
 * const paths = ["test.csv", "train.csv", "picture.png"];
 * const read = () => Promise.resolve("");
 * assertEquals(await choose(paths, read), ["train.csv", "test.csv"]);
 * ```
 */
export function chooseDataFiles(
  config: string | undefined,
  onWarning?: (warning: WarningEvent) => void,
): ChooseFiles {
  return async (paths, read) => {
    const hasCard = paths.includes(CARD);
    const card = hasCard ? await read(CARD) : null;
    const data = { paths, card, config };
    const splits = hubSplits(data);
    const left = passedOver(data, splits);
    if (left.length > 0) onWarning?.(notTaken(left));
    const files = splits.flatMap(([, files]) => files);
    return [...new Set([...hasCard ? [CARD] : [], ...files])];
  };
}

/** Names that a warning lists at most. */
const MOST_LISTED = 5;

function notTaken(files: readonly string[]): WarningEvent {
  const others = files.length - MOST_LISTED;
  return {
    event: "warning",
    code: "passed-over",
    message: "Of the data set not everything is taken: " +
      files.slice(0, MOST_LISTED).join(", ") +
      (others > 0 ? ` and ${others} others` : "") +
      (files.length === 1 ? " is" : " are") + " of no split",
    hint: "fetch a file by hand, and name it as --data SPLIT=FILE",
  };
}

/**
 * Finds the files of each split of a data set that was fetched.
 *
 * @param folder Where it is, and which configuration is meant.
 * @return Their paths.
 * @throws {UserError} `bad-data` if it cannot be told.
 */
export async function findHubSplits(
  { directory, config }: HubFolder,
): Promise<HubSplits> {
  const paths = await filesIn(directory);
  const card = paths.includes(CARD)
    ? await readRegularText(join(directory, CARD))
    : null;
  try {
    return hubSplits({ paths, card, config }).map(([split, files]) => [
      split,
      files.map((file) => join(directory, file)),
    ]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint } = error;
    throw badData({ path: directory }, message, { hint });
  }
}
