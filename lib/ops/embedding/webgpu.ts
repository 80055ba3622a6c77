import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import { registerGpuOp } from "../../device/webgpu/kernels/register.ts";
import { rowUnits, unitGroups } from "../../device/webgpu/kernels/row_units.ts";
import { embeddingDefinition, type EmbeddingIndex } from "./reference.ts";
import { lookUp, sumChunks, sumRows } from "./wgsl.ts";

/** The sum of a row of each of three tables, for each token. */
export function lookUpRows(
  backend: GpuBackend,
  [token, segment, position]: readonly TensorInfo[],
  [tokens, segments, positions]: readonly TensorInfo[],
): TensorInfo {
  const [[rows], [, width]] = [tokens.shape, token.shape];
  const { element, units } = rowUnits(width);
  const y = backend.output([rows, width]);
  backend.run(lookUp({ element }), {
    tensors: { token, segment, position, tokens, segments, positions, y },
    uniforms: { rows, units },
    groups: unitGroups(rows, units),
  });
  return y;
}

function gradient(
  backend: GpuBackend,
  { dy, token, segment, position }: Record<string, TensorInfo>,
  { groups, positions }: EmbeddingIndex,
): TensorInfo[] {
  const { uses, chunks, rows: chunksOfRows } = groups!;
  const width = dy.shape[1];
  const { element, units } = rowUnits(width);
  const chunkCount = chunks.size - 1;
  const sums = backend.output([chunkCount, width]);
  backend.run(sumChunks({ element }), {
    tensors: { dy, uses, chunks, sums },
    uniforms: { rows: chunkCount, units },
    groups: unitGroups(chunkCount, units),
  });
  const [dToken, dSegment, dPosition] = [token, segment, position]
    .map(({ shape }) => backend.output(shape));
  const [tokens, segments] = [token.shape[0], segment.shape[0]];
  const rows = tokens + segments + position.shape[0];
  backend.run(sumRows({ element }), {
    tensors: {
      sums,
      chunksOfRows,
      token: dToken,
      segment: dSegment,
      position: dPosition,
    },
    uniforms: { rows, units, tokens, segments, positions },
    groups: unitGroups(rows, units),
  });
  backend.disposeData(sums.dataId);
  return [dToken, dSegment, dPosition];
}

registerGpuOp(embeddingDefinition, {
  forward: (backend, { token, segment, position }, { index }) => [
    lookUpRows(backend, [token, segment, position], index),
  ],
  gradient,
});
