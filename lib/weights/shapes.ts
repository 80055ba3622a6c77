/**
 * The list of a model's parameters.
 *
 * @module
 */
import type { ModelConfig } from "./model_config.ts";

/** Which parameters to list. */
export interface ParameterShapesOptions {
  /** Whether the output layer is among them; true by default. */
  classifier?: boolean;
}

/**
 * Every parameter of a model by its neutral name, with its shape, in a fixed
 * order: embeddings, blocks, pooler, classifier. Linear weights are (out, in).
 *
 * @param config The model.
 * @param options Which parameters.
 * @return Shapes by name.
 *
 * @example
 * ```ts
 * import { parameterShapes } from "./shapes.ts";
 * import { openModelDir } from "./model_dir.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { config } = await openModelDir("fixtures/golden/mxnet", { heads: 4 });
 * const shapes = parameterShapes(config);
 * assertEquals(shapes.get("layers.1.ffn.up.weight"), [48, 32]);
 * assertEquals(shapes.get("classifier.bias"), [3]);
 * ```
 */
export function parameterShapes(
  config: ModelConfig,
  options: ParameterShapesOptions = {},
): Map<string, number[]> {
  const { embedding, hidden, feedForward } = config;
  const shapes = new Map<string, number[]>();
  const linear = (name: string, outputs: number, inputs: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs]);
    shapes.set(`${name}.bias`, [outputs]);
  };
  const norm = (name: string, width = hidden) => {
    shapes.set(`${name}.weight`, [width]);
    shapes.set(`${name}.bias`, [width]);
  };
  shapes.set("embeddings.token.weight", [config.vocabulary, embedding]);
  if (config.segments > 0) {
    shapes.set("embeddings.segment.weight", [config.segments, embedding]);
  }
  shapes.set("embeddings.position.weight", [config.positions, embedding]);
  if (config.embeddingNorm) norm("embeddings.norm", embedding);
  if (embedding !== hidden) linear("embeddings.projection", hidden, embedding);
  for (let i = 0; i < config.blocks; i++) {
    for (const role of ["query", "key", "value", "output"]) {
      linear(`layers.${i}.attention.${role}`, hidden, hidden);
    }
    norm(`layers.${i}.attentionNorm`);
    linear(`layers.${i}.ffn.up`, feedForward, hidden);
    linear(`layers.${i}.ffn.down`, hidden, feedForward);
    norm(`layers.${i}.ffnNorm`);
  }
  linear("pooler", hidden, hidden);
  if (options.classifier ?? true) {
    linear("classifier", config.labels.length, hidden);
  }
  return shapes;
}
