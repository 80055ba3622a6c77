/**
 * Hugging Face's form of a model: `config.json`, `model.safetensors` and the
 * tokenizer, as `save_pretrained` of transformers writes them.
 *
 * @module
 */
import { nameForTransformers } from "../weights/families/names.ts";
import { writeSafetensors } from "../weights/formats/safetensors.ts";
import { describeForTransformers } from "../weights/hugging_face/write_config.ts";
import type { ModelConfig } from "../weights/model_config.ts";
import type { OpenedModel } from "../weights/model_dir.ts";
import { exampleText } from "./example_text.ts";
import type { ExportFiles, ExportFormat } from "./export_format.ts";
import { jsonFile } from "./file_contents.ts";
import { describeTokenizer } from "./transformers_tokenizer.ts";

/** The form that `AutoModelForSequenceClassification` opens. */
export const huggingFace: ExportFormat = {
  world: "Hugging Face's transformers",
  truncation: "longest-first-hf",
  hint:
    "--format onnx takes every model that is computed here, d2l-torch and " +
    "d2l-mxnet are of the book's",
  problems: problemsOf,
  files: huggingFaceFiles,
  use,
};

function problemsOf(config: ModelConfig): string[] {
  if (config.family === "d2l-bert") {
    return [
      "no layer norm follows its embeddings, and transformers' BertModel " +
      "always has one",
    ];
  }
  return describeForTransformers(config) === null
    ? [
      "its config.json says what no field of transformers does: was it changed " +
      "by hand?",
    ]
    : [];
}

async function huggingFaceFiles(model: OpenedModel): Promise<ExportFiles> {
  const { config, fields, arrays } = model;
  const { files } = await describeTokenizer(model);
  const described = describeForTransformers(config, { fields: fields ?? {} });
  return {
    ...files,
    "config.json": jsonFile(described),
    "model.safetensors": writeSafetensors(
      nameForTransformers(arrays, config.family),
    ),
  };
}

function use({ text }: ModelConfig, name: string): string {
  const { names: [first, second], flags } = exampleText(text);
  const given = second ? `{"text": ${first}, "text_pair": ${second}}` : first;
  return `
\`\`\`python
from transformers import pipeline

classify = pipeline("text-classification", model=${JSON.stringify(name)})
classify(${given}, truncation=True)
\`\`\`

and in premise:

\`\`\`sh
deno task predict --model ${name} ${flags}
\`\`\`
`;
}
