/**
 * Says where runs are, to somebody who names one that isn't there.
 *
 * @module
 */
import { dirname, join } from "@std/path";
import { UserError } from "../../base/errors.ts";
import { lookedIn } from "../../base/files/system_error.ts";
import { isRepositoryName } from "../../hub/repository/repository_name.ts";

/** Runs that a hint lists at most. */
const MOST_LISTED = 5;

/**
 * Makes sure that something is where a path points. Names without a separator,
 * and those of the hub's repositories, are left to whoever knows the cache.
 *
 * @param path A run directory.
 * @throws {UserError} `missing-input`, with the runs beside it, or else how to
 * train one.
 */
export async function findRun(path: string): Promise<void> {
  if (!/[/\\]/.test(path) || isRepositoryName(path)) return;
  if (await Deno.stat(path).catch(() => null) !== null) return;
  const others = await runsIn(dirname(path));
  const listed = others.slice(0, MOST_LISTED).join(", ") +
    (others.length > MOST_LISTED ? ", ..." : "");
  throw new UserError(
    `Cannot find the run "${path}": there is no such directory${
      lookedIn(path)
    }`,
    {
      code: "missing-input",
      hint: (others.length > 0 ? `there are ${listed}; ` : "") +
        `train one: deno task finetune --out ${path}`,
    },
  );
}

/** The run directories of a folder; none if it isn't there. */
async function runsIn(folder: string): Promise<string[]> {
  const runs: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const record = join(folder, name, "run.json");
      if (await Deno.stat(record).catch(() => null)) {
        runs.push(join(folder, name));
      }
    }
  } catch {
    // There is no such folder, or it is nobody's to read.
  }
  return runs.sort();
}
