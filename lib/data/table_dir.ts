/**
 * A directory of encoded data: `table.json` says what was encoded and how,
 * `train.arrow`, `test.arrow` and so on hold the splits.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "@std/path";
import { createHash } from "node:crypto";
import { UserError } from "../errors.ts";
import { replaceFile, syncFolder } from "../files.ts";
import { digestFile } from "../hub/digest.ts";
import { isSystemError } from "../hub/system_error.ts";
import {
  decodeTable,
  type Table,
  type TableColumns,
  writeTable,
} from "./table.ts";
import {
  badTableDir,
  MANIFEST,
  readManifest,
  type TableManifest,
  type TableSettings,
} from "./table_manifest.ts";

/** A directory of encoded data in which no file is missing. */
export interface TableDir {
  /** Where it is. */
  readonly directory: string;
  /** What it says of itself. */
  readonly manifest: TableManifest;
  /**
   * Reads the table of a split.
   *
   * @throws {UserError} `bad-table` if there is no such split, or the file is
   * not the one that was written.
   */
  open(split: string): Promise<Table>;
}

/** A split to write. */
export interface SplitTable {
  /** Its examples. */
  columns: TableColumns;
  /** Examples left out because they have no gold label. */
  dropped: number;
}

/**
 * Opens a directory of encoded data.
 *
 * @param directory Made by `preprocess`.
 * @return What it says of itself; tables are read when asked for.
 * @throws {UserError} `bad-table` if it is missing, or files of it are, or it
 * is of another version.
 */
export async function readTableDir(directory: string): Promise<TableDir> {
  const manifest = await readManifest(directory);
  for (const split of Object.keys(manifest.splits)) {
    const info = await Deno.stat(tablePath(directory, split)).catch(() => null);
    if (info?.isFile) continue;
    throw badTableDir(directory, `"${split}.arrow" is missing`);
  }
  return {
    directory,
    manifest,
    open: (split) => openSplit(directory, manifest, split),
  };
}

/**
 * Writes a directory of encoded data. It appears whole, in the place of older
 * encoded data if there is any.
 *
 * @param directory Where to.
 * @param splits The splits by name, each made only when its turn comes.
 * @param options What goes into `table.json` apart from the splits.
 * @return The content of `table.json`.
 * @throws {UserError} `bad-usage` if the directory holds anything else,
 * `cannot-write` if the disk won't have it.
 */
export async function writeTableDir(
  directory: string,
  splits: ReadonlyMap<string, () => Promise<SplitTable>>,
  options: TableSettings & { fingerprint: string },
): Promise<TableManifest> {
  const target = resolve(directory);
  const suffix = crypto.randomUUID().slice(0, 8);
  const partial = join(dirname(target), `.${basename(target)}.${suffix}.tmp`);
  try {
    await checkReplaceable(directory);
    await Deno.mkdir(partial, { recursive: true });
    const manifest = await writeFiles(partial, splits, options);
    await removeIfThere(target);
    await Deno.rename(partial, target);
    await syncFolder(dirname(target));
    return manifest;
  } catch (cause) {
    await removeIfThere(partial);
    if (!isSystemError(cause)) throw cause;
    throw new UserError(
      `Cannot write encoded data to "${directory}": ${cause.message}`,
      { code: "cannot-write", exitCode: 1, cause },
    );
  }
}

/**
 * The path of a split's table.
 *
 * @param directory The directory of encoded data.
 * @param split The split's name.
 */
export function tablePath(directory: string, split: string): string {
  return join(directory, `${split}.arrow`);
}

async function writeFiles(
  directory: string,
  splits: ReadonlyMap<string, () => Promise<SplitTable>>,
  options: TableSettings & { fingerprint: string },
): Promise<TableManifest> {
  const manifest: TableManifest = {
    format: "premise-table-1",
    ...options,
    splits: {},
  };
  for (const [name, make] of splits) {
    const { columns, dropped } = await make();
    const path = tablePath(directory, name);
    await writeTable(path, columns);
    manifest.splits[name] = {
      rows: columns.second.length,
      dropped,
      tokens: columns.tokens.length,
      digest: await digestFile(path, "sha256"),
    };
  }
  const text = JSON.stringify(manifest, null, 2) + "\n";
  await replaceFile(join(directory, MANIFEST), text);
  return manifest;
}

async function openSplit(
  directory: string,
  { splits }: TableManifest,
  split: string,
): Promise<Table> {
  if (!Object.hasOwn(splits, split)) {
    const names = Object.keys(splits).join(", ");
    throw badTableDir(directory, `it has no split "${split}", only ${names}`);
  }
  const path = tablePath(directory, split);
  const bytes = await Deno.readFile(path);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest === splits[split].digest) return decodeTable(path, bytes);
  throw badTableDir(
    directory,
    `"${split}.arrow" is not the file that was written, its SHA-256 differs`,
  );
}

/** Only what `preprocess` has made may be replaced. */
async function checkReplaceable(directory: string): Promise<void> {
  let names: string[];
  try {
    names = await Array.fromAsync(Deno.readDir(directory), (e) => e.name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  const foreign = names.find((name) =>
    name !== MANIFEST && !name.endsWith(".arrow")
  );
  if (foreign === undefined) return;
  throw new UserError(
    `Cannot write encoded data to "${directory}": it holds "${foreign}"`,
    { code: "bad-usage", hint: "name a new directory with --out" },
  );
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
