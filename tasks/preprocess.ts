/**
 * `preprocess`: turns pairs of sentences into tables of tokens.
 *
 * @module
 */
import { join } from "@std/path";
import { listProblems, UserError } from "../lib/base/errors.ts";
import {
  prepareTables,
  type PrepareTablesOptions,
} from "../lib/data/encode/prepare.ts";
import { isNumber } from "../lib/data/read/gold_label.ts";
import { refuseOtherName } from "../lib/data/read/row_format.ts";
import {
  isPipe,
  isStandardInput,
  parseSpec,
} from "../lib/data/sources/source.ts";
import { lossWarnings } from "../lib/data/table/loss_warnings.ts";
import { skippedPath, tablePath } from "../lib/data/table/table_dir.ts";
import {
  MANIFEST,
  type TableManifest,
} from "../lib/data/table/table_manifest.ts";
import type { Log } from "../lib/events/log.ts";
import {
  type Catalogue,
  loadCatalogue,
} from "../lib/hub/catalogue/catalogue.ts";
import { resolveSource } from "../lib/hub/catalogue/resolve.ts";
import type { Config } from "../lib/settings/config.ts";
import { isAuto, namesGiven } from "../lib/settings/fields/label_names.ts";
import { runTask, type Summary, type TaskContext } from "../lib/task/task.ts";
import type { TextRecipe } from "../lib/text/recipe.ts";
import type { ModelConfig } from "../lib/weights/model_config.ts";
import type { OpenedModel } from "../lib/weights/model_dir.ts";
import { openModel } from "../lib/weights/open_model.ts";

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
  checkInputs(specs);
  const catalogue = await loadCatalogue(config.catalogue);
  const { cache, heads, labels } = config;
  // Its configuration and its vocabulary are enough.
  const model = await openModel(config.model, {
    cache,
    catalogue: config.catalogue,
    textOnly: true,
    heads,
    labels: namesGiven(labels),
    maxLength: config.maxLen,
  });
  const data = await Promise.all(
    specs.map((spec) => findData(spec, config, catalogue)),
  );
  start();
  model.warnings.forEach((warning) => log.emit(warning));
  const { manifest, reused, replaced, numbered } = await prepareTables(
    config.out,
    {
      data,
      vocabularyFile: model.vocabularyFile,
      ...textRecipe(model.config, config),
      ...labelsFor(model, { auto: isAuto(labels) }),
      dataLabels: config.dataLabels,
      fields: {
        premise: config.premiseField,
        hypothesis: config.hypothesisField,
        label: config.labelField,
      },
      single: config.single,
      delimiter: config.delimiter?.replace("\\t", "\t"),
      quoting: config.quoting,
      onBadRow: config.onBadRow,
      limit: config.limit,
      testFraction: config.testFraction,
      devFraction: config.devFraction,
      workers: config.workers,
      overwrite: config.overwrite,
      onProgress: log.progress,
      onWarning: log.emit,
      signal,
    },
  );
  if (numbered && !config.dataLabels) warnOfNumbers(manifest.labels, log);
  lossWarnings(manifest, config).forEach((warning) => log.emit(warning));
  if (config.expectRows) checkRows(config.out, manifest, config.expectRows);
  const splits = Object.entries(manifest.splits);
  return {
    splits: Object.fromEntries(
      splits.map(([name, { digest: _, ...counts }]) => [name, counts]),
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

/** How the model's text is made, but for what the flags say. */
function textRecipe(
  { text }: ModelConfig,
  config: Config<"preprocess">,
): TextRecipe {
  const { truncation = text.truncation } = config;
  return { ...text, truncation, sentences: meantSentences(text, config) };
}

/** What the flags ask for may be another task than the model's. */
function meantSentences(
  { sentences }: TextRecipe,
  { single, hypothesisOnly, hypothesisField }: Config<"preprocess">,
): TextRecipe["sentences"] {
  if (single) return "single";
  if (hypothesisOnly) return "hypothesis-only";
  return hypothesisField && sentences === "single" ? undefined : sentences;
}

/** A model without names of its own has those of the data. */
function labelsFor(
  { config, hasHead, labelSource }: OpenedModel,
  { auto }: { auto: boolean },
): Pick<PrepareTablesOptions, "labels" | "usualLabels"> {
  const unnamed = labelSource === "usual" && !hasHead;
  if (!auto && !unnamed) return { labels: config.labels };
  return { labels: null, usualLabels: auto ? undefined : config.labels };
}

/** Standard input is one file. */
function checkInputs(specs: readonly string[]): void {
  const inputs = specs.filter(isStandardInput);
  if (inputs.length < 2) return;
  throw new UserError(
    `Cannot read standard input as both ${inputs.join(" and ")}`,
    { code: "bad-usage", hint: "give a file for each other --data" },
  );
}

/** Numbers mean nothing without an order, and Hugging Face has another. */
function warnOfNumbers(labels: readonly string[], log: Log): void {
  // The data's own names need no explanation.
  if (labels.every(isNumber)) return;
  const meanings = labels.map((label, i) => `${i} for ${label}`);
  log.emit({
    event: "warning",
    code: "numbered-labels",
    message: `The data's labels are numbers, taken as ${meanings.join(", ")}`,
    hint:
      "--data-labels A,B,C gives the order of the data, as Hugging Face's " +
      "entailment,neutral,contradiction",
  });
}

/** The directory or file of what `--data` names; `SPLIT=FILE` stays. */
async function findData(
  spec: string,
  { cache }: Config<"preprocess">,
  catalogue: Catalogue,
): Promise<string> {
  if (parseSpec(spec).split !== null || isStandardInput(spec)) return spec;
  if (await isPipe(spec)) return spec;
  refuseOtherName(spec);
  const options = { cache, kind: "dataset", catalogue } as const;
  return (await resolveSource(spec, options)).directory;
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
