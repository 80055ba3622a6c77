/**
 * The directory of an export: written beside its place, with a digest of each
 * file, and put there in one step.
 *
 * @module
 */
import { dirname, join, SEPARATOR } from "@std/path";
import { UserError } from "../base/errors.ts";
import { kindOf } from "../base/files/kind_of.ts";
import { readRegularText } from "../base/files/regular.ts";
import { replaceDirectory } from "../base/files/replace_dir.ts";
import { writeSummed } from "../base/files/summed_files.ts";
import { withWorkFolder } from "../base/files/work_folder.ts";
import type { ExportFiles } from "./export_format.ts";

/** What tells an export from other directories. */
export const EXPORT_RECORD = "export.json";

/** The version of the record. */
export const EXPORT_FORMAT = "premise-export-1";

/** What may be replaced, and what must stay. */
export interface OutOptions {
  /** Whether an export that is there may be replaced. */
  overwrite: boolean;
  /** Files that are read, which must not be lost. */
  inputs: readonly string[];
}

/**
 * Refuses a place for an export before there is anything to write.
 *
 * @param out The directory.
 * @param options What may be replaced.
 * @throws {UserError} `export-exists` if something is there that is not to be
 *   replaced.
 */
export async function checkExportDir(
  out: string,
  { overwrite, inputs }: OutOptions,
): Promise<void> {
  const info = await Deno.stat(out).catch(() => null);
  if (info === null) return;
  if (!info.isDirectory) {
    throw alreadyThere(out, `it is ${kindOf(info)}`, OTHER_PLACE);
  }
  const names = await Array.fromAsync(Deno.readDir(out), ({ name }) => name);
  if (names.length === 0) return;
  if (!await isExport(out)) {
    throw alreadyThere(
      out,
      "it holds something that is no export",
      OTHER_PLACE,
    );
  }
  if (!overwrite) {
    throw alreadyThere(
      out,
      "there is one already",
      `--overwrite replaces it, ${OTHER_PLACE}`,
    );
  }
  for (const input of inputs) {
    const [outer, inner] = await Promise.all([out, input].map(Deno.realPath));
    if (!(inner + SEPARATOR).startsWith(outer + SEPARATOR)) continue;
    throw alreadyThere(out, `"${input}" in it is to be exported`, OTHER_PLACE);
  }
}

const OTHER_PLACE = "--out names another directory";

function alreadyThere(out: string, what: string, hint: string): UserError {
  return new UserError(`Cannot write the export "${out}": ${what}`, {
    code: "export-exists",
    hint,
  });
}

async function isExport(directory: string): Promise<boolean> {
  try {
    const text = await readRegularText(join(directory, EXPORT_RECORD));
    return JSON.parse(text)?.format === EXPORT_FORMAT;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof SyntaxError || error instanceof UserError) {
      return false;
    }
    throw error;
  }
}

/**
 * Writes an export, so that a crash leaves what was there or all of the new one.
 *
 * @param out The directory.
 * @param files Its files.
 * @param options What may be replaced, and what stops the waiting for another
 *   process that writes there.
 * @throws {UserError} As {@link checkExportDir}.
 */
export async function writeExportDir(
  out: string,
  files: ExportFiles,
  { signal, ...options }: OutOptions & { signal?: AbortSignal },
): Promise<void> {
  await withWorkFolder(out, async (folder) => {
    await checkExportDir(out, options);
    for (const name of Object.keys(files)) {
      await Deno.mkdir(join(folder, dirname(name)), { recursive: true });
    }
    await writeSummed(folder, files);
    signal?.throwIfAborted();
    await replaceDirectory(folder, out);
  }, signal ? { signal } : {});
}
