/** The golden models of BERT's relatives, as transformers saved them. */
import type { Batch } from "../../../lib/data/batch/batches.ts";
import { packTokens } from "../../../lib/data/batch/pack.ts";
import { translateHuggingFaceConfig } from "../../../lib/weights/hugging_face/config.ts";
import { statedFamily } from "../../../lib/weights/hugging_face/model_type.ts";
import { renameToNeutral } from "../../../lib/weights/families/rename_arrays.ts";
import { sortArrays } from "../../../lib/weights/families/sort_arrays.ts";
import type { NamedArrays } from "../../../lib/weights/formats/arrays.ts";
import { readWeightFile } from "../../../lib/weights/formats/weight_file.ts";
import type { ModelConfig } from "../../../lib/weights/model_config.ts";

/** Where they lie, unless a run of one's own names another folder. */
export const FAMILIES = Deno.env.get("PREMISE_FAMILIES") ??
  "fixtures/golden/families";

/** What transformers made of a model: see make.py beside them. */
export interface FamilyReference {
  texts: {
    premise: string;
    hypothesis: string | null;
    input_ids: number[];
    logits: number[];
  }[];
  /** Ten steps of AdamW on the pairs, dropout off. */
  steps: { labels: number[]; losses: number[] };
}

/** A golden model with its reference. */
export interface FamilyModel {
  config: ModelConfig;
  arrays: NamedArrays;
  reference: FamilyReference;
}

/** The names of the golden models. */
export function familyNames(): string[] {
  return [...Deno.readDirSync(FAMILIES)].filter((entry) => entry.isDirectory)
    .map(({ name }) => name).sort();
}

/** Reads a golden model, by its arrays and its configuration alone. */
export async function openFamily(name: string): Promise<FamilyModel> {
  const directory = `${FAMILIES}/${name}`;
  const readJson = async (file: string) =>
    JSON.parse(await Deno.readTextFile(`${directory}/${file}`));
  const json = await readJson("config.json");
  const family = statedFamily(json, directory)!;
  const { config } = translateHuggingFaceConfig(
    { config: json, tokenizer: {} },
    directory,
    { family, headRows: undefined },
  );
  const file = `${directory}/model.safetensors`;
  const renamed = renameToNeutral(await readWeightFile(file), file, family);
  const { arrays, problems } = sortArrays(renamed, config);
  if (problems.length > 0) throw new Error(problems.join("; "));
  return { config, arrays, reference: await readJson("reference.json") };
}

/** The texts of a reference in one batch, by the ids of transformers. */
export function familyBatch(
  { config, reference }: FamilyModel,
  which: "texts" | "pairs",
): Batch {
  const texts = reference.texts.filter(({ hypothesis }) =>
    which === "texts" || hypothesis !== null
  );
  const examples = texts.map(({ input_ids, hypothesis }) => ({
    tokenIds: input_ids,
    second: secondOf(input_ids, hypothesis !== null),
  }));
  const labels = which === "pairs"
    ? reference.steps.labels
    : texts.map(() => 0);
  return {
    ...packTokens(examples, config),
    size: texts.length,
    labels: Int32Array.from(labels),
    indices: Int32Array.from(texts.keys()),
  };
}

/** Where a pair's second sentence begins: after the first separator, the last token. */
function secondOf(ids: readonly number[], isPair: boolean): number {
  return isPair ? ids.indexOf(ids.at(-1)!) + 1 : ids.length;
}
