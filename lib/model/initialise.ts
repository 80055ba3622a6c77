/**
 * How parameters start that no file gives: the new output layer, and all of
 * them for `--weights random`.
 *
 * @module
 */
import { mix, siteKey } from "../ops/dropout/mask.ts";
import { elementCount, type NamedArrays } from "../weights/formats/arrays.ts";
import type { ModelConfig } from "../weights/model_config.ts";
import { parameterShapes } from "../weights/shapes.ts";

/**
 * Whose defaults: MXNet draws weights uniformly in ±0.07, PyTorch in
 * ±1/sqrt(inputs), biases included, and tables from a standard normal;
 * Hugging Face draws from a normal whose deviation the model tells, 0.02 as a
 * rule.
 */
export type InitStyle = "mxnet" | "torch" | "hf";

/** Where new parameters come from. */
export interface InitOptions {
  style: InitStyle;
  /** The run's seed; the same seed gives the same arrays. */
  seed: number;
}

/**
 * Fills in the parameters that are missing.
 *
 * @param config The model.
 * @param arrays The arrays of a file, by neutral names.
 * @param options Whose defaults, and the seed.
 * @return Every parameter, in the model's order; given arrays as they are.
 */
export function fillMissing(
  config: ModelConfig,
  arrays: NamedArrays,
  options: InitOptions,
): NamedArrays {
  const filled: NamedArrays = new Map();
  const shapes = parameterShapes(config);
  let site = 0;
  for (const [name, shape] of shapes) {
    const key = siteKey(options.seed, 0xffffffff, site++);
    const inputs = shapes.get(name.replace(/bias$/, "weight"))!.at(-1)!;
    const sampler = samplerOf(name, inputs, options.style, config);
    filled.set(
      name,
      arrays.get(name) ??
        { shape, data: draw(name, shape, sampler, key) },
    );
  }
  return filled;
}

function draw(
  name: string,
  shape: number[],
  sample: Sampler | undefined,
  key: number,
): Float32Array {
  const data = new Float32Array(elementCount(shape));
  const norm = /norm\./i.test(name);
  if (norm) {
    if (name.endsWith(".weight")) data.fill(1);
  } else if (sample) {
    for (let i = 0; i < data.length; i++) data[i] = sample(key, i);
  }
  return data;
}

/** What an array is drawn from; nothing for a bias that starts at 0. */
function samplerOf(
  name: string,
  inputs: number,
  style: InitStyle,
  { initializerRange }: ModelConfig,
): Sampler | undefined {
  const bias = name.endsWith(".bias");
  switch (style) {
    case "mxnet":
      return bias ? undefined : uniform(0.07);
    case "hf":
      return bias ? undefined : normal(initializerRange);
    case "torch":
      return !bias && name.startsWith("embeddings.") && !isProjection(name)
        ? normal(1)
        : uniform(1 / Math.sqrt(inputs));
  }
}

/** Whether it is of the layer between the embeddings and the encoder. */
function isProjection(name: string): boolean {
  return name.startsWith("embeddings.projection.");
}

/** Maps a counter to a sample. */
type Sampler = (key: number, index: number) => number;

/** A number in (0, 1), from word `index` of the stream `key`. */
function unit(key: number, index: number): number {
  return ((mix(mix(key ^ index) + 0x9e3779b9) >>> 0) + 0.5) / 2 ** 32;
}

function uniform(limit: number): Sampler {
  return (key, index) => (2 * unit(key, index) - 1) * limit;
}

/** Box and Muller, 1958. */
function normal(deviation: number): Sampler {
  return (key, index) =>
    deviation * Math.sqrt(-2 * Math.log(unit(key, 2 * index))) *
    Math.cos(2 * Math.PI * unit(key, 2 * index + 1));
}
