/**
 * The book's BERT ("Dive into Deep Learning", in MXNet and in PyTorch), which
 * ships without a configuration.
 *
 * @module
 */
import { newestRules } from "../../text/recipe.ts";
import type { NamedArrays } from "../formats/arrays.ts";
import { badWeights } from "../formats/bad_weights.ts";
import type { ModelConfig, ModelOverrides } from "../model_config.ts";
import {
  type Alias,
  type Family,
  inBlocks,
  type NameRow,
  type Names,
  withLeaves,
} from "./family.ts";

/** The book's family: it drops out in the encoder alone. */
export const d2l: Family = {
  name: "d2l-bert",
  dropouts: ["dropout", "attentionDropout", "attendedDropout"],
};

/** Modules that both frameworks call alike but for the leaves of norms. */
const MODULES: readonly NameRow[] = [
  ...inBlocks("encoder.blks.{i}", [
    ["attention.query", "attention.W_q"],
    ["attention.key", "attention.W_k"],
    ["attention.value", "attention.W_v"],
    ["attention.output", "attention.W_o"],
    ["ffn.up", "ffn.dense1"],
    ["ffn.down", "ffn.dense2"],
  ]),
  ["classifier", "output"],
  ["mlm.transform", "mlm.mlp.0"],
  ["nsp", "nsp.output"],
];

const NORMS = inBlocks("encoder.blks.{i}", [
  ["attentionNorm", "addnorm1.ln"],
  ["ffnNorm", "addnorm2.ln"],
]);

const TABLES: readonly NameRow[] = [
  ["embeddings.token.weight", "encoder.token_embedding.weight"],
  ["embeddings.segment.weight", "encoder.segment_embedding.weight"],
  ["embeddings.position.weight", "encoder.pos_embedding"],
];

/** Spellings of the book's classes while they were being written, 2020-2021. */
const ALIASES: readonly Alias[] = [
  [/^encoder\.word_embedding\./, "encoder.token_embedding."],
  [/\.blks\.block(\d+)\./, ".blks.$1."],
  [/\.addnorm_?([12])\.(?:norm|ln)\./, ".addnorm$1.ln."],
  [/\.ffn\.ffn_([12])\./, ".ffn.dense$1."],
  [/\.ffn\.net\.0\./, ".ffn.dense1."],
];

/** What the book's classes in MXNet call their parameters. */
export const MXNET_NAMES: Names = {
  rows: [
    ...TABLES,
    ...withLeaves([...MODULES, ["pooler", "hidden"]]),
    ...withLeaves([...NORMS, ["mlm.norm", "mlm.mlp.1"]], ["gamma", "beta"]),
    ...withLeaves([["mlm.decoder", "mlm.mlp.2"]]),
  ],
  prefix: "bert.",
  aliases: [
    ...ALIASES,
    [/\.ffn\.net\.1\./, ".ffn.dense2."],
    [/^mlm_decoder\.decoder\./, "mlm.mlp."],
    [/^(?:ns_classifier\.classifier|nsp\.mlp)\.0\./, "hidden."],
    [/^(?:ns_classifier\.classifier|nsp\.mlp)\.1\./, "nsp.output."],
    [/^nsp\.mlp\.(weight|bias)$/, "nsp.output.$1"],
    [/^pooler\./, "hidden."],
  ],
  redundant: [],
};

/** What the book's classes in PyTorch call their parameters. */
export const TORCH_NAMES: Names = {
  rows: [
    ...TABLES,
    ...withLeaves([
      ...MODULES,
      ...NORMS,
      ["pooler", "hidden.0"],
      ["mlm.norm", "mlm.mlp.2"],
      ["mlm.decoder", "mlm.mlp.3"],
    ]),
  ],
  prefix: "bert.",
  aliases: [...ALIASES, [/\.ffn\.net\.2\./, ".ffn.dense2."]],
  redundant: [],
};

/** The longest pair that is encoded unless told otherwise, as in the book. */
export const DEFAULT_MAX_LENGTH = 128;

/** Order of the book's labels, and of any model that names none. */
export const DEFAULT_LABELS = ["entailment", "contradiction", "neutral"];

/**
 * What the book's weights cannot tell. By default the dropout rate is the
 * book's 0.1, and the labels are {@link DEFAULT_LABELS}.
 */
export interface BookFacts extends ModelOverrides {
  /** Attention heads. */
  heads: number;
}

/** The arrays of a file by neutral name, and what they are called there. */
interface BookArrays {
  arrays: NamedArrays;
  fileNames: ReadonlyMap<string, string>;
  problems: readonly string[];
}

/**
 * Infers the configuration of a book's BERT from the shapes of its arrays.
 *
 * The rest is how the book's classes are written (chapters "BERT" and "Natural
 * Language Inference: Fine-Tuning BERT"): ReLU, layer norms with epsilon 1e-5
 * and none after the embedding, no dropout before the classifier.
 *
 * @param renamed The arrays by neutral name, the position table [M, H].
 * @param file The weight file's path, for errors.
 * @param facts What the weights cannot tell.
 * @return The configuration, not yet checked.
 * @throws UserError `bad-weights` if an array that tells a size is missing.
 */
export function inferBookConfig(
  renamed: BookArrays,
  file: string,
  facts: BookFacts,
): ModelConfig {
  const problems = [...renamed.problems];
  const table = (name: string): readonly number[] => {
    const shape = renamed.arrays.get(name)?.shape;
    if (shape?.length === 2) return shape;
    const fileName = renamed.fileNames.get(name) ?? name;
    problems.push(
      shape
        ? `array "${fileName}" has shape [${
          shape.join(", ")
        }], expected two dimensions`
        : `array ${name} is missing, which tells the model's size`,
    );
    return [0, 0];
  };
  const [vocabulary, hidden] = table("embeddings.token.weight");
  const [segments] = table("embeddings.segment.weight");
  const [positions] = table("embeddings.position.weight");
  const [feedForward] = table("layers.0.ffn.up.weight");
  if (problems.length > renamed.problems.length) {
    throw badWeights(file, problems);
  }
  const dropout = facts.dropout ?? 0.1;
  return {
    format: "premise-3",
    family: "d2l-bert",
    vocabulary,
    embedding: hidden,
    hidden,
    feedForward,
    heads: facts.heads,
    blocks: countBlocks(renamed),
    positions,
    firstPosition: 0,
    segments,
    secondSegment: segments > 1 ? 1 : 0,
    activation: "relu",
    poolerActivation: "tanh",
    normEpsilon: 1e-5,
    embeddingNorm: false,
    dropout,
    attentionDropout: dropout,
    attendedDropout: dropout,
    clsDropout: 0,
    classifierDropout: 0,
    initializerRange: 0.02,
    text: {
      rules: newestRules("words"),
      tokenizer: { kind: "words", lowerCase: true },
      maxLength: facts.maxLength ?? Math.min(DEFAULT_MAX_LENGTH, positions),
      truncation: "longest-first",
    },
    labels: [...facts.labels ?? DEFAULT_LABELS],
  };
}

/** Counts from block 0 to the first gap; what is beyond it has no place. */
function countBlocks(renamed: BookArrays): number {
  const present = new Set(
    renamed.arrays.keys().map((name) => /^layers\.(\d+)\./.exec(name)?.[1]),
  );
  let blocks = 0;
  while (present.has(String(blocks))) blocks++;
  return blocks;
}
