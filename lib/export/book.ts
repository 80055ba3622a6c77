/**
 * The book's form of a model, in PyTorch or in MXNet: a file of weights that its
 * classes load, and `vocab.json`.
 *
 * @module
 */
import { readTokenizerFiles } from "../text/tokenizer_files.ts";
import { foreignName } from "../weights/families/names.ts";
import type { NamedArrays } from "../weights/formats/arrays.ts";
import { writeMxnet } from "../weights/formats/mxnet_writer.ts";
import { writeTorch } from "../weights/formats/torch/torch_writer.ts";
import type { ModelConfig } from "../weights/model_config.ts";
import type { OpenedModel } from "../weights/model_dir.ts";
import { exampleText } from "./example_text.ts";
import type { ExportFiles, ExportFormat } from "./export_format.ts";

/** The file of the weights. */
const WEIGHTS = "model.params";

/** Outputs of the book's classifier. */
const OUTPUTS = 3;

const HINT = "--format onnx takes every model that is computed here";

/** The book's classes in PyTorch. */
export const bookInTorch: ExportFormat = {
  world: "the book's classes in PyTorch (d2l.torch)",
  truncation: "longest-first",
  problems: bookProblems,
  hint: HINT,
  files: (model) => bookFiles(model, "d2l-torch"),
  use: (config, name) => `
\`\`\`python
import torch
from d2l import torch as d2l

${classLines(config, "torch")}
net.load_state_dict(torch.load("${WEIGHTS}", weights_only=True))
\`\`\`
${useHere(config, name)}`,
};

/** The book's classes in MXNet. */
export const bookInMxnet: ExportFormat = {
  world: "the book's classes in MXNet (d2l.mxnet)",
  truncation: "longest-first",
  problems: bookProblems,
  hint: HINT,
  files: (model) => bookFiles(model, "d2l-mxnet"),
  use: (config, name) => `
\`\`\`python
from d2l import mxnet as d2l

${classLines(config, "mxnet")}
net.load_parameters("${WEIGHTS}")
\`\`\`
${useHere(config, name)}`,
};

/** Why the book's classes do not compute what a model does. */
function bookProblems(config: ModelConfig): string[] {
  const { activation, poolerActivation, normEpsilon, segments } = config;
  const { tokenizer } = config.text;
  const reasons: [boolean, string][] = [
    [
      config.embeddingNorm,
      "a layer norm follows its embeddings, and the book's encoder has none",
    ],
    [
      config.embedding !== config.hidden,
      `its tables have width ${config.embedding} and its encoder ` +
      `${config.hidden}, which are one in the book`,
    ],
    [
      activation !== "relu",
      `its activation is "${activation}", and the book's is "relu"`,
    ],
    [
      poolerActivation !== "tanh",
      `its pooler's activation is "${poolerActivation}", and the book's is ` +
      '"tanh"',
    ],
    [
      normEpsilon !== 1e-5,
      `its layer norms add ${normEpsilon} to the variance, and the book's 1e-5`,
    ],
    [
      segments !== 2 || config.secondSegment !== 1,
      `its segment table has ${segments} rows, of which the second sentence ` +
      `has row ${config.secondSegment}, and the book's has 2, of which it ` +
      "has row 1",
    ],
    [
      config.firstPosition !== 0,
      `its positions are counted from ${config.firstPosition}, and the ` +
      "book's from 0",
    ],
    [
      tokenizer.kind !== "words" || !tokenizer.lowerCase,
      tokenizer.kind === "words"
        ? "its text is not lower-cased, and the book's is"
        : `its text is split by "${tokenizer.kind}", and the book's is split ` +
          "into words at white space",
    ],
  ];
  return reasons.filter(([differs]) => differs).map(([, clause]) => clause);
}

async function bookFiles(
  { config, arrays, vocabularyFile }: OpenedModel,
  framework: "d2l-torch" | "d2l-mxnet",
): Promise<ExportFiles> {
  const { "vocab.json": vocabulary } = await readTokenizerFiles(vocabularyFile);
  const write = framework === "d2l-torch" ? writeTorch : writeMxnet;
  const named: NamedArrays = new Map();
  // The books' classes list the position table before the others.
  for (const name of [POSITIONS, ...arrays.keys()]) {
    const { shape, data } = arrays.get(name)!;
    const isTable = name === POSITIONS;
    named.set(foreignName(name, framework, config.family)!, {
      shape: isTable ? [1, ...shape] : shape,
      data,
    });
  }
  return { "vocab.json": vocabulary, [WEIGHTS]: write(named) };
}

/** It is [1, M, H] in the book. */
const POSITIONS = "embeddings.position.weight";

/** The lines that make the book's classifier of this size. */
function classLines(config: ModelConfig, framework: "torch" | "mxnet"): string {
  const { vocabulary, hidden, feedForward, heads, blocks, positions } = config;
  const outputs = config.labels.length;
  return [
    `bert = d2l.BERTModel(${vocabulary}, ${hidden}, ${feedForward}, ${heads},`,
    `                     ${blocks}, ${config.dropout}, max_len=${positions})`,
    `net = BERTClassifier(bert)  # section "Natural Language Inference: Fine-Tuning BERT"`,
    ...outputs === OUTPUTS ? [] : [
      framework === "torch"
        ? `net.output = torch.nn.Linear(${hidden}, ${outputs})`
        : `net.output = gluon.nn.Dense(${outputs})`,
    ],
  ].join("\n");
}

/** The flags that say here what the book's files do not. */
function useHere({ heads, labels, text }: ModelConfig, name: string): string {
  const flags = [
    `--heads ${heads}`,
    `--max-len ${text.maxLength}`,
    `--truncation ${text.truncation}`,
    `--labels ${JSON.stringify(labels.join())}`,
    exampleText(text).flags,
  ].join(" ");
  return `
and in premise:

\`\`\`sh
deno task predict --model ${name} ${flags}
\`\`\`
`;
}
