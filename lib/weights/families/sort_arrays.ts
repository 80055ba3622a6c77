/**
 * Holds the arrays of a file against the parameters of a model.
 *
 * @module
 */
import type { NamedArrays } from "../formats/arrays.ts";
import type { ModelConfig } from "../model_config.ts";
import { parameterShapes } from "../shapes.ts";
import { foreignName } from "./names.ts";
import type { RenamedArrays } from "./rename_arrays.ts";

/** A model's own arrays, and what does not fit. */
export interface SortedArrays {
  /** The arrays that the model has, in the order of its parameters. */
  arrays: NamedArrays;
  /** The file's names of other heads' arrays, which classification leaves out. */
  unused: string[];
  /** Those of them that are of none of the heads of BERT's pretraining. */
  otherHeads: string[];
  /** Names of arrays that start anew because no file gives them. */
  fresh: string[];
  /** A clause for each array that is missing, misshapen or too many. */
  problems: string[];
}

/**
 * Holds arrays against a model's parameters.
 *
 * @param renamed The arrays by neutral name; the output layer may be absent.
 * @param config The model.
 * @param options Whether its output layer is left out, as one of other classes
 *     or of another kind; and whether the user said so, and need not be told.
 * @return The arrays sorted, with the problems still to be reported, those of
 *     the renaming among them.
 */
export function sortArrays(
  renamed: RenamedArrays,
  config: ModelConfig,
  { withoutHead = false, newHead = false }: {
    withoutHead?: boolean;
    newHead?: boolean | undefined;
  } = {},
): SortedArrays {
  const { arrays, fileNames, naming } = renamed;
  const classifier = !withoutHead &&
    (arrays.has("classifier.weight") || arrays.has("classifier.bias"));
  // Hugging Face saves models for words and word pieces without this layer.
  const fresh = naming === "hf" && !classifier &&
      !POOLER.some((name) => arrays.has(name))
    ? [...POOLER]
    : [];
  const expected = parameterShapes(config, { classifier });
  const blocks = wholeBlocks(arrays, config);
  // Of blocks that are too many or too few the arrays would be a long list.
  const passed = (name: string) =>
    blocks !== config.blocks &&
    blockOf(name) >= Math.min(blocks, config.blocks);
  const sorted: NamedArrays = new Map();
  const unused: string[] = [...renamed.foreign];
  const otherHeads = [...unused];
  const problems = [...renamed.problems];
  if (blocks !== config.blocks) {
    problems.push(
      `its encoder has ${blocks} blocks, expected ${config.blocks}, the ` +
        "number of layers that config.json says",
    );
  }
  for (const [name, shape] of expected) {
    const array = arrays.get(name);
    if (fresh.includes(name) || passed(name)) continue;
    if (!array) {
      const fileName = foreignName(name, naming, config.family) ?? name;
      problems.push(
        `array "${fileName}" is missing${explainAbsence(name, config)}`,
      );
    } else if (array.shape.join() !== shape.join()) {
      problems.push(
        `array "${fileNames.get(name)}" has shape [${
          array.shape.join(", ")
        }], expected [${shape.join(", ")}] for ${extents(name, config)}`,
      );
    } else {
      sorted.set(name, array);
    }
  }
  for (const name of arrays.keys()) {
    if (expected.has(name) || passed(name)) continue;
    const fileName = fileNames.get(name)!;
    if (/^(?:mlm|nsp)\./.test(name)) unused.push(fileName);
    else if (name.startsWith("classifier.")) {
      if (newHead) continue;
      unused.push(fileName);
      otherHeads.push(fileName);
    } else {
      problems.push(
        `array "${fileName}" has no place in a model of ${config.blocks} blocks`,
      );
    }
  }
  return { arrays: sorted, unused, otherHeads, fresh, problems };
}

/** The block that an array is of; -1 if it is of none. */
function blockOf(name: string): number {
  return Number(/^layers\.(\d+)\./.exec(name)?.[1] ?? -1);
}

/**
 * How many blocks are whole and follow each other from the first, if all blocks
 * do; the configuration's number if some arrays are of other ones.
 */
function wholeBlocks(arrays: NamedArrays, config: ModelConfig): number {
  const counts = new Map<number, number>();
  for (const name of arrays.keys()) {
    const block = blockOf(name);
    if (block >= 0) counts.set(block, (counts.get(block) ?? 0) + 1);
  }
  const inOne = [...parameterShapes(config).keys()]
    .filter((name) => blockOf(name) === 0).length;
  const whole = counts.size > 0 &&
    [...counts].every(([block, count]) =>
      block < counts.size && count === inOne
    );
  return whole ? counts.size : config.blocks;
}

/** The layer that the classifier reads. */
const POOLER = ["pooler.weight", "pooler.bias"];

function explainAbsence(name: string, config: ModelConfig): string {
  if (name !== "pooler.weight") return "";
  const layer =
    `the ${config.poolerActivation} layer that the classifier reads`;
  return config.family === "hf-bert"
    ? ` (${layer}; a model saved for masked words alone lacks it)`
    : ` (${layer})`;
}

/** What the extents of a parameter's shape are. */
function extents(name: string, config: ModelConfig): string {
  const { hidden, labels } = config;
  const units = `${hidden} hidden units`;
  const width = config.embedding === hidden
    ? units
    : `an embedding of ${config.embedding}`;
  if (name.startsWith("classifier.")) {
    return `${labels.length} labels (${labels.join(", ")}) and ${units}`;
  }
  if (name.includes(".ffn.")) {
    return `${units} and ${config.feedForward} feed-forward units`;
  }
  switch (name) {
    case "embeddings.token.weight":
      return `${config.vocabulary} tokens and ${width}`;
    case "embeddings.segment.weight":
      return `${config.segments} segments and ${width}`;
    case "embeddings.position.weight":
      return `${config.positions} positions and ${width}`;
    case "embeddings.projection.weight":
      return `${units} and ${width}`;
    default:
      return name.startsWith("embeddings.norm.") ? width : units;
  }
}
