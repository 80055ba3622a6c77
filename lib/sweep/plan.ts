/**
 * From a sweep's file to its runs.
 *
 * @module
 */
import { join } from "@std/path";
import { createHash } from "node:crypto";
import { z } from "zod";
import { listProblems } from "../base/errors.ts";
import { randomWords } from "../base/random.ts";
import { epochOrder } from "../data/batch/order.ts";
import { type Config, taskSchemas } from "../settings/config.ts";
import { unwrap } from "../settings/fields/field_meta.ts";
import { namePlaces } from "../settings/named_places.ts";
import { describeIssue } from "../settings/schema.ts";
import type { Range } from "../settings/sweep_settings.ts";

/** What runs of a sweep differ in, less the seed. */
export type Combination = Record<string, unknown>;

/** A run of a sweep. */
export interface PlannedRun {
  /** Its folder's name, which tells its combination and seed. */
  name: string;
  /** What it has of its own. */
  settings: Combination;
  /** Its seed. */
  seed: number;
  /** All settings of `finetune`. */
  config: Config<"finetune">;
}

/** Settings of `finetune` from a config file, and what a sweep gives it. */
export interface RunSettings {
  /** What all runs share. */
  shared: Record<string, unknown>;
  /** Each is trained once with every seed. */
  combinations: readonly Combination[];
  /** The seeds. */
  seeds: readonly number[];
  /** The sweep's directory. */
  out: string;
}

/**
 * The combinations of a sweep's file: all of `vary`, or `trials` draws of
 * `vary` and `ranges`. The first draws are the same for any number of them; of
 * `vary` alone, no combination is drawn twice.
 *
 * @param config The sweep's settings.
 * @throws {UserError} If there are fewer combinations than draws.
 */
export function combinationsOf(config: Config<"sweep">): Combination[] {
  const { vary, ranges, trials, seed } = config;
  const lists = Object.entries(vary);
  const total = lists.reduce((count, [, { length }]) => count * length, 1);
  // The last setting changes first, as the digits of a number.
  const nth = (n: number) => {
    const combination: Combination = {};
    for (const [name, values] of lists.toReversed()) {
      combination[name] = values[n % values.length];
      n = Math.floor(n / values.length);
    }
    return Object.fromEntries(Object.entries(combination).reverse());
  };
  const drawn = Object.keys(ranges).length > 0;
  if (total > MOST_COMBINATIONS || !drawn && trials && trials > total) {
    throw listProblems("Cannot plan the sweep", [
      total > MOST_COMBINATIONS
        ? `vary has ${total} combinations, expected at most ${MOST_COMBINATIONS}`
        : `--trials is ${trials}, but vary has ${total} combinations`,
    ], { code: "bad-usage" });
  }
  if (trials === undefined) {
    return Array.from({ length: total }, (_, n) => nth(n));
  }
  const order = epochOrder(total, seed, 0);
  return Array.from({ length: trials }, (_, trial) => ({
    ...nth(order[trial % total]),
    ...draw(ranges, { seed, trial }),
  }));
}

/** More would take years. */
const MOST_COMBINATIONS = 10_000;

/** A value from each range, of three digits. */
function draw(
  ranges: Record<string, Range>,
  { seed, trial }: { seed: number; trial: number },
): Combination {
  const words = randomWords(seed, 1 + trial);
  return Object.fromEntries(
    Object.entries(ranges).map(([name, { min, max, scale }]) => {
      const share = words() / 2 ** 32;
      const value = scale === "log"
        ? min * (max / min) ** share
        : min + (max - min) * share;
      const short = Number(value.toPrecision(3));
      const kept = isWhole(name) ? Math.round(value) : short;
      return [name, Math.min(Math.max(kept, min), max)];
    }),
  );
}

function isWhole(name: string): boolean {
  const shape: Record<string, z.ZodType> = taskSchemas.finetune.shape;
  return unwrap(shape[name]) instanceof z.ZodNumberFormat;
}

/**
 * Every combination with every seed.
 *
 * @param settings What runs share, and what they differ in.
 * @return The runs, the seeds of a combination together; equal ones are one.
 * @throws {UserError} Listing every setting that `finetune` would refuse.
 */
export function planRuns(settings: RunSettings): PlannedRun[] {
  const { shared, combinations, seeds, out } = settings;
  const problems = new Set<string>();
  const runs = new Map<string, PlannedRun>();
  for (const combination of combinations) {
    for (const seed of seeds) {
      const name = nameOf(combination, seed);
      const given = {
        ...shared,
        ...combination,
        seed,
        out: join(out, "runs", name),
      };
      const { data, error } = taskSchemas.finetune.safeParse(given);
      if (data) {
        namePlaces("finetune", data, { given, directory: "." });
        runs.set(name, { name, settings: combination, seed, config: data });
      }
      for (const issue of error?.issues ?? []) {
        problems.add(describeIssue(issue, given));
      }
    }
  }
  if (problems.size > 0) {
    throw listProblems("Cannot plan the sweep", [...problems], {
      code: "bad-usage",
    });
  }
  return [...runs.values()];
}

/** Longest name of a folder that every file system takes, with some to spare. */
const LONGEST_NAME = 120;

/** As `lr=0.001,seed=0`; what a folder cannot be called is told by a digest. */
function nameOf(combination: Combination, seed: number): string {
  const words = Object.entries({ ...combination, seed }).map(([name, value]) =>
    `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  const full = words.join(",");
  const safe = full.replaceAll(/[^\w.,=+-]/g, "_");
  if (safe === full && full.length <= LONGEST_NAME) return full;
  const digest = createHash("sha256").update(full).digest("hex").slice(0, 8);
  return `${safe.slice(0, LONGEST_NAME)}-${digest}`;
}
