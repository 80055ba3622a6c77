/**
 * Checkpoints: all that a run needs to go on as if it had never stopped.
 *
 * `RUN/checkpoints/epoch-00002-step-00000138/`, of the running epoch and the
 * steps done in it, holds `model.safetensors`, `optimizer.safetensors`,
 * `state.json`, and their digests as `sha256sum -c SHA256SUMS` checks them. It
 * is written under a temporary name, synced and renamed, so it is whole or not
 * there.
 *
 * @module
 */
import { join } from "@std/path";
import { z } from "zod";
import { boundedList, boundedRecord } from "../base/bounded.ts";
import { UserError } from "../base/errors.ts";
import { syncFolder } from "../base/files/files.ts";
import { removeIfThere } from "../base/files/remove.ts";
import { readSummed, writeSummed } from "../base/files/summed_files.ts";
import { toDisk } from "../base/files/system_error.ts";
import type { EpochEvent } from "../events/events.ts";
import type { ResumePoint } from "../train/state.ts";
import type { NamedArrays } from "../weights/formats/arrays.ts";
import {
  readSafetensors,
  writeSafetensors,
} from "../weights/formats/safetensors.ts";

/** A run at one moment. */
export interface Checkpoint extends ResumePoint {
  /** The `epoch` events so far. */
  epochs: EpochEvent[];
  /** Length of `events.jsonl` then, in bytes. */
  eventBytes: number;
  /** Parameters by neutral names. */
  parameters: NamedArrays;
}

/** Which checkpoints stay when a new one is saved. */
export interface KeepOptions {
  /** How many of the last ones, the new one included; at least 1. */
  keep: number;
  /** The epoch whose last checkpoint stays, too. */
  best?: number | undefined;
}

/** What {@link loadCheckpoint} finds. */
export interface LoadedCheckpoint {
  /** The last one that is whole; absent if the run has none yet. */
  checkpoint?: Checkpoint;
  /** What is wrong with each one after it. */
  damaged: UserError[];
}

const FOLDER = "checkpoints";

/** What begins the name of a checkpoint that is being written or removed. */
const PARTIAL = ".partial-";
const FORMAT = "premise-checkpoint-2";

/**
 * Saves a checkpoint, then removes those that are no longer wanted.
 *
 * @param run The run directory.
 * @param checkpoint The run as it is.
 * @param options Which of the earlier ones stay.
 * @throws {UserError} `disk-full` or `cannot-write`.
 */
export async function saveCheckpoint(
  run: string,
  checkpoint: Checkpoint,
  options: KeepOptions,
): Promise<void> {
  const hint = "once there is room, the same command with --resume goes on " +
    "from the checkpoint before";
  await toDisk(
    `save the run "${run}"`,
    () => save(run, checkpoint, options),
    () => hint,
  );
}

async function save(
  run: string,
  checkpoint: Checkpoint,
  { keep, best }: KeepOptions,
): Promise<void> {
  const { parameters, moments, ...facts } = checkpoint;
  const folder = join(run, FOLDER);
  const name = nameOf(checkpoint.state.epoch, checkpoint.state.step);
  await Deno.mkdir(folder, { recursive: true });
  const partial = await Deno.makeTempDir({ dir: folder, prefix: PARTIAL });
  const text = JSON.stringify({ format: FORMAT, ...facts }, null, 2) + "\n";
  try {
    await writeSummed(partial, {
      "model.safetensors": writeSafetensors(parameters),
      "optimizer.safetensors": writeSafetensors(moments),
      "state.json": [new TextEncoder().encode(text)],
    });
  } catch (error) {
    await removeIfThere(partial).catch(() => {});
    throw error;
  }
  const names = await namesIn(folder);
  // What has this name already is damaged, or the run went on from before it.
  if (names.includes(name)) await remove(folder, name);
  await Deno.rename(partial, join(folder, name));
  await syncFolder(folder);
  const earlier = names.filter((other) => other < name);
  const kept = new Set([name, ...earlier.slice(earlier.length - keep + 1)]);
  if (best !== undefined) kept.add(nameOf(best + 1, 0));
  for await (const { name } of Deno.readDir(folder)) {
    if (!kept.has(name)) await remove(folder, name);
  }
}

/**
 * Loads a run's last checkpoint that is whole.
 *
 * @param run The run directory.
 * @return The checkpoint, and what is wrong with those after it.
 * @throws {UserError} `bad-checkpoint` if there are some, all damaged.
 */
export async function loadCheckpoint(run: string): Promise<LoadedCheckpoint> {
  const damaged: UserError[] = [];
  for (const name of (await listCheckpoints(run)).toReversed()) {
    try {
      return { checkpoint: await readCheckpoint(run, name), damaged };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      damaged.push(error);
    }
  }
  if (damaged.length > 0) throw damaged[0];
  return { damaged };
}

/**
 * Loads the parameters that a run had after an epoch.
 *
 * @param run The run directory.
 * @param epoch The epoch, from 1; its checkpoint must have been kept.
 * @throws {UserError} `bad-checkpoint` if it is damaged.
 */
export async function loadEpoch(
  run: string,
  epoch: number,
): Promise<NamedArrays> {
  return (await readCheckpoint(run, nameOf(epoch + 1, 0))).parameters;
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
    // JSON has no NaN: it is written as null.
    scores: boundedList(
      boundedRecord(
        z.number().nullable().transform((score) => score ?? NaN),
        100,
      ),
      10_000,
    ),
  }),
  steps: count,
  epochs: boundedList(
    z.custom<EpochEvent>((value) => Object(value) === value),
    10_000,
  ),
  eventBytes: count,
});

/**
 * The names of a run's checkpoints, in the order in which it came to them.
 *
 * @param run The run directory.
 */
export async function listCheckpoints(run: string): Promise<string[]> {
  return await namesIn(join(run, FOLDER));
}

/**
 * Loads one checkpoint.
 *
 * @param run The run directory.
 * @param name Of {@link listCheckpoints}.
 * @throws {UserError} `bad-checkpoint` if it is damaged.
 */
export async function readCheckpoint(
  run: string,
  name: string,
): Promise<Checkpoint> {
  const directory = join(run, FOLDER, name);
  const bad = (why: string) =>
    new UserError(`Cannot go on from "${directory}": ${why}`, {
      code: "bad-checkpoint",
      hint: "start the run again with --overwrite",
    });
  const files = await readSummed(directory, [
    "model.safetensors",
    "optimizer.safetensors",
    "state.json",
  ]).catch((error) => {
    throw bad(error.message);
  });
  const arrays = (name: "model.safetensors" | "optimizer.safetensors") =>
    readSafetensors(files[name], join(directory, name)).arrays;
  try {
    const text = new TextDecoder().decode(files["state.json"]);
    const { format: _, ...facts } = stateSchema.parse(JSON.parse(text));
    return {
      ...facts,
      parameters: arrays("model.safetensors"),
      moments: arrays("optimizer.safetensors"),
    };
  } catch (error) {
    if (error instanceof z.ZodError) {
      throw bad(`state.json: ${z.prettifyError(error)}`);
    }
    if (error instanceof SyntaxError) throw bad(`state.json: ${error.message}`);
    throw error;
  }
}

/** Names in the order in which the run comes to them. */
async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (name.startsWith("epoch-")) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

/** Renames it first: a part of a checkpoint must not look like one. */
async function remove(folder: string, name: string): Promise<void> {
  const path = join(folder, name);
  const partial = join(folder, PARTIAL + name);
  if (name.startsWith(PARTIAL)) return await removeIfThere(path);
  await removeIfThere(partial);
  await Deno.rename(path, partial);
  await removeIfThere(partial);
}

/**
 * Removes what a process that was killed has left of checkpoints.
 *
 * @param run The run directory; it may have none.
 */
export async function sweepCheckpoints(run: string): Promise<void> {
  const folder = join(run, FOLDER);
  try {
    for await (const { name } of Deno.readDir(folder)) {
      if (name.startsWith(PARTIAL)) await removeIfThere(join(folder, name));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function nameOf(epoch: number, step: number): string {
  const pad = (value: number, digits: number) =>
    String(value).padStart(digits, "0");
  return `epoch-${pad(epoch, 5)}-step-${pad(step, 8)}`;
}
