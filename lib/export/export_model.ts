/**
 * Makes of a fine-tuned model what another program opens.
 *
 * @module
 */
import { join } from "@std/path";
import { listProblems } from "../base/errors.ts";
import { digestFile } from "../base/files/digest.ts";
import { SUMS } from "../base/files/summed_files.ts";
import { versions } from "../base/versions.ts";
import type { WarningEvent } from "../events/events.ts";
import { refuseWithoutHead } from "../model/without_head.ts";
import { readRunMetrics } from "../run/run_metrics.ts";
import { manifestOf, type TrainedModel } from "../run/trained/open_trained.ts";
import { newestRules } from "../text/recipe.ts";
import type { ModelConfig } from "../weights/model_config.ts";
import { pinModel } from "../weights/open_model.ts";
import { writeModelCard } from "./card/model_card.ts";
import { EXPORT_FORMAT, EXPORT_RECORD } from "./export_dir.ts";
import type { ExportFiles, ExportFormat } from "./export_format.ts";
import { EXPORT_FORMATS, type FormatName } from "./export_formats.ts";
import { jsonFile, textFile } from "./file_contents.ts";

/** How a model is exported. */
export interface ExportOptions {
  /** In which form. */
  format: FormatName;
  /** What the user calls the model. */
  model: string;
  /** What the export is called. */
  name: string;
  /** Where downloads are kept. */
  cache: string;
  /** A catalogue file whose entries are added to the built-in ones. */
  catalogue?: string | undefined;
  /** The terms that it may be used by, as an identifier of the hub. */
  license?: string | undefined;
  /** The language of its text, as a code. */
  language?: string | undefined;
}

/** An export to write. */
export interface MadeExport {
  /** Its files. */
  files: ExportFiles;
  /** What there is to know of it. */
  warnings: WarningEvent[];
}

/**
 * Makes the files of an export.
 *
 * @param trained The model.
 * @param options The form, and what no file tells.
 * @throws {UserError} `not-fine-tuned` if the model has no output layer,
 *   `not-expressible` with every reason why it would compute something else
 *   there.
 */
export async function makeExport(
  { opened, record }: TrainedModel,
  options: ExportOptions,
): Promise<MadeExport> {
  const format = EXPORT_FORMATS[options.format];
  refuseWithoutHead(opened, "export");
  const { config, directory, weightsFile } = opened;
  const problems = format.problems(config);
  if (problems.length > 0) {
    throw listProblems(
      `Cannot export the model "${directory}" for ${format.world}`,
      problems,
      { code: "not-expressible", hint: format.hint },
    );
  }
  const manifest = typeof record?.config.data === "string"
    ? await manifestOf(record.config.data)
    : undefined;
  const card = writeModelCard({
    ...options,
    base: record
      ? String(record.config.model)
      : await pinModel(options.model, options),
    config,
    form: format,
    record,
    metrics: record ? await readRunMetrics(directory) : {},
    sources: manifest?.fingerprint === record?.data
      ? manifest?.sources ?? []
      : [],
  });
  const files = {
    ...await format.files(opened),
    "README.md": textFile(card),
    [EXPORT_RECORD]: jsonFile({
      format: EXPORT_FORMAT,
      target: options.format,
      weights: await digestFile(weightsFile!, "sha256"),
      labels: config.labels,
      text: config.text,
      versions: versions(),
    }),
  };
  return { files, warnings: tellText(config, format) };
}

/**
 * The paths of an export's files.
 *
 * @param out The directory.
 * @param files The files.
 */
export function pathsOf(out: string, files: ExportFiles): string[] {
  return [...Object.keys(files), SUMS].map((name) => join(out, name));
}

/** In what text is read otherwise there than here. */
function tellText(
  { text }: ModelConfig,
  { world, truncation }: ExportFormat,
): WarningEvent[] {
  const warnings: WarningEvent[] = [];
  const { rules, tokenizer, maxLength, sentences } = text;
  if (text.truncation !== truncation && sentences !== "single") {
    warnings.push({
      event: "warning",
      code: "cut-otherwise",
      message: `Pairs of more than ${maxLength} tokens are cut by ` +
        `"${text.truncation}" here, and by "${truncation}" in ${world}; all ` +
        "others are read alike",
      hint: "",
    });
  }
  if (rules < newestRules(tokenizer.kind)) {
    warnings.push({
      event: "warning",
      code: "older-text-rules",
      message: `The model's text follows version ${rules} of the text rules, ` +
        `and ${world} reads some rare characters as later ones do`,
      hint: "",
    });
  }
  return warnings;
}
