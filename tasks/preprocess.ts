/**
 * `preprocess`: turns pairs of sentences into tables of tokens.
 *
 * @module
 */
import { join } from "@std/path";
import { listProblems } from "../lib/base/errors.ts";
import { skippedPath, tablePath } from "../lib/data/table/table_dir.ts";
import {
  MANIFEST,
  type TableManifest,
} from "../lib/data/table/table_manifest.ts";
import {
  classWarnings,
  countsOf,
} from "../lib/data/table/warnings/class_warnings.ts";
import type { Config } from "../lib/settings/config.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import {
  encodeSources,
  openSources,
} from "../lib/train/data/encode_sources.ts";

/**
 * Encodes pairs of sentences.
 *
 * @param config What to encode, and how.
 * @param context Who is told.
 * @return The facts of the `done` event.
 */
export async function preprocess(
  config: Config<"preprocess">,
  { log, signal, start }: TaskContext,
): Promise<Summary> {
  const specs = config.dev === undefined
    ? config.data
    : [...config.data, `dev=${config.dev}`];
  const work = await openSources(specs, config);
  start();
  const { manifest, reused, replaced } = await encodeSources(
    config.out,
    work,
    {
      config,
      limit: config.limit,
      overwrite: config.overwrite,
      log,
      signal,
    },
  );
  for (const warning of classWarnings(countsOf(manifest))) log.emit(warning);
  if (config.expectRows) checkRows(config.out, manifest, config.expectRows);
  const splits = Object.entries(manifest.splits);
  return {
    splits: Object.fromEntries(
      splits.map((
        [name, { digest: _, numbered: __, ...counts }],
      ) => [name, counts]),
    ),
    reused,
    replaced,
    files: reused ? [] : [
      join(config.out, MANIFEST),
      ...splits.flatMap(([name, { skipped }]) => [
        tablePath(config.out, name),
        ...(skipped > 0 ? [skippedPath(config.out, name)] : []),
      ]),
    ],
  };
}

function checkRows(
  out: string,
  { splits }: TableManifest,
  expected: Record<string, number>,
): void {
  const problems = Object.entries(expected).flatMap(([name, rows]) => {
    const found = splits[name]?.rows;
    if (found === rows) return [];
    const has = found === undefined ? "is missing" : `has ${found} rows`;
    return [`the split "${name}" ${has}, expected ${rows}`];
  });
  if (problems.length === 0) return;
  throw listProblems(
    `The encoded data "${out}" are not as expected`,
    problems,
    {
      code: "unexpected-rows",
      hint: "is --data what it should be? (--expect-rows)",
      exitCode: 1,
    },
  );
}

if (import.meta.main) await runTask("preprocess", preprocess);
