/** The arrays of a run's files, told by digests. */
import { assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { createHash } from "node:crypto";
import { renameToNeutral } from "../../../lib/weights/families/rename_arrays.ts";
import type { NamedArrays } from "../../../lib/weights/formats/arrays.ts";
import { readSafetensors } from "../../../lib/weights/formats/safetensors.ts";
import { namesIn } from "../tasks/workplace.ts";
import { roundsOnce } from "./rounding.ts";

/**
 * Digests of the arrays in the model that a run has chosen and in its
 * checkpoints, by file.
 *
 * @param run The run directory.
 */
export async function digestRun(run: string): Promise<Record<string, string>> {
  const files = ["model.safetensors"];
  for (const name of await namesIn(join(run, "checkpoints"))) {
    const folder = join("checkpoints", name);
    files.push(join(folder, "model.safetensors"));
    files.push(join(folder, "optimizer.safetensors"));
  }
  const digests: Record<string, string> = {};
  for (const file of files) digests[file] = await digestArrays(join(run, file));
  return digests;
}

/** SHA-256 over neutral names, shapes and little-endian elements, in order. */
async function digestArrays(path: string): Promise<string> {
  const { arrays } = neutral(
    readSafetensors(await Deno.readFile(path), path).arrays,
    path,
  );
  const hash = createHash("sha256");
  for (const name of [...arrays.keys()].sort()) {
    const { shape, data } = arrays.get(name)!;
    const bytes = new DataView(new ArrayBuffer(4 * data.length));
    data.forEach((value, i) => bytes.setFloat32(4 * i, value, true));
    hash.update(`${name} ${shape.join("x")}\n`).update(bytes);
  }
  return hash.digest("hex");
}

/** Models of any version by neutral names; what an optimiser keeps as it is. */
function neutral(arrays: NamedArrays, path: string): { arrays: NamedArrays } {
  return basename(path).startsWith("model.")
    ? renameToNeutral(arrays, path)
    : { arrays };
}

/**
 * Asserts that a run has the kept arrays, bit for bit. Where this machine can't
 * have their bits it has at least the same files.
 *
 * @param run The run directory.
 * @param kept The digests.
 */
export async function assertKeptArrays(
  run: string,
  kept: Record<string, string>,
): Promise<void> {
  const digests = await digestRun(run);
  if (roundsOnce) assertEquals(digests, kept);
  else assertEquals(Object.keys(digests), Object.keys(kept));
}
