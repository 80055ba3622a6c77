/**
 * What to do where encoded data are not there.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { lookedIn } from "../../base/files/system_error.ts";
import { MANIFEST } from "../../data/table/table_manifest.ts";

/** What a table is called that was made of text in the cache. */
const IN_CACHE = /(?:^|[/\\])tables[/\\][0-9a-f]{16}$/;

/** So many tables are listed. */
const MOST_LISTED = 8;

/**
 * The error of encoded data that are not there: which there are, and how those
 * that are missing are made.
 *
 * @param directory Where they were looked for.
 * @param model The model's directory.
 */
export async function missingTable(
  directory: string,
  model: string,
): Promise<UserError> {
  return new UserError(
    `Cannot find the encoded data "${directory}": there is no such directory` +
      lookedIn(directory),
    { code: "missing-input", hint: await hintFor(directory, model) },
  );
}

async function hintFor(directory: string, model: string): Promise<string> {
  if (IN_CACHE.test(directory)) {
    return "finetune made it of text, in the cache: the same command with " +
      "--resume makes it again, and eval --data takes the text itself";
  }
  const preprocess = `deno task preprocess --model ${model} --data`;
  // Only what is called after SNLI was to be made of it.
  const make = /^snli\b/i.test(basename(directory))
    ? `deno task download --dataset snli; ${preprocess} snli --out ${directory}`
    : `${preprocess} PATH --out ${directory}`;
  const there = await tablesBeside(directory);
  if (there.length === 0) return `make it: ${make}`;
  const listed = there.slice(0, MOST_LISTED).join(", ");
  const more = there.length - MOST_LISTED;
  return `give --data one that is there: ${listed}` +
    `${more > 0 ? ` and ${more} more` : ""}; or make it: ${make}`;
}

/** The tables in the same folder, in the order of their names. */
async function tablesBeside(directory: string): Promise<string[]> {
  const folder = dirname(directory);
  try {
    const names = await Array.fromAsync(Deno.readDir(folder), (e) => e.name);
    const tables = await Promise.all(
      names.sort().map(async (name) => {
        const path = join(folder, name);
        const info = await Deno.stat(join(path, MANIFEST)).catch(() => null);
        return info?.isFile ? [path] : [];
      }),
    );
    return tables.flat();
  } catch {
    // Where the folder can't be read, nothing is known of others.
    return [];
  }
}
