/**
 * Opens a model directory, whoever wrote it.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../base/errors.ts";
import type { WarningEvent } from "../events/events.ts";
import type { ModelFacts } from "../hub/catalogue/catalogue.ts";
import { readRecorded } from "../hub/catalogue/recorded_digests.ts";
import { tokenizerOf, type Vocabulary } from "../text/open_tokenizer.ts";
import { tokenizerOptions } from "../text/recipe.ts";
import { checkFinite } from "./check_finite.ts";
import { findWeights } from "./directory/find_weights.ts";
import { hasOneOutput } from "./directory/foreign_config.ts";
import { locateModel } from "./directory/locate_model.ts";
import { chooseWeights } from "./directory/lone_file.ts";
import {
  type ModelLayout,
  recogniseModelDir,
} from "./directory/model_layout.ts";
import { describeModel, type Evidence } from "./families/describe_model.ts";
import { isHuggingFace } from "./families/families.ts";
import type { Naming } from "./families/family.ts";
import type { LabelSource } from "./families/label_source.ts";
import {
  type RenamedArrays,
  renameToNeutral,
} from "./families/rename_arrays.ts";
import { sortArrays } from "./families/sort_arrays.ts";
import { otherHead, tellLabels } from "./families/tell_labels.ts";
import type { NamedArrays } from "./formats/arrays.ts";
import { badWeights } from "./formats/bad_weights.ts";
import { readWeightFile } from "./formats/weight_file.ts";
import { unwrapNames } from "./formats/wrapped_names.ts";
import { readModelText } from "./hugging_face/model_text.ts";
import {
  guessFamily,
  statedFamily,
  tellGuess,
} from "./hugging_face/model_type.ts";
import { tellSavedSince } from "./hugging_face/own_fields.ts";
import { tellSegments } from "./hugging_face/segments.ts";
import { tellTokenizer } from "./hugging_face/tell_tokenizer.ts";
import {
  checkConfig,
  type FamilyName,
  type ModelConfig,
  type ModelOverrides,
} from "./model_config.ts";

/** How to open a model directory. Options win over facts, facts over defaults. */
export interface OpenModelDirOptions extends ModelOverrides {
  /** What a catalogue says of the model; the directory's own word wins. */
  facts?: ModelFacts | undefined;
  /**
   * A weight file, in the working directory or the model's, instead of the
   * usual one; or `random`, to open the model without its weights.
   */
  weights?: string | undefined;
  /**
   * Leaves the output layer out, so that another of other classes can take its
   * place.
   */
  newHead?: boolean | undefined;
  /**
   * Opens it for its vocabulary, its length and its labels alone: the weights
   * are not read unless they tell those, and the heads may stay unknown.
   */
  textOnly?: boolean | undefined;
}

/** A model as it lies in a directory. */
export interface OpenedModel {
  /** The directory. */
  directory: string;
  /** What the model is. */
  config: ModelConfig;
  /**
   * The content of Hugging Face's `config.json` as it came; null of other
   * models.
   */
  fields: Readonly<Record<string, unknown>> | null;
  /** Path of the vocabulary. */
  vocabularyFile: string;
  /**
   * What its tokenizer is made of: the vocabulary's text, or, of Hugging Face's
   * models, what all files of the tokenizer resolve into.
   */
  vocabulary: Vocabulary;
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
  /** The file's names of the arrays of other heads, which are left out. */
  unused: string[];
  /** Those of them that are of none of the heads of BERT's pretraining. */
  otherHeads: string[];
  /** Neutral names of arrays that start anew, apart from the output layer. */
  fresh: string[];
  /** Who named the labels. */
  labelSource: LabelSource;
  /** Whether it has an output layer, which its labels are of. */
  hasHead: boolean;
  /** What the user should know of its labels and its text. */
  warnings: WarningEvent[];
}

/**
 * Opens a model directory.
 *
 * @param place The directory; or one that has it in some folder, as Hugging
 *     Face's cache, Trainer's output and unpacked archives do; or its weights'
 *     file.
 * @param given What the directory does not say or should not decide.
 * @return The model, its weights checked against its configuration.
 * @throws UserError `bad-model` if the directory is no model's, `bad-weights`
 *     with every array that is missing, misshapen or too many, or not finite.
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
  place: string,
  given: OpenModelDirOptions = {},
): Promise<OpenedModel> {
  const { listing, weights: named, warnings } = await locateModel(place);
  const { directory } = listing;
  const weights = chooseWeights(place, named, given.weights);
  const layout = await recogniseModelDir(listing, {
    otherWeights: weights !== undefined,
    withoutHead: Boolean(given.newHead || given.textOnly) ||
      weights === "random",
  });
  const { kind, vocabularyFile } = layout;
  const options = { ...given, weights, newHead: leavesHead(layout, given) };
  const configFile = join(directory, "config.json");
  const stated = kind === "hf"
    ? statedFamily(layout.config!, configFile)
    : null;
  const untold = kind === "hf" && stated === null;
  const early = untold ? null : await readModelText(layout, stated);
  if (kind !== "d2l" && early !== null) {
    judgeConfig(layout, { directory, options, family: stated, text: early });
  }
  const random = options.textOnly || weights === "random";
  // The sizes of the book's model are nowhere but in its weights.
  const reads = !random || kind === "d2l" || untold && weights !== "random";
  const found = reads
    ? await findWeights(listing, kind, random ? undefined : weights)
    : null;
  const file = found?.file ?? null;
  const { arrays, outside } = file === null
    ? { arrays: new Map(), outside: [] }
    : unwrapNames(await readWeightFile(file, { read: readRecorded }), file);
  const family = untold
    ? guessFamily(layout.config!, configFile, arrays.keys())
    : stated;
  const renamed = file === null
    ? null
    : renameArrays(arrays, file, { layout, family });
  renamed?.foreign.push(...outside);
  const text = early ?? await readModelText(layout, family);
  const { vocabulary } = text;
  const described = describeModel(layout, {
    directory,
    options,
    family,
    file,
    renamed,
    text,
  });
  const config = checkConfig(described.config, directory);
  checkVocabulary(kind, vocabulary, config);
  const { labelSource, headRows } = described;
  const model = {
    directory,
    config,
    fields: kind === "hf" ? layout.config : null,
    vocabularyFile,
    vocabulary,
    labelSource,
    hasHead: headRows !== null,
    warnings: [
      ...warnings,
      ...found?.warnings ?? [],
      ...untold ? [tellGuess(configFile, config.family)] : [],
      ...kind !== "hf"
        ? []
        : layout.own === null
        ? tellSegments(config, text.resolved!)
        : tellSavedSince(layout.config!, configFile, config.text),
      ...tellTokenizer(layout, text),
      ...headRows === null ? [] : tellLabels(described, config),
    ],
  };
  if (file === null || renamed === null || random) {
    return {
      ...model,
      weightsFile: null,
      source: renamed?.naming ?? (layout.kind === "hf" ? "hf" : "premise"),
      arrays: new Map(),
      unused: [],
      otherHeads: [],
      fresh: [],
    };
  }
  if (headRows != null && headRows !== config.labels.length) {
    throw otherHead(directory, config.labels, described);
  }
  const sorted = sortArrays(renamed, config, {
    withoutHead: headRows === null,
    newHead: options.newHead,
  });
  const { unused, otherHeads, fresh, problems } = sorted;
  if (problems.length > 0) {
    throw badWeights(
      file,
      problems,
      "is this file of another model? (--model, --weights, --labels)",
    );
  }
  checkFinite(sorted.arrays, {
    file,
    fileNames: renamed.fileNames,
    trainedHere: kind === "premise" || layout.own !== null,
  });
  return {
    ...model,
    weightsFile: file,
    source: renamed.naming,
    arrays: sorted.arrays,
    unused,
    otherHeads,
    fresh,
  };
}

/** For its text alone, a model whose output is no class is as good as any. */
function leavesHead(
  { config }: ModelLayout,
  { newHead, textOnly }: OpenModelDirOptions,
): boolean | undefined {
  return newHead || textOnly && hasOneOutput(config ?? {});
}

/** Tells what no weights can mend before they are read, which may take long. */
function judgeConfig(
  layout: ModelLayout,
  known: Omit<Evidence, "file" | "renamed">,
): void {
  const { config } = describeModel(layout, {
    ...known,
    file: null,
    renamed: null,
  });
  checkConfig(config, known.directory);
}

function renameArrays(
  arrays: NamedArrays,
  file: string,
  { layout, family }: { layout: ModelLayout; family: FamilyName | null },
): RenamedArrays {
  const { kind } = layout;
  const of = family ?? familyOfOwn(layout);
  const renamed = renameToNeutral(arrays, file, of ?? undefined);
  const { naming } = renamed;
  // A model of Hugging Face's that was trained here has either names: earlier
  // versions wrote neutral ones, as checkpoints have.
  const ofEither = kind === "hf" ? layout.own !== null : of !== null;
  const fits = naming.startsWith(kind) ||
    ofEither && (naming === "hf" || naming === "premise");
  if (!fits) {
    throw badWeights(
      file,
      `its arrays are named as by ${naming}, expected ${kind} as of the directory`,
      "is this file of another model? (--model, --weights)",
    );
  }
  // The book's position table is [1, M, H].
  const name = "embeddings.position.weight";
  const positions = renamed.arrays.get(name);
  if (positions?.shape.length === 3 && positions.shape[0] === 1) {
    renamed.arrays.set(name, {
      shape: positions.shape.slice(1),
      data: positions.data,
    });
  }
  return renamed;
}

/** The family of a model of ours, if it is Hugging Face's. */
function familyOfOwn({ kind, config }: ModelLayout): FamilyName | null {
  const family = config?.family as FamilyName;
  return kind === "premise" && isHuggingFace(family) ? family : null;
}

/** Word pieces may be fewer than the token table's rows, which may be padded. */
function checkVocabulary(
  kind: ModelLayout["kind"],
  vocabulary: Vocabulary,
  config: ModelConfig,
): void {
  const { size } = tokenizerOf(vocabulary, tokenizerOptions(config.text));
  const rows = config.vocabulary;
  if (size > rows || kind === "d2l" && size < rows) {
    throw new UserError(
      `Cannot use the vocabulary "${vocabulary.path}": it has ${size} tokens, expected ${rows}, the rows of the token table`,
      {
        code: "bad-model",
        hint: "vocabulary and weights are of different models",
      },
    );
  }
}
