/**
 * What every form has that a model can be exported in.
 *
 * @module
 */
import type { FileSections } from "../base/files/files.ts";
import type { Truncation } from "../text/pair.ts";
import type { ModelConfig } from "../weights/model_config.ts";
import type { OpenedModel } from "../weights/model_dir.ts";

/** The files of an export by name; a name may have a folder. */
export type ExportFiles = Record<string, FileSections>;

/** A form that a model can be exported in. */
export interface ExportFormat {
  /** What opens it. */
  readonly world: string;
  /** How a pair that is too long is cut there. */
  readonly truncation: Truncation;
  /**
   * Why a model cannot be said so that it computes the same there.
   *
   * @param config The model.
   * @return A clause for each reason; empty if it can.
   */
  problems(config: ModelConfig): string[];
  /** What helps who was refused. */
  readonly hint: string;
  /**
   * The files that the model is there.
   *
   * @param model The model, which has an output layer.
   */
  files(model: OpenedModel): Promise<ExportFiles>;
  /**
   * How it is used there, as Markdown.
   *
   * @param config The model.
   * @param name What the directory is called.
   */
  use(config: ModelConfig, name: string): string;
}
