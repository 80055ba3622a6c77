/**
 * A run directory: a model directory with the story of its making.
 *
 * `config.json`, the vocabulary and `model.safetensors` are the best model so
 * far, or the last where none is chosen; `run.json` has its settings and what
 * computed it, `events.jsonl` what happened, `metrics.json` how well it does,
 * `curves.svg` how it learned, and `checkpoints/` lets it go on.
 *
 * @module
 */
import { join, SEPARATOR } from "@std/path";
import { UserError } from "../base/errors.ts";
import { followLinks } from "../base/files/links.ts";
import { removeIfThere } from "../base/files/remove.ts";
import { SUMS } from "../base/files/summed_files.ts";
import type { WarningEvent } from "../events/events.ts";
import {
  type Checkpoint,
  loadCheckpoint,
  sweepCheckpoints,
} from "./checkpoint.ts";
import { checkLeft, type RunLength } from "./resume/left_to_train.ts";
import { toRun } from "./run_lock.ts";
import {
  harmlessChanges,
  readRunRecord,
  type RecordPair,
  refuseChanges,
  type RunRecord,
  weightsToGoOn,
  writeRunRecord,
} from "./run_record.ts";

/** What an `--out` that exists already means. */
export interface OpenRunOptions {
  /** Go on with it. */
  resume: boolean;
  /** Go on with it if it is there. */
  goOn?: boolean;
  /** Even with other settings than it began with. */
  override: boolean;
  /** Replace it. */
  overwrite: boolean;
  /** Files and directories that the run is made from; never removed. */
  inputs: readonly string[];
}

/** A run directory that is ready to be written to. */
export interface OpenedRun {
  /** What its `run.json` says now. */
  record: RunRecord;
  /** Where to go on; the run begins if absent. */
  checkpoint?: Checkpoint | undefined;
  /** What there is to know of a run that goes on. */
  warnings: WarningEvent[];
}

/** Files that were being written when the process was killed. */
const PARTIAL = /^\..*\.tmp$/;

async function removePartial(run: string): Promise<void> {
  for await (const { name } of Deno.readDir(run)) {
    if (PARTIAL.test(name)) await Deno.remove(join(run, name));
  }
  await sweepCheckpoints(run);
}

/**
 * Removes what is in a run, its record last: as long as that is there, it is
 * known what the directory was.
 */
async function clearRun(run: string): Promise<void> {
  const names = await Array.fromAsync(Deno.readDir(run), ({ name }) => name);
  const rank = (name: string) => name === "run.json" ? 1 : 0;
  for (const name of names.toSorted((a, b) => rank(a) - rank(b))) {
    await removeIfThere(join(run, name));
  }
}

/**
 * Prepares the directory of a run. One that goes on stays as it is until all
 * of its checkpoint is read.
 *
 * @param run The directory.
 * @param record As it is requested now.
 * @param options What to do if there is a run already.
 * @throws {UserError} If there is one and neither option is set, or it is
 *   resumed with other settings, or the directory holds something else, or
 *   all checkpoints are damaged.
 */
export async function openRunDir(
  run: string,
  record: RunRecord,
  options: OpenRunOptions,
): Promise<OpenedRun> {
  const { goOn: goesOn, overwrite, inputs } = options;
  const old = await readRunRecord(run);
  const resume = options.resume || goesOn && old !== undefined;
  let opened: OpenedRun = { record, warnings: [] };
  if (old === undefined) {
    const begun = await refuseForeign(run);
    if (resume && begun) opened = startOver(run, record);
    else if (resume) {
      throw new UserError(`Cannot resume "${run}": there is no run`, {
        code: "missing-input",
        hint: "leave --resume out to start one",
      });
    }
  } else if (resume) {
    const records = { old, now: record };
    refuseChanges(run, records, options);
    opened = await goOn(run, records);
  } else if (overwrite) {
    for (const input of inputs) await refuseToRemove(run, input);
    await clearRun(run);
  } else throw alreadyThere(run);
  await toRun(run, async () => {
    await Deno.mkdir(await followLinks(run), { recursive: true });
    await removePartial(run);
    await writeRunRecord(run, opened.record);
  });
  return opened;
}

/**
 * Refuses a directory before there is anything to write to it.
 *
 * @param run The directory.
 * @param options What to do if there is a run already.
 * @throws {UserError} As {@link openRunDir} would for what is there.
 */
export async function checkOut(
  run: string,
  { resume, goOn, overwrite }: Pick<
    OpenRunOptions,
    "resume" | "goOn" | "overwrite"
  >,
): Promise<void> {
  const old = await readRunRecord(run);
  if (old === undefined) await refuseForeign(run);
  else if (!resume && !goOn && !overwrite) throw alreadyThere(run);
}

function alreadyThere(run: string): UserError {
  return new UserError(`Cannot write the run "${run}": there is one already`, {
    code: "run-exists",
    hint: "--resume goes on with it, --overwrite replaces it, " +
      "--out names another directory",
  });
}

/** Loads the checkpoint of a run, and says what is not as it was. */
async function goOn(run: string, records: RecordPair): Promise<OpenedRun> {
  const { old: { tuned }, now } = records;
  const classWeights = weightsToGoOn(records);
  const record = { ...now, classWeights };
  if (tuned) record.tuned = tuned;
  const changes = harmlessChanges(records);
  const { checkpoint, damaged } = await loadCheckpoint(run);
  if (!checkpoint) return startOver(run, record);
  const left = checkLeft(run, checkpoint, now.config as unknown as RunLength);
  const warnings: WarningEvent[] = damaged.map(({ message }) => ({
    event: "warning",
    code: "damaged-checkpoint",
    message: `${message}; the one before it is used`,
    hint: "",
  }));
  if (changes.length > 0) {
    warnings.push({
      event: "warning",
      code: "bits-may-differ",
      message: "the run may not end with the bits, or tell the steps, of one " +
        `that never stopped: ${changes.join("; ")}`,
      hint: "",
    });
  }
  if (left) warnings.push(left);
  return { record, checkpoint, warnings };
}

function startOver(run: string, record: RunRecord): OpenedRun {
  return {
    record,
    warnings: [{
      event: "warning",
      code: "no-checkpoint",
      message: `the run "${run}" has no checkpoint yet and starts over`,
      hint: "",
    }],
  };
}

/** Whether the directory is there; it holds at most what a killed run left. */
async function refuseForeign(run: string): Promise<boolean> {
  const info = await Deno.stat(run).catch(() => undefined);
  if (info === undefined) return false;
  if (info.isDirectory) {
    const names = await Array.fromAsync(Deno.readDir(run), (e) => e.name);
    // A run that was killed at once may have listed what it didn't write.
    if (names.every((name) => PARTIAL.test(name) || name === SUMS)) return true;
  }
  throw new UserError(
    `Cannot write the run "${run}": ${
      info.isDirectory ? "it holds something that is not a run" : "it is a file"
    }`,
    { code: "run-exists", hint: "name another directory with --out" },
  );
}

async function refuseToRemove(run: string, input: string): Promise<void> {
  const [outer, inner] = await Promise.all([run, input].map(Deno.realPath));
  if (!(inner + SEPARATOR).startsWith(outer + SEPARATOR)) return;
  throw new UserError(
    `Cannot overwrite the run "${run}": "${input}" in it is needed to train`,
    { code: "run-exists", hint: "name another directory with --out" },
  );
}
