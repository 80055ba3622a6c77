/**
 * A run directory: a model directory with the story of its making.
 *
 * `config.json`, the vocabulary and `model.safetensors` are the model after
 * the last finished epoch; `run.json` says what was asked and with what,
 * `events.jsonl` what happened, `metrics.json` how well it does,
 * `curves.svg` how it learned, and `checkpoints/` lets it go on.
 *
 * @module
 */
import { join, SEPARATOR } from "@std/path";
import { listProblems, UserError } from "../errors.ts";
import { replaceFile } from "../files.ts";
import { isSystemError } from "../hub/system_error.ts";
import type { MetricsEvent } from "../log/events.ts";
import { flagName } from "../schema.ts";

/** What `run.json` holds. */
export interface RunRecord {
  format: "premise-run-1";
  /** The resolved settings of `finetune`. */
  config: Record<string, unknown>;
  versions: Record<string, string>;
  device: string;
  /** Fingerprint of the encoded data. */
  data: string;
}

/** What an `--out` that exists already means. */
export interface OpenRunOptions {
  resume: boolean;
  overwrite: boolean;
  /** Files and directories that the run is made from; never removed. */
  inputs: readonly string[];
}

/** Settings that may change when a run goes on. */
const MAY_CHANGE = new Set([
  "epochs",
  "device",
  "threads",
  "blas",
  "logEvery",
  "profile",
  "checkpointEvery",
  "resume",
  "overwrite",
  "cache",
  "catalogue",
  "out",
]);

/**
 * Prepares the directory of a run.
 *
 * @param run The directory.
 * @param record What is asked now.
 * @param options What to do if there is a run already.
 * @throws {UserError} If there is one and neither option is set, or it is
 *   resumed with other settings, or the directory holds something else.
 */
export async function openRunDir(
  run: string,
  record: RunRecord,
  { resume, overwrite, inputs }: OpenRunOptions,
): Promise<void> {
  const old = await readRunRecord(run);
  if (old === undefined) {
    await refuseForeign(run);
    if (resume) {
      throw new UserError(`Cannot resume "${run}": there is no run`, {
        code: "missing-input",
        hint: "leave --resume out to start one",
      });
    }
  } else if (resume) {
    checkSame(run, old, record);
  } else if (overwrite) {
    for (const input of inputs) await refuseToRemove(run, input);
    await Deno.remove(run, { recursive: true });
  } else {
    throw new UserError(`Cannot write the run "${run}": there is one already`, {
      code: "run-exists",
      hint: "--resume goes on with it, --overwrite replaces it, " +
        "--out names another directory",
    });
  }
  try {
    await Deno.mkdir(run, { recursive: true });
    await writeJson(join(run, "run.json"), record);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new UserError(`Cannot write the run "${run}": ${cause.message}`, {
      code: "cannot-write",
      hint: "--out names another directory",
      exitCode: 1,
      cause,
    });
  }
}

/**
 * Reads a run's record.
 *
 * @param run The directory.
 * @return The record; undefined if the directory is not a run's.
 */
export async function readRunRecord(
  run: string,
): Promise<RunRecord | undefined> {
  const path = join(run, "run.json");
  try {
    const record = JSON.parse(await Deno.readTextFile(path));
    if (record?.format === "premise-run-1") return record;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.NotADirectory) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UserError(`Cannot read the run "${run}": run.json is damaged`, {
    code: "bad-run",
    hint: "remove the directory, or name another with --out",
  });
}

/**
 * Keeps the last metrics of each split in `metrics.json`.
 *
 * @param run The run directory.
 * @param event The metrics.
 */
export async function recordMetrics(
  run: string,
  event: MetricsEvent,
): Promise<void> {
  const path = join(run, "metrics.json");
  let metrics: Record<string, unknown> = {};
  try {
    metrics = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const { event: _, split, ...facts } = event;
  await writeJson(path, { ...metrics, [split]: facts });
}

async function refuseForeign(run: string): Promise<void> {
  const info = await Deno.stat(run).catch(() => undefined);
  if (info === undefined) return;
  if (info.isDirectory) {
    const first = await Array.fromAsync(Deno.readDir(run));
    if (first.length === 0) return;
  }
  throw new UserError(
    `Cannot write the run "${run}": it holds something that is not a run`,
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

function checkSame(run: string, old: RunRecord, now: RunRecord): void {
  const keys = new Set([
    ...Object.keys(old.config),
    ...Object.keys(now.config),
  ]);
  const problems = [...keys]
    .filter((key) => !MAY_CHANGE.has(key))
    .filter((key) =>
      JSON.stringify(old.config[key]) !== JSON.stringify(now.config[key])
    )
    .map((key) =>
      `--${flagName(key)} was ${show(old.config[key])}, now it is ${
        show(now.config[key])
      }`
    );
  if (old.data !== now.data) problems.push("the data have changed");
  if (problems.length === 0) return;
  throw listProblems(`Cannot resume "${run}"`, problems, {
    code: "changed-config",
    hint: "give the settings that the run began with, or another --out",
  });
}

function show(value: unknown): string {
  return value === undefined ? "not given" : JSON.stringify(value);
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await replaceFile(path, JSON.stringify(value, null, 2) + "\n");
}
