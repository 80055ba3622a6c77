/**
 * The encoder's input and its projections, in TensorFlow.js operations.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { OpDefinition } from "../../device/define_op.ts";
import {
  embeddingDefinition,
  type EmbeddingIndex,
} from "../embedding/reference.ts";
import { layerNames, projectionsDefinition } from "../projections/reference.ts";

/** The op's name. */
export const PROJECTED_EMBEDDING = "ProjectedEmbedding";

/** The op, for so many layers. */
export function projectedEmbeddingDefinition(
  layers: number,
): OpDefinition<string, EmbeddingIndex, tf.Tensor[]> {
  const tables = embeddingDefinition.inputs;
  const { weights, biases } = layerNames(layers);
  const projections = projectionsDefinition(layers);
  return {
    name: PROJECTED_EMBEDDING,
    inputs: [...tables, ...weights, ...biases],
    saves: [...tables, ...weights],
    reference: ({ token, segment, position, ...layers }, batch) => {
      const look = { token, segment, position };
      const x = embeddingDefinition.reference(look, batch);
      return [x, projections.reference({ ...layers, x }, {})];
    },
  };
}
