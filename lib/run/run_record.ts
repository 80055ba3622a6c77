/**
 * `run.json`: the settings of a run, and with what it was done; and what a
 * run that goes on may have changed since.
 *
 * @module
 */
import { join } from "@std/path";
import type { z } from "zod";
import { listProblems, UserError } from "../base/errors.ts";
import { replaceSummed } from "../base/files/summed_files.ts";
import { readRecordedText } from "../hub/catalogue/recorded_digests.ts";
import { type Config, taskSchemas } from "../settings/config.ts";
import { type OnResume, onResumeOf } from "../settings/fields/on_resume.ts";
import { flagName } from "../settings/schema.ts";

/** What `run.json` holds. */
export interface RunRecord {
  /** The version of the run directory's layout. */
  format: "premise-run-1";
  /** The resolved settings of `finetune`, the seed among them. */
  config: Record<string, unknown>;
  /** Of this program, of Deno and of tfjs. */
  versions: Record<string, string>;
  /** What computed, in words. */
  device: string;
  /** What the bits of its results depend on: threads, BLAS, kernels. */
  arithmetic: Record<string, string | number>;
  /** Fingerprint of the encoded data. */
  data: string;
  /**
   * What `--class-weights` came to, in the labels' order: a run that goes on
   * takes the same again. Earlier versions recorded the setting alone.
   */
  classWeights?: readonly number[] | undefined;
  /**
   * The forms of kernels that a GPU was fastest with. They change no bits; a
   * run that goes on takes them again.
   */
  tuned?: Record<string, string>;
}

/**
 * Reads a run's record.
 *
 * @param run The directory.
 * @return The record; undefined if the directory is not a run's.
 * @throws {UserError} `bad-run` if it is damaged, `changed-file` if it is not
 *   as it was written.
 */
export async function readRunRecord(
  run: string,
): Promise<RunRecord | undefined> {
  const path = join(run, "run.json");
  try {
    const record = JSON.parse(await readRecordedText(path));
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
 * The settings of a run, in their types; those that are newer than the run have
 * their defaults.
 *
 * @param run The directory.
 * @param record What its `run.json` holds.
 * @throws {UserError} `bad-run` if this program has no such settings.
 */
export function settingsOf(
  run: string,
  { config }: RunRecord,
): Config<"finetune"> {
  const { data, error } = taskSchemas.finetune.safeParse(config);
  if (data) return data;
  throw listProblems(
    `Cannot read the settings of the run "${run}"`,
    error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`),
    { code: "bad-run", hint: "is it of another version of this program?" },
  );
}

/**
 * Writes a run's record.
 *
 * @param run The directory.
 * @param record The record.
 */
export async function writeRunRecord(
  run: string,
  record: RunRecord,
): Promise<void> {
  const text = JSON.stringify(record, null, 2) + "\n";
  await replaceSummed(run, { "run.json": [new TextEncoder().encode(text)] });
}

/** Two records of a run: of its beginning, and of its going on. */
export interface RecordPair {
  /** As the run was begun. */
  old: RunRecord;
  /** As it is to go on. */
  now: RunRecord;
}

/**
 * Refuses to go on with a run in another way than it began.
 *
 * @param run The run directory.
 * @param records As the run began, and as it is to go on.
 * @param options Whether settings may change that the checkpoint doesn't need.
 * @throws {UserError} `changed-config`, listing all that has changed.
 */
export function refuseChanges(
  run: string,
  { old, now }: RecordPair,
  { override }: { override: boolean },
): void {
  const changed = changedSettings(old.config, now.config)
    .filter(({ rule }) => rule === "fixed" || rule === "refused")
    .map(({ rule, text }) => ({ fixed: rule === "fixed", text }));
  if (old.data !== now.data) {
    changed.push({ fixed: true, text: "the data have changed" });
  }
  const refused = changed.filter(({ fixed }) => fixed || !override);
  if (refused.length === 0) return;
  const hint = refused.some(({ fixed }) => fixed)
    ? "give the settings that the run began with, or another --out"
    : "give the settings that the run began with, or --override";
  throw listProblems(
    `Cannot resume "${run}"`,
    refused.map(({ text }) => text),
    { code: "changed-config", hint },
  );
}

/**
 * How much the classes count in a run that goes on.
 *
 * @param records As the run began, and as it is to go on.
 * @return As it began, unless they were overridden; undefined if all count
 *   alike.
 */
export function weightsToGoOn(
  { old, now }: RecordPair,
): RunRecord["classWeights"] {
  const [begun, asked] = [old, now].map(({ config }) =>
    JSON.stringify(config.classWeights)
  );
  // Runs of earlier versions have only the setting.
  return begun === asked && old.classWeights || now.classWeights;
}

/**
 * What has changed of a run that goes on, and only may change bits, or which
 * steps are told.
 *
 * @param records As the run began, and as it is to go on.
 * @return One sentence a change.
 */
export function harmlessChanges({ old, now }: RecordPair): string[] {
  return [
    ...changedSettings(old.config, now.config)
      .filter(({ rule }) => rule === "warned").map(({ text }) => text),
    ...changes(old.arithmetic, now.arithmetic).map(({ text }) => text),
    ...changes(old.versions, now.versions).map(({ text }) => text),
  ];
}

/**
 * Whether a run, once finished, is the one that is requested: of the same data
 * and the same settings, but for those that change nothing of what is learned.
 *
 * @param record The run's.
 * @param requested What is requested.
 */
export function isSameRun(
  record: RunRecord,
  requested: Pick<RunRecord, "config" | "data">,
): boolean {
  const same = changedSettings(record.config, requested.config)
    .every(({ rule }) => rule === "free" || rule === "warned");
  return same && record.data === requested.data;
}

/** The settings that differ, as flags, and what becomes of each. */
function changedSettings(
  old: RunRecord["config"],
  now: RunRecord["config"],
): { rule: OnResume; text: string }[] {
  const shape: Record<string, z.ZodType> = taskSchemas.finetune.shape;
  // A run of an older version had the default of a setting that is new.
  const isDefault = (key: string) => {
    const value = shape[key]?.safeParse(undefined).data;
    return [old[key], now[key]].every((given) =>
      given === undefined || JSON.stringify(given) === JSON.stringify(value)
    );
  };
  const changed = changes(old, now).filter(({ key }) => !isDefault(key));
  return changed.map(({ key, text }) => ({
    // A setting of another version may be anything.
    rule: shape[key] && onResumeOf(shape[key], old) || "refused",
    text: `--${text}`,
  }));
}

/** The fields in which two objects differ, each with both of its values. */
function changes(
  old: Record<string, unknown> = {},
  now: Record<string, unknown>,
): { key: string; text: string }[] {
  const show = (value: unknown) =>
    value === undefined ? "not given" : JSON.stringify(value);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]))
    .map((key) => ({
      key,
      text: `${flagName(key)} was ${show(old[key])}, now it is ${
        show(now[key])
      }`,
    }));
}
