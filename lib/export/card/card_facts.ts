/**
 * What a model card is made of.
 *
 * @module
 */
import type { RunMetrics } from "../../run/run_metrics.ts";
import type { RunRecord } from "../../run/run_record.ts";
import type { ModelConfig } from "../../weights/model_config.ts";
import type { ExportFormat } from "../export_format.ts";

/** What a card is made of. */
export interface CardFacts {
  /** What the export is called. */
  name: string;
  /** The model. */
  config: ModelConfig;
  /** The form of the export. */
  form: ExportFormat;
  /** What it was fine-tuned from, or what it is itself if it is not a run's. */
  base: string;
  /** How it was trained; undefined if it is not a run's. */
  record: RunRecord | undefined;
  /** How well it does, by split. */
  metrics: RunMetrics;
  /** The files of the data that it was trained on, as far as they are known. */
  sources: readonly string[];
  /** The terms that it may be used by, if the user says so. */
  license?: string | undefined;
  /** The language of its text, if the user says so. */
  language?: string | undefined;
}
