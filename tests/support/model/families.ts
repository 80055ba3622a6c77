/** The golden models of BERT's relatives, as transformers saved them. */
import type { Batch } from "../../../lib/data/batch/batches.ts";
import { packTokens } from "../../../lib/data/batch/pack.ts";
import { renameToNeutral } from "../../../lib/weights/families/rename_arrays.ts";
import { sortArrays } from "../../../lib/weights/families/sort_arrays.ts";
import type { NamedArrays } from "../../../lib/weights/formats/arrays.ts";
import { readWeightFile } from "../../../lib/weights/formats/weight_file.ts";
import { translateHuggingFaceConfig } from "../../../lib/weights/hugging_face/config.ts";
import {
  guessFamily,
  statedFamily,
} from "../../../lib/weights/hugging_face/model_type.ts";
import type { ModelConfig } from "../../../lib/weights/model_config.ts";

/** A text as transformers has it. */
interface ReferenceText {
  /** The second sentence; null of a lone one. */
  hypothesis?: string | null;
  input_ids: number[];
  /** Where the second sentence's tokens begin, if that is told. */
  second?: number;
  logits: number[];
}

/** What transformers made of a model: see make.py beside them. */
export interface FamilyReference {
  texts: ReferenceText[];
  /** Ten steps of AdamW on the pairs, or on all texts, dropout off. */
  steps?: { labels: number[]; losses: number[] };
}

/** A golden model with its reference. */
export interface FamilyModel {
  config: ModelConfig;
  arrays: NamedArrays;
  reference: FamilyReference;
}

/** The golden models below a folder, sorted. */
export function familiesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].filter((entry) => entry.isDirectory)
    .map(({ name }) => `${folder}/${name}`).sort();
}

/** Arrays and configuration do not ask for text. */
export const UNREAD = {
  kind: "wordpiece",
  class: "BertTokenizer",
  lowerCase: true,
  segments: true,
  maxLength: undefined,
} as const;

/** Reads a golden model, by its arrays and its configuration alone. */
export async function openFamily(directory: string): Promise<FamilyModel> {
  const readJson = async (file: string) =>
    JSON.parse(await Deno.readTextFile(`${directory}/${file}`));
  const config = await readJson("config.json");
  const file = `${directory}/model.safetensors`;
  const found = await readWeightFile(file);
  const family = statedFamily(config, directory) ??
    guessFamily(config, directory, found.keys());
  const translated = translateHuggingFaceConfig(
    // That of a RoBERTa makes no segments.
    { config, tokenizer: { ...UNREAD, segments: family !== "roberta" } },
    directory,
    { family, headRows: undefined },
  );
  const { arrays, problems } = sortArrays(
    renameToNeutral(found, file, family),
    translated.config,
  );
  if (problems.length > 0) throw new Error(problems.join("; "));
  const reference = await readJson("reference.json");
  return { config: translated.config, arrays, reference };
}

/**
 * Texts of a reference in one batch, by the ids of transformers.
 *
 * @param model The model.
 * @param learned Those that the steps learn from, with their labels; all of them
 *     if false.
 */
export function familyBatch(
  { config, reference: { texts, steps } }: FamilyModel,
  learned = false,
): Batch {
  const chosen = learned
    ? texts.filter(({ hypothesis }) => hypothesis !== null)
    : texts;
  const labels = learned ? steps!.labels : chosen.map(() => 0);
  return {
    ...packTokens(chosen.map(exampleOf), config),
    size: chosen.length,
    labels: Int32Array.from(labels),
    indices: Int32Array.from(chosen.keys()),
  };
}

/** A text's tokens; a pair's second sentence follows the first separator. */
export function exampleOf({ input_ids, hypothesis, second }: ReferenceText) {
  const sentence = hypothesis === null
    ? input_ids.length
    : input_ids.indexOf(input_ids.at(-1)!) + 1;
  return { tokenIds: input_ids, second: second ?? sentence };
}
