/**
 * What is told of a model's labels, and the error for labels that do not fit.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import type { WarningEvent } from "../../events/events.ts";
import type { ModelConfig } from "../model_config.ts";
import type { Described } from "./describe_model.ts";

/**
 * What a user of a fine-tuned model should know of its labels.
 *
 * @param described The model.
 * @param config Its configuration.
 */
export function tellLabels(
  { labelSource, ownLabels }: Described,
  { labels }: ModelConfig,
): WarningEvent[] {
  if (labelSource === "numbers") {
    return [{
      event: "warning",
      code: "unnamed-labels",
      message: "The model's files name none of its classes, so they are " +
        labels.join(", "),
      hint: "--labels A,B,C names them in the order of the model's outputs",
    }];
  }
  if (labelSource !== "given" || ownLabels === undefined) return [];
  if (labels.join() === ownLabels.join()) return [];
  return [{
    event: "warning",
    code: "renamed-labels",
    message: `The model's own labels are ${ownLabels.join(", ")}, and are ` +
      `taken as ${labels.join(", ")}, in this order`,
    hint: "leave out --labels to take the model's own",
  }];
}

/**
 * The error for labels that are more or fewer than the model's classes.
 *
 * @param directory The model.
 * @param labels What its labels should be.
 * @param described What it is.
 */
export function otherHead(
  directory: string,
  labels: readonly string[],
  { ownLabels, headRows, labelSource }: Described,
): UserError {
  const own = ownLabels?.length === headRows
    ? `: ${ownLabels!.join(", ")}`
    : "";
  const whose = { given: "--labels names", files: "its config.json names" };
  return new UserError(
    `Cannot use the model "${directory}": its output layer has ` +
      `${headRows} classes${own}, and ${
        whose[labelSource as keyof typeof whose] ?? "the labels are"
      } ${labels.length}: ${labels.join(", ")}`,
    {
      code: "wrong-labels",
      hint: `--labels gives ${headRows} names; to fine-tune it for other ` +
        "classes, --new-head puts a fresh output layer on it",
    },
  );
}
