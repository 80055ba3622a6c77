/**
 * Which files of a data set of the Hugging Face hub are which split: as its
 * card says, or else by their names.
 *
 * @module
 */
import { UserError } from "../../../base/errors.ts";
import { EXTENSIONS } from "../../read/format/file_names.ts";
import { splitAtEnd, splitNamed, splitRank } from "../split_names.ts";
import { type CardConfig, configsOf } from "./data_card.ts";
import { globOf } from "./glob.ts";

/** The files of each split, in order; `train` first, `test` last. */
export type HubSplits = [split: string, paths: string[]][];

/** What is known of a data set's repository. */
export interface HubData {
  /** All its files. */
  paths: readonly string[];
  /** The text of its card; null if it has none. */
  card: string | null;
  /** The configuration that is asked for. */
  config: string | undefined;
}

/** The card's file. */
export const CARD = "README.md";

const READABLE = new RegExp(
  `(?:${EXTENSIONS.map((end) => `\\${end}`).join("|")})(?:\\.gz)?$`,
  "i",
);

/** As `train-00000-of-00002-0a1b2c.parquet`. */
const SHARD = /-(\d{5})-of-(\d{5})(?:-[0-9a-f]+)?(?=\.)/;

/** What lies beside data and has a readable name. */
const NO_DATA = /(?:^|\/)(?:\.|readme|licen[cs]e|dataset_infos?\.|config\.)/i;

/**
 * Finds the files of each split of a data set.
 *
 * @param data What is known of it.
 * @throws {UserError} `bad-data` if it has several configurations and none is
 *   named, or none of this name, or no files that can be read; the message is
 *   the reason alone.
 */
export function hubSplits({ paths, card, config }: HubData): HubSplits {
  const configs = card === null ? [] : configsOf(card);
  const sorted = paths.toSorted();
  const chosen = configs.length > 0 ? chooseConfig(configs, config) : null;
  const splits = chosen === null
    ? splitsByName(sorted, config)
    : splitsOfCard(sorted, chosen);
  for (const [split, files] of splits) {
    checkFiles(split, files, { isListed: (chosen?.splits ?? null) !== null });
  }
  return splits.sort(([a], [b]) => splitRank(a) - splitRank(b));
}

/**
 * What might be data of a data set and is of no split; none where its card lists
 * the files, or folders hold several configurations.
 *
 * @param data What is known of it.
 * @param splits What {@link hubSplits} found.
 */
export function passedOver(
  { paths, card, config }: HubData,
  splits: HubSplits,
): string[] {
  if (config !== undefined || card && configsOf(card).length > 0) return [];
  const taken = new Set(splits.flatMap(([, files]) => files));
  return paths.filter((path) =>
    READABLE.test(path) && !NO_DATA.test(path) && !taken.has(path)
  );
}

function chooseConfig(
  configs: readonly CardConfig[],
  asked: string | undefined,
): CardConfig {
  if (asked !== undefined) {
    const found = configs.find(({ name }) => name === asked);
    if (found !== undefined) return found;
    throw noConfig(asked, configs.map(({ name }) => name));
  }
  const chosen = configs.length === 1
    ? configs
    : configs.filter(({ isDefault }) => isDefault);
  if (chosen.length === 1) return chosen[0];
  throw severalConfigs(configs.map(({ name }) => name));
}

function splitsOfCard(
  paths: readonly string[],
  { name, splits, folder }: CardConfig,
): HubSplits {
  const below = folder === "" ? "" : `${folder}/`;
  if (splits === null) {
    const own = paths.filter((path) => path.startsWith(below));
    return ownSplits(own.map((path) => path.slice(below.length)))
      .map(([split, files]) => [split, files.map((file) => below + file)]);
  }
  const found = new Map<string, string[]>();
  for (const [split, patterns] of splits) {
    const taken = patterns.flatMap((pattern) => {
      if (/^[a-z]+:\/\//i.test(pattern)) {
        throw noData(
          `its configuration ${name} names a file elsewhere: ${pattern}`,
          "fetch it by hand, and name it as --data train=FILE",
        );
      }
      const fits = globOf(below + pattern.replace(/^\.?\/+/, ""));
      const files = paths.filter(fits);
      if (files.length > 0) return files;
      throw noData(
        `it has no file "${below}${pattern}", which its configuration ${name} names`,
        "its owners may mend it; older revisions may have it",
      );
    });
    const key = splitNamed(split) ?? split.toLowerCase().replaceAll("-", "_");
    found.set(key, [...new Set([...found.get(key) ?? [], ...taken])]);
  }
  return [...found];
}

/** By names alone: of the top, of the folder `data`, or of one other folder. */
function splitsByName(
  paths: readonly string[],
  config: string | undefined,
): HubSplits {
  const folders = Map.groupBy(
    paths.filter((path) => path.includes("/")),
    (path) => path.slice(0, path.indexOf("/")),
  );
  const within = (folder: string): HubSplits =>
    ownSplits(
      (folders.get(folder) ?? []).map((path) => path.slice(folder.length + 1)),
    ).map(([split, files]) => [
      split,
      files.map((file) => `${folder}/${file}`),
    ]);
  const named = [...folders.keys()].filter((folder) =>
    splitOfFolder(folder) === null && folder !== "data" &&
    within(folder).length > 0
  );
  if (config !== undefined) {
    if (named.includes(config)) return within(config);
    throw noConfig(config, named);
  }
  const top = ownSplits(paths.filter((path) => {
    const at = path.indexOf("/");
    return at < 0 || splitOfFolder(path.slice(0, at)) !== null;
  }));
  if (top.length > 0) return top;
  const data = within("data");
  if (data.length > 0) return data;
  if (named.length === 1) return within(named[0]);
  if (named.length > 1) throw severalConfigs(named);
  throw noneFound(paths);
}

/** Splits of the files of a folder: by their names, or those of its folders. */
function ownSplits(paths: readonly string[]): HubSplits {
  const found = Map.groupBy(
    paths.filter((path) => READABLE.test(path) && !NO_DATA.test(path)),
    (path) => splitOfPath(path),
  );
  found.delete(null);
  return [...found] as HubSplits;
}

function splitOfPath(path: string): string | null {
  const segments = path.split("/");
  const file = segments.pop()!;
  for (const folder of segments.reverse()) {
    const split = splitOfFolder(folder);
    if (split !== null) return split;
  }
  // Files of other folders are of something else.
  if (segments.length > 0) return null;
  return splitAtEnd(file.replace(SHARD, "").replace(/(?:\.\w+)(?:\.gz)?$/, ""));
}

/** The hub's own conversion calls a part of a large split `partial-train`. */
function splitOfFolder(folder: string): string | null {
  return splitNamed(folder.replace(/^partial-/, ""));
}

/**
 * All files of a split must be there, in one format that is read; if nobody
 * lists them, their names must tell that they belong together.
 */
function checkFiles(
  split: string,
  files: readonly string[],
  { isListed }: { isListed: boolean },
): void {
  const [first] = files;
  const odd = files.find((file) => !READABLE.test(file));
  if (odd !== undefined) {
    throw noData(
      `its file ${odd} is of a format that is not read, expected ${
        EXTENSIONS.join(", ")
      }`,
      "the hub converts many data sets: ask for the revision " +
        "refs/convert/parquet",
    );
  }
  const shards = files.map((file) => SHARD.exec(file));
  if (shards[0] !== null) {
    const count = Number(shards[0][2]);
    const stem = first.replace(SHARD, "-of-");
    const isWhole = files.length === count &&
      files.every((file, i) =>
        file.replace(SHARD, "-of-") === stem && Number(shards[i]?.[1]) === i
      );
    if (isWhole) return;
    throw noData(
      `of its split ${split} there are ${files.length} files, expected the ` +
        `${count} as ${first}`,
      "name the files that are meant, as --data train=A.parquet",
    );
  }
  const folders = new Set(files.map((file) => file.split("/").at(-2) ?? ""));
  const ends = new Set(files.map((file) => READABLE.exec(file)![0]));
  const isTold = isListed || files.length === 1 || isNumbered(files, folders);
  if (ends.size === 1 && isTold) return;
  throw noData(
    `its files ${files.join(" and ")} are all the split "${split}"`,
    "fetch the one that is meant by hand, and name it as --data train=FILE",
  );
}

/** Whether a split's own folder holds its files, as `train/0000.parquet`. */
function isNumbered(
  files: readonly string[],
  folders: ReadonlySet<string>,
): boolean {
  return folders.size === 1 &&
    files.every((file) => /\/\d+\.[^/]+$/.test(file));
}

function noneFound(paths: readonly string[]): UserError {
  const script = paths.find((path) => /^[^/]+\.py$/.test(path));
  if (script !== undefined) {
    return noData(
      `it is a program, ${script}, which is not run, and no files of data`,
      "the hub converts many such: ask for the revision refs/convert/parquet",
    );
  }
  return noData(
    "it has no file whose name ends in train, dev (val, valid, validation) or " +
      `test (eval, evaluation) and ${EXTENSIONS.join(", ")}`,
    "fetch its files by hand, and name them as --data train=A.csv",
  );
}

function severalConfigs(names: readonly string[]): UserError {
  return noData(
    `it has several configurations: ${names.join(", ")}`,
    `name one at the end, as hf:OWNER/NAME/${names[0]}`,
  );
}

function noConfig(asked: string, names: readonly string[]): UserError {
  return noData(
    `it has no configuration "${asked}"`,
    names.length === 0
      ? "it has none; leave it out"
      : `it has ${names.join(", ")}`,
  );
}

function noData(reason: string, hint: string): UserError {
  return new UserError(reason, { code: "bad-data", hint });
}
