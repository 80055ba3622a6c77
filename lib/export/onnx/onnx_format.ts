/**
 * A model for ONNX Runtime, in the folders of transformers.js.
 *
 * @module
 */
import { elementCount } from "../../weights/formats/arrays.ts";
import { describeForTransformers } from "../../weights/hugging_face/write_config.ts";
import type { ModelConfig } from "../../weights/model_config.ts";
import type { OpenedModel } from "../../weights/model_dir.ts";
import { parameterShapes } from "../../weights/shapes.ts";
import { exampleText } from "../example_text.ts";
import type { ExportFiles, ExportFormat } from "../export_format.ts";
import { jsonFile } from "../file_contents.ts";
import { describeTokenizer } from "../transformers_tokenizer.ts";
import { describeBook } from "./book_config.ts";
import { encodeClassifier, inputNames } from "./classifier.ts";

/** Bytes that a message of Protocol Buffers may have, less room for the graph. */
const MOST_BYTES = 2 ** 31 - 2 ** 24;

/** The form that ONNX Runtime and transformers.js open. */
export const onnx: ExportFormat = {
  world: "ONNX Runtime and transformers.js",
  truncation: "longest-first-hf",
  hint: "--format hf takes models of any size",
  problems(config) {
    const bytes = 4 * parameterShapes(config).values()
      .reduce((sum, shape) => sum + elementCount(shape), 0);
    return bytes > MOST_BYTES
      ? [`its weights are ${bytes} bytes, and a file of ONNX has 2 GiB at most`]
      : [];
  },
  files: onnxFiles,
  use,
};

async function onnxFiles(model: OpenedModel): Promise<ExportFiles> {
  const { config, fields, arrays } = model;
  const { files, padding } = await describeTokenizer(model);
  const described = describeForTransformers(config, { fields: fields ?? {} });
  return {
    ...files,
    "config.json": jsonFile(described ?? describeBook(config, padding)),
    "onnx/model.onnx": encodeClassifier(config, arrays),
  };
}

function use(config: ModelConfig, name: string): string {
  const feeds = {
    input_ids: "encoding.ids",
    attention_mask: "encoding.attention_mask",
    token_type_ids: "encoding.type_ids",
  } as const;
  const { names } = exampleText(config.text);
  const inputs = inputNames(config) as (keyof typeof feeds)[];
  return `
\`\`\`python
import numpy, onnxruntime, tokenizers

tokenizer = tokenizers.Tokenizer.from_file("${name}/tokenizer.json")
tokenizer.enable_truncation(${config.text.maxLength})
session = onnxruntime.InferenceSession("${name}/onnx/model.onnx")
encoding = tokenizer.encode(${names.join(", ")})
(logits,) = session.run(["logits"], {
${
    inputs.map((input) => `    "${input}": numpy.array([${feeds[input]}]),`)
      .join("\n")
  }
})
\`\`\`

and in transformers.js:

\`\`\`js
import {
  AutoModelForSequenceClassification,
  AutoTokenizer,
} from "@huggingface/transformers";

const tokenizer = await AutoTokenizer.from_pretrained("${name}");
const model = await AutoModelForSequenceClassification.from_pretrained(
  "${name}",
  { dtype: "fp32" },
);
const inputs = tokenizer(${names[0]}, {
${names.length > 1 ? `  text_pair: ${names[1]},\n` : ""}  truncation: true,
${
    // Its general class makes none unless it is asked to, and all would be 0.
    inputs.includes("token_type_ids")
      ? "  return_token_type_ids: true,\n"
      : ""}});
const { logits } = await model(inputs);
\`\`\`

The inputs are int64 of [batch, sequence], any batch and up to
${config.positions - config.firstPosition} tokens; where \`attention_mask\` is 0
there is padding, which changes no logits.
`;
}
