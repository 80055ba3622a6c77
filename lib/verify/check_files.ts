/**
 * Whether a run's files are as they were written.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../base/errors.ts";
import { digestFile } from "../base/files/digest.ts";
import { replaceFile } from "../base/files/files.ts";
import { encodeSums, readSums, SUMS } from "../base/files/summed_files.ts";
import { type Check, isBroken, isMissing, works } from "../events/check.ts";
import { listCheckpoints, readCheckpoint } from "../run/checkpoint.ts";
import { TOKENIZER_FILES } from "../text/tokenizer_files.ts";

/**
 * Checks the files that a run lists with their digests.
 *
 * @param run The run directory.
 * @return A check a file; one that something is missing, if it lists none.
 */
export async function checkFiles(run: string): Promise<Check[]> {
  const sums = await readSums(run);
  if (sums === null) {
    return [isMissing(
      SUMS,
      "the run was written before there were digests",
      "--accept writes them",
    )];
  }
  const checks: Check[] = [];
  for (const [name, digests] of sums) {
    const found = await digestOf(run, name);
    if (found !== null && digests.includes(found)) {
      checks.push(works(name, `SHA-256 ${found}`));
    } else {
      checks.push(isBroken(
        name,
        found === null
          ? "it is not there"
          : `its SHA-256 is ${found}, expected ${digests.join(" or ")}`,
        "if it was changed on purpose, --accept takes it as it is",
      ));
    }
  }
  return checks;
}

/**
 * Checks each of a run's checkpoints.
 *
 * @param run The run directory.
 */
export async function checkCheckpoints(run: string): Promise<Check[]> {
  const checks: Check[] = [];
  for (const name of await listCheckpoints(run)) {
    try {
      const { steps } = await readCheckpoint(run, name);
      checks.push(works(`checkpoints/${name}`, `whole, after ${steps} steps`));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      checks.push(isBroken(
        `checkpoints/${name}`,
        error.message,
        "a run goes on from the one before it",
      ));
    }
  }
  return checks;
}

/**
 * Takes a run's files as they are: lists their digests anew.
 *
 * @param run The run directory; no other process may write it meanwhile.
 * @return A check for each file that was another, or was not listed.
 */
export async function acceptFiles(run: string): Promise<Check[]> {
  const sums = await readSums(run) ?? new Map<string, string[]>();
  const checks: Check[] = [];
  for (const name of new Set([...sums.keys(), ...RECORDED])) {
    const found = await digestOf(run, name);
    if (found === null) {
      if (sums.delete(name)) checks.push(works(name, "it is listed no longer"));
      continue;
    }
    const old = sums.get(name);
    if (old?.includes(found)) continue;
    checks.push(works(
      name,
      old === undefined
        ? `accepted, SHA-256 ${found}`
        : `accepted, SHA-256 ${found} in place of ${old.join(" or ")}`,
    ));
    sums.set(name, [found]);
  }
  await replaceFile(join(run, SUMS), [encodeSums(sums)]);
  return checks;
}

/** The files of a run that are listed, where they are there. */
const RECORDED = [
  ...["config.json", "model.safetensors", "run.json"],
  ...TOKENIZER_FILES,
];

/** The SHA-256 of a file; null if there is none. */
async function digestOf(run: string, name: string): Promise<string | null> {
  try {
    return await digestFile(join(run, name), "sha256");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
