/**
 * Hugging Face's form of a model: `config.json`, `model.safetensors` and the
 * tokenizer, as `save_pretrained` of transformers writes them.
 *
 * @module
 */
import { foreignName } from "../weights/families/names.ts";
import type { NamedArrays } from "../weights/formats/arrays.ts";
import { writeSafetensors } from "../weights/formats/safetensors.ts";
import type { ModelConfig } from "../weights/model_config.ts";
import type { OpenedModel } from "../weights/model_dir.ts";
import type { ExportFiles, ExportFormat } from "./export_format.ts";
import { describeForTransformers } from "./hugging_face_config.ts";
import { jsonFile } from "./file_contents.ts";
import { describeTokenizer } from "./transformers_tokenizer.ts";

/** The form that `AutoModelForSequenceClassification` opens. */
export const huggingFace: ExportFormat = {
  world: "Hugging Face's transformers",
  truncation: "longest-first-hf",
  hint:
    "--format onnx takes every model that is computed here, d2l-torch and " +
    "d2l-mxnet are of the book's",
  problems: ({ family }: ModelConfig) =>
    family === "d2l-bert"
      ? [
        "no layer norm follows its embeddings, and transformers' BertModel " +
        "always has one",
      ]
      : [],
  files: huggingFaceFiles,
  use: (_, name) => `
\`\`\`python
from transformers import pipeline

classify = pipeline("text-classification", model=${JSON.stringify(name)})
classify({"text": premise, "text_pair": hypothesis}, truncation=True)
\`\`\`

and in premise:

\`\`\`sh
deno task predict --model ${name} --premise "..." --hypothesis "..."
\`\`\`
`,
};

async function huggingFaceFiles(model: OpenedModel): Promise<ExportFiles> {
  const { config, arrays } = model;
  const { files, padding } = await describeTokenizer(model);
  const named: NamedArrays = new Map(
    [...arrays].map(([name, array]) => [
      foreignName(name, "hf", config.family)!,
      array,
    ]),
  );
  return {
    ...files,
    "config.json": jsonFile(describeForTransformers(config, { padding })),
    "model.safetensors": writeSafetensors(named),
  };
}
