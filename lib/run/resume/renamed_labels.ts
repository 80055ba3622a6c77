/**
 * Labels that a person gave other names in a run.
 *
 * @module
 */
import { join } from "@std/path";
import { listProblems } from "../../base/errors.ts";
import { readRecordedText } from "../../hub/catalogue/recorded_digests.ts";
import {
  labelFieldsOf,
  namedLabels,
  placeHolders,
} from "../../weights/hugging_face/labels.ts";
import { OWN_KEY } from "../../weights/hugging_face/own_fields.ts";

/**
 * The labels that a run's `config.json` has, so that a run that goes on doesn't
 * take names back that were changed on purpose.
 *
 * @param run The run directory.
 * @param labels Those that it is trained with.
 * @return As many names, those of the file if it has as many.
 * @throws {UserError} `changed-file` if the file was changed, and nobody has
 *   accepted that; `bad-model` if it calls a label by two names.
 */
export async function renamedLabels(
  run: string,
  labels: string[],
): Promise<string[]> {
  const path = join(run, "config.json");
  let text: string;
  try {
    text = await readRecordedText(path);
  } catch (error) {
    // No epoch has ended yet.
    if (error instanceof Deno.errors.NotFound) return labels;
    if (error instanceof Deno.errors.NotADirectory) return labels;
    throw error;
  }
  const names = namesIn(text, path);
  return names?.length === labels.length ? names : labels;
}

/** The labels of a model of ours, in the form of any version. */
function namesIn(text: string, path: string): string[] | undefined {
  const config = parseObject(text);
  if (config === undefined) return undefined;
  if (!(OWN_KEY in config)) return listOfNames(config.labels);
  const fields = labelFieldsOf(config);
  if (!fields.id2label && !fields.label2id) return undefined;
  const problems: string[] = [];
  const names = namedLabels(fields, problems) ?? placeHolders(fields);
  if (problems.length === 0) return names;
  throw listProblems(`Cannot use the labels of "${path}"`, problems, {
    code: "bad-model",
    hint: "a label's name stands in id2label and in label2id",
  });
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const config = JSON.parse(text);
    return typeof config === "object" && config !== null ? config : undefined;
  } catch {
    return undefined;
  }
}

function listOfNames(labels: unknown): string[] | undefined {
  const isList = Array.isArray(labels) &&
    labels.every((label) => typeof label === "string");
  return isList ? labels : undefined;
}
