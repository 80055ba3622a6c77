/**
 * The small JSON files of a model directory.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import { readRegularText } from "../../base/files/regular.ts";
import { reasonOf } from "../../base/files/system_error.ts";
import { foreignFileAt } from "../formats/foreign_files.ts";

/** The most bytes of a `config.json`, which has some hundred. */
const MAX_BYTES = 4 * 2 ** 20;

/**
 * Reads a JSON file.
 *
 * @param path The file.
 * @param read Reads its text.
 * @throws UserError `bad-model` if it is no JSON, saying what it is instead.
 */
export async function readJson(
  path: string,
  read: (path: string) => Promise<string> = readRegularText,
): Promise<unknown> {
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes`);
    return JSON.parse(await read(path));
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const foreign = cause instanceof SyntaxError
      ? await foreignFileAt(path, { isJson: true })
      : null;
    throw unreadable(
      path,
      foreign ? `it is ${foreign.what}` : reasonOf(cause, path),
      foreign?.hint,
    );
  }
}

/**
 * Reads a JSON file whose content is an object.
 *
 * @param path The file.
 * @param read Reads its text.
 * @throws UserError `bad-model` if it is another.
 */
export async function readJsonObject(
  path: string,
  read: (path: string) => Promise<string> = readRegularText,
): Promise<Record<string, unknown>> {
  const value = await readJson(path, read);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(path, "it is not a JSON object");
  }
  return value as Record<string, unknown>;
}

function unreadable(
  path: string,
  problem: string,
  hint = "download or copy the file again",
): UserError {
  return new UserError(`Cannot read "${path}": ${problem}`, {
    code: "bad-model",
    hint,
  });
}
