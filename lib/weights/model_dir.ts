/**
 * Opens a model directory, whoever wrote it, and writes our own.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../errors.ts";
import { openTokenizer } from "../text/tokenizer.ts";
import type { NamedArrays } from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";
import { inferBookConfig } from "./book_config.ts";
import { checkConfig } from "./check_config.ts";
import type { ModelConfig } from "./model_config.ts";
import { type Naming, type RenamedArrays, renameToNeutral } from "./names.ts";
import { sortArrays } from "./sort_arrays.ts";
import { readWeightFile } from "./weight_file.ts";

/** What the weights of a model cannot tell. */
export interface ModelFacts {
  /** Attention heads. */
  heads?: number;
  /** Dropout rate in the encoder while training. */
  dropout?: number;
  /** Label names in the order of the output layer's rows. */
  labels?: readonly string[];
}

/** How to open a model directory. Options win over facts, facts over defaults. */
export interface OpenModelOptions extends ModelFacts {
  /** What a catalogue says of the model; the directory's own word wins. */
  facts?: ModelFacts;
  /**
   * A weight file, in the working directory or the model's, instead of the
   * usual one; or `random`, to open the model without its weights.
   */
  weights?: string;
  /** Longest encoded pair, at most the model's positions. */
  maxLength?: number;
}

/** A model as it lies in a directory. */
export interface OpenedModel {
  /** The directory. */
  directory: string;
  /** What the model is. */
  config: ModelConfig;
  /** Path of the vocabulary. */
  vocabularyFile: string;
  /** Path of the weights; null if they are to be random. */
  weightsFile: string | null;
  /** Who wrote it. */
  source: Naming;
  /**
   * Encoder, pooler and, of a fine-tuned model, classifier, by neutral name in
   * the order of {@link parameterShapes}; empty if they are to be random. Read
   * only: they may share memory.
   */
  arrays: NamedArrays;
  /** Neutral names of the pretraining heads' arrays, which are left out. */
  unused: string[];
}

/**
 * Opens a model directory.
 *
 * @param directory The directory.
 * @param options What the directory does not say or should not decide.
 * @return The model, its weights checked against its configuration.
 * @throws UserError `bad-model` if the directory is no model's, `bad-weights`
 *     with every array that is missing, misshapen or too many.
 *
 * @example
 * ```ts
 * import { openModelDir } from "./model_dir.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const model = await openModelDir("fixtures/golden/mxnet", { heads: 4 });
 * assertEquals([model.source, model.config.hidden], ["d2l-mxnet", 32]);
 * ```
 */
export async function openModelDir(
  directory: string,
  options: OpenModelOptions = {},
): Promise<OpenedModel> {
  const vocabularyFile = join(directory, "vocab.json");
  const weightsFile = join(directory, "pretrained.params");
  const heads = options.heads ?? options.facts?.heads;
  if (heads === undefined) {
    throw new UserError(
      `Cannot open the model "${directory}": its weights do not tell the number of attention heads`,
      {
        code: "bad-model",
        hint: "give --heads (bert.small has 4, bert.base has 12)",
      },
    );
  }
  const renamed = renameToNeutral(
    await readWeightFile(weightsFile),
    weightsFile,
  );
  flattenPositions(renamed);
  const config = checkConfig(
    inferBookConfig(renamed, weightsFile, {
      heads,
      dropout: options.dropout ?? options.facts?.dropout,
      labels: options.labels ?? options.facts?.labels,
      maxLength: options.maxLength,
    }),
    directory,
  );
  const { arrays, unused, problems } = sortArrays(renamed, config);
  const tokenizer = await openTokenizer(vocabularyFile, {
    kind: config.tokenizer,
    lowerCase: config.lowerCase,
  });
  if (tokenizer.size !== config.vocabulary) {
    problems.push(
      `vocabulary "${vocabularyFile}" has ${tokenizer.size} tokens, expected ${config.vocabulary}`,
    );
  }
  if (problems.length > 0) throw badWeights(weightsFile, problems);
  return {
    directory,
    config,
    vocabularyFile,
    weightsFile,
    source: renamed.naming,
    arrays,
    unused,
  };
}

/** The book's position table is [1, M, H]. */
function flattenPositions({ arrays }: RenamedArrays): void {
  const positions = arrays.get("embeddings.position.weight");
  if (positions?.shape.length === 3 && positions.shape[0] === 1) {
    arrays.set("embeddings.position.weight", {
      shape: positions.shape.slice(1),
      data: positions.data,
    });
  }
}
