/**
 * What `--data` names: a path, a split's file as `SPLIT=FILE`, or standard
 * input.
 *
 * @module
 */
import { reasonOf } from "../../base/files/system_error.ts";
import { askForPath } from "../../base/near_name.ts";
import { badData } from "../read/bad_data.ts";
import { splitNamed } from "./split_names.ts";

/** `SPLIT=FILE`; a lone file of such a name is written `./SPLIT=FILE`. */
const SPLIT_SPEC = /^([a-z][a-z0-9_-]*)=(.+)$/is;

/** What standard input is called in messages. */
export const STANDARD_INPUT_NAME = "standard input";

/** Stands for standard input in place of a file. */
export const STANDARD_INPUT = "-";

/**
 * Takes `SPLIT=FILE` apart.
 *
 * @param spec As `--data` gives it.
 * @return The split, `dev` for `val=A.csv`, or null if the spec is a path alone;
 * the path.
 */
export function parseSpec(
  spec: string,
): { split: string | null; path: string } {
  const match = SPLIT_SPEC.exec(spec);
  if (match === null) return { split: null, path: withoutDevice(spec) };
  const name = match[1].toLowerCase().replaceAll("-", "_");
  return { split: splitNamed(name) ?? name, path: withoutDevice(match[2]) };
}

/** Deno keeps programs from the devices that are called like their input. */
function withoutDevice(path: string): string {
  return /^\/dev\/(?:stdin|fd\/0)$/.test(path) ? STANDARD_INPUT : path;
}

/** Whether a spec is standard input. */
export function isStandardInput(spec: string): boolean {
  return parseSpec(spec).path === STANDARD_INPUT;
}

/** Whether a path is neither file nor directory: it can be read only once. */
export async function isPipe(path: string): Promise<boolean> {
  const info = await Deno.stat(path).catch(() => null);
  return info !== null && !info.isFile && !info.isDirectory;
}

/**
 * Whether a path is a directory.
 *
 * @param path A path of data.
 * @throws {UserError} `bad-data` if it is missing.
 */
export async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (cause) {
    throw badData({ path }, await whyMissing(path, cause), { cause });
  }
}

/** Why a path of data cannot be read, and which one may be meant. */
export async function whyMissing(
  path: string,
  cause: unknown,
): Promise<string> {
  const isMissing = cause instanceof Deno.errors.NotFound;
  return reasonOf(cause, path) + (isMissing ? await askForPath(path) : "");
}
