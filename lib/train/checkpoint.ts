/**
 * Checkpoints: all that a run needs to go on as if it had never stopped.
 *
 * `RUN/checkpoints/epoch-00002-step-00000138/`, of the running epoch and the
 * steps done in it, holds `model.safetensors`, `optimizer.safetensors` and
 * `state.json` with their digests. It is written under a temporary name, synced
 * and renamed, so it is whole or not there.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { boundedList, boundedRecord } from "../bounded.ts";
import { UserError } from "../errors.ts";
import { syncFolder, writeSynced } from "../files.ts";
import type { EpochEvent } from "../log/events.ts";
import type { NamedArrays } from "../weights/arrays.ts";
import { readSafetensors, writeSafetensors } from "../weights/safetensors.ts";
import type { TrainState } from "./state.ts";

/** A run at one moment. */
export interface Checkpoint {
  state: TrainState;
  /** Optimiser updates so far. */
  steps: number;
  /** The `epoch` events so far. */
  epochs: EpochEvent[];
  /** Length of `events.jsonl` then, in bytes. */
  eventBytes: number;
  /** Parameters by neutral names. */
  parameters: NamedArrays;
  /** The optimiser's moments. */
  moments: NamedArrays;
}

const FOLDER = "checkpoints";
const FILES = {
  parameters: "model.safetensors",
  moments: "optimizer.safetensors",
} as const;

/**
 * Saves a checkpoint, then removes the ones before it.
 *
 * @param run The run directory.
 * @param checkpoint The run as it is.
 */
export async function saveCheckpoint(
  run: string,
  checkpoint: Checkpoint,
): Promise<void> {
  const { parameters: _, moments: __, ...facts } = checkpoint;
  const folder = join(run, FOLDER);
  const { epoch, step } = checkpoint.state;
  // A run never comes to the same state twice, so the name is free.
  const name = `epoch-${pad(epoch, 5)}-step-${pad(step, 8)}`;
  await Deno.mkdir(folder, { recursive: true });
  const partial = await Deno.makeTempDir({ dir: folder, prefix: ".partial-" });
  const digests: Record<string, string> = {};
  for (const key of ["parameters", "moments"] as const) {
    const parts = writeSafetensors(checkpoint[key]);
    await writeSynced(join(partial, FILES[key]), parts);
    digests[FILES[key]] = await sha256(parts);
  }
  const text = JSON.stringify({ format: FORMAT, ...facts, digests }, null, 2);
  await writeSynced(join(partial, "state.json"), [
    new TextEncoder().encode(text + "\n"),
  ]);
  await Deno.rename(partial, join(folder, name));
  await syncFolder(folder);
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name === name) continue;
    await Deno.remove(join(folder, entry.name), { recursive: true });
  }
}

const FORMAT = "premise-checkpoint-1";

/**
 * Loads a run's last checkpoint.
 *
 * @param run The run directory.
 * @return The checkpoint; undefined if the run has none yet.
 * @throws {UserError} If it is damaged.
 */
export async function loadCheckpoint(
  run: string,
): Promise<Checkpoint | undefined> {
  const folder = join(run, FOLDER);
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (entry.name.startsWith("epoch-")) names.push(entry.name);
    }
  } catch (error) {
    ifThere(error);
  }
  const name = names.sort().at(-1);
  if (name === undefined) return undefined;
  const directory = join(folder, name);
  const { format: _, digests, ...facts } = await readState(directory);
  const load = async (file: string) => {
    const path = join(directory, file);
    const bytes = await Deno.readFile(path).catch((error) => {
      throw damaged(directory, error.message);
    });
    const digest = await sha256([bytes]);
    if (digest !== digests[file]) {
      throw damaged(
        directory,
        `${file} has SHA-256 ${digest}, expected ${digests[file]}`,
      );
    }
    return readSafetensors(bytes, path).arrays;
  };
  return {
    ...facts,
    parameters: await load(FILES.parameters),
    moments: await load(FILES.moments),
  };
}

const count = z.int().min(0);
const stateSchema = z.strictObject({
  format: z.literal(FORMAT),
  state: z.strictObject({
    epoch: count,
    step: count,
    lossSum: z.number(),
    correct: count,
    examples: count,
    tokens: count,
  }),
  steps: count,
  epochs: boundedList(
    z.custom<EpochEvent>((value) => Object(value) === value),
    10_000,
  ),
  eventBytes: count,
  digests: boundedRecord(z.string(), 10),
});

async function readState(
  directory: string,
): Promise<z.infer<typeof stateSchema>> {
  try {
    const text = await Deno.readTextFile(join(directory, "state.json"));
    return stateSchema.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError
      ? z.prettifyError(error)
      : (error as Error).message;
    throw damaged(directory, `state.json: ${why}`);
  }
}

function damaged(directory: string, why: string): UserError {
  return new UserError(`Cannot go on from "${directory}": ${why}`, {
    code: "bad-checkpoint",
    hint: "start the run again with --overwrite",
  });
}

async function sha256(parts: Uint8Array<ArrayBuffer>[]): Promise<string> {
  const bytes = await new Blob(parts).arrayBuffer();
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}

function ifThere(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
