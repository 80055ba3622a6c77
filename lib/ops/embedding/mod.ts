/**
 * The input of the encoder: a sum of three look-ups.
 *
 *     y[t] = E[token[t]] + S[segment[t]] + P[position[t]]    y [T, H]
 *
 * E [V, H], S [2, H], P [M, H] are learned (Devlin et al., 2018). One
 * operation, since all three share the gradient dy, which goes to each table
 * as a sum of rows.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { defineOp, hasKernel } from "../../device/define_op.ts";
import { recorder } from "../../device/recorder.ts";
import "./cpu.ts";
import {
  type PaddingRows,
  placeLearningRows,
  withPaddingRows,
} from "./padding_rows.ts";
import {
  embeddingDefinition,
  type EmbeddingIndex,
  type EmbeddingTables,
} from "./reference.ts";
import {
  groupRows,
  pairRows,
  type PlacedGroups,
  placeGroups,
} from "./row_groups.ts";
import { planSegmentSum } from "./segment_sum.ts";
import "./webgpu.ts";

export type { EmbeddingIndex, EmbeddingTables };

const sumOfLookUps = defineOp(embeddingDefinition);

/**
 * Puts a batch's look-ups on the device.
 *
 * @param values Token, segment and position of each token, [T] each.
 * @param counts Rows of the tables that they are for.
 * @param learned Whether gradients of the tables will be asked for.
 * @param padding Of each table the row whose gradient is to be 0; none by
 *   default.
 * @throws {RangeError} If an index lies outside its table.
 */
export function embeddingIndex(
  values: readonly Int32Array[],
  counts: readonly number[],
  learned: boolean,
  padding: PaddingRows = [],
): EmbeddingIndex {
  checkIndices(values, counts);
  const index = values.map((column) => tf.tensor1d(column, "int32"));
  const device = recorder();
  const positions = positionsInUse(values[2], device ? counts[2] : undefined);
  // The CPU's kernels sum by the values alone.
  const looked = { values, index, positions, summable: learned || !device };
  if (!learned) return looked;
  const learning = placeLearningRows(values, counts, padding);
  const batch = { ...looked, learning };
  // A device that records must find all that it reads on itself.
  if (device) {
    const groups = placeUses(values, counts[0], [counts[1], positions]);
    return { ...batch, groups };
  }
  if (hasKernel(embeddingDefinition.name)) return batch;
  const sums = values.map((column, i) => planSegmentSum(column, counts[i]));
  return { ...batch, sums };
}

/** One past the last position, rounded up to a power of two below a limit. */
function positionsInUse(
  positions: Int32Array,
  limit: number | undefined,
): number {
  let last = 0;
  for (let t = 0; t < positions.length; t++) {
    last = Math.max(last, positions[t]);
  }
  const count = last + 1;
  if (limit === undefined) return count;
  return Math.min(limit, 2 ** Math.ceil(Math.log2(count)));
}

function placeUses(
  [tokens, segments, positions]: readonly Int32Array[],
  tokenCount: number,
  [segmentCount, positionCount]: readonly [number, number],
): PlacedGroups {
  const pairs = pairRows(segments, positions, positionCount);
  const counts = [tokenCount, segmentCount * positionCount];
  return placeGroups(groupRows([tokens, pairs], counts));
}

/**
 * The sum of the three look-ups.
 *
 * @param tables Token, segment and position table.
 * @param batch What to look up, from {@link embeddingIndex}.
 * @return [T, H].
 */
export function embedding(
  tables: EmbeddingTables,
  batch: EmbeddingIndex,
): tf.Tensor2D {
  const [token, segment, position] = withPaddingRows(tables, batch.learning);
  return sumOfLookUps({ token, segment, position }, batch) as tf.Tensor2D;
}

/** Kernels trust their indices. */
function checkIndices(
  index: readonly Int32Array[],
  counts: readonly number[],
): void {
  index.forEach((values, i) => {
    const rows = counts[i];
    for (let t = 0; t < values.length; t++) {
      if (values[t] >= 0 && values[t] < rows) continue;
      throw new RangeError(`index ${values[t]} is not in [0, ${rows})`);
    }
  });
}
