/**
 * Opens encoded data for a model, and refuses what was encoded for another.
 *
 * @module
 */
import { listProblems } from "../../base/errors.ts";
import { infoOf } from "../../base/files/info.ts";
import { readTableDir, type TableDir } from "../../data/table/table_dir.ts";
import { digestVocabulary } from "../../text/open_tokenizer.ts";
import { tokenDifferences } from "../../text/recipe.ts";
import { longestInput } from "../../weights/model_config.ts";
import type { OpenedModel } from "../../weights/model_dir.ts";
import { missingTable } from "./missing_table.ts";

/** What encoded data are opened for. */
export interface OpenTableOptions {
  /**
   * Whether the model is trained on them: it learns to read by their rules, and
   * pairs or single sentences. A model without an output layer can only that.
   */
  training?: boolean;
}

/**
 * Opens encoded data for a model.
 *
 * @param directory Made by `preprocess`.
 * @param model What will read it.
 * @param options What for.
 * @throws {UserError} If it is missing or damaged, or has another vocabulary,
 *   other labels or longer examples than the model.
 */
export async function openTableFor(
  directory: string,
  model: OpenedModel,
  { training = false }: OpenTableOptions = {},
): Promise<TableDir> {
  const { config } = model;
  if (await infoOf(directory) === null) {
    throw await missingTable(directory, model.directory);
  }
  const table = await readTableDir(directory);
  const { text, vocabulary, labels } = table.manifest;
  const problems: string[] = [];
  const { vocabularyFile: path } = model;
  // What older rules read is a file; later ones, what all files say together.
  const own = { path, text: model.vocabulary.text };
  if (vocabulary.digest !== await digestVocabulary(own, text)) {
    problems.push(
      `its vocabulary of ${vocabulary.size} entries is not that of the model ` +
        `"${model.directory}"`,
    );
  }
  const learns = training || !model.hasHead;
  problems.push(...tokenDifferences(text, {
    ...config.text,
    ...(learns && { rules: text.rules, sentences: undefined }),
  }));
  // A model without an output layer gets one for the data's classes.
  const fixed = model.hasHead || model.labelSource === "given";
  const others = fixed && labels.join() !== config.labels.join();
  if (others) {
    problems.push(
      `its labels are ${labels.join(", ")}, the model's are ${
        config.labels.join(", ")
      }` + (model.hasHead
        ? " (finetune --new-head puts a fresh output layer on it)"
        : ""),
    );
  }
  if (text.maxLength > longestInput(config)) {
    problems.push(
      `its examples have up to ${text.maxLength} tokens, the model takes ` +
        `${longestInput(config)}`,
    );
  }
  if (problems.length === 0) return table;
  throw listProblems(`Cannot use the encoded data "${directory}"`, problems, {
    code: "wrong-table",
    hint: others && problems.length === 1
      ? labelHint(labels, model)
      : "encode it for this model: deno task preprocess " +
        `--model ${model.directory} --data PATH --out DIR`,
  });
}

/** What to do where nothing but the labels keeps a model from data. */
function labelHint(
  labels: readonly string[],
  { config, hasHead, directory }: OpenedModel,
): string {
  const given = `--labels ${labels.join()}`;
  if (mayBeRenamed(labels, config.labels)) {
    return `where they mean the same, in this order: ${given} calls the ` +
      "model's so";
  }
  return hasHead
    ? "to train it for these labels: finetune --new-head; to encode the data " +
      `by its own: deno task preprocess --model ${directory} --data PATH --out DIR`
    : "leave out --labels to take those of the data";
}

/** A label that a command line takes as it is. */
const PLAIN = /^[\w.-]+$/;

/** Whether one list may be the other with new names: none only moved. */
function mayBeRenamed(old: readonly string[], now: readonly string[]): boolean {
  return old.length === now.length &&
    old.every((label, i) => label === now[i] || !now.includes(label)) &&
    old.every((label) => PLAIN.test(label));
}
