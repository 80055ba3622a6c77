import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import { defineKernel, kernelVariants } from "../../device/webgpu/kernel.ts";
import { registerGpuRoom } from "../../device/webgpu/register.ts";
import {
  eachUnit,
  type RowUnits,
  rowUnits,
  UNIT_UNIFORMS,
  unitGroups,
} from "../../device/webgpu/row_units.ts";
import type { EmbeddingIndex } from "./mod.ts";

type Element = Pick<RowUnits, "element">;

const lookUp = kernelVariants(({ element }: Element) =>
  defineKernel({
    name: "embedding",
    reads: {
      token: element,
      segment: element,
      position: element,
      tokens: "i32",
      segments: "i32",
      positions: "i32",
    },
    writes: { y: element },
    uniforms: UNIT_UNIFORMS,
    code: eachUnit(`
  y[i] = token[u32(tokens[row]) * u.units + unit] +
    segment[u32(segments[row]) * u.units + unit] +
    position[u32(positions[row]) * u.units + unit];`),
  })
);

const sumChunks = kernelVariants(({ element }: Element) =>
  defineKernel({
    name: "embedding.chunks",
    reads: { dy: element, uses: "i32", chunks: "i32" },
    writes: { sums: element },
    uniforms: UNIT_UNIFORMS,
    code: eachUnit(`
  var sum = ${element}();
  let end = chunks[row + 1u];
  for (var n = chunks[row]; n < end; n++) {
    sum += dy[u32(uses[n]) * u.units + unit];
  }
  sums[i] = sum;`),
  })
);

const sumRows = kernelVariants(({ element }: Element) =>
  defineKernel({
    name: "embedding.gradient",
    reads: { sums: element, chunksOfRows: "i32" },
    writes: { token: element, segment: element, position: element },
    uniforms: { ...UNIT_UNIFORMS, tokens: "u32", segments: "u32" },
    code: eachUnit(`
  var sum = ${element}();
  let end = u32(chunksOfRows[row + 1u]);
  for (var chunk = u32(chunksOfRows[row]); chunk < end; chunk++) {
    sum += sums[chunk * u.units + unit];
  }
  if (row < u.tokens) {
    token[i] = sum;
  } else if (row < u.tokens + u.segments) {
    segment[i - u.tokens * u.units] = sum;
  } else {
    position[i - (u.tokens + u.segments) * u.units] = sum;
  }`),
  })
);

function forward(
  backend: GpuBackend,
  tables: Record<string, TensorInfo>,
  { index: [tokens, segments, positions] }: EmbeddingIndex,
): TensorInfo[] {
  const { token, segment, position } = tables;
  const [rows, width] = [tokens.size, token.shape[1]];
  const { element, units } = rowUnits(width);
  const y = backend.output([rows, width]);
  backend.run(lookUp({ element }), {
    tensors: { token, segment, position, tokens, segments, positions, y },
    uniforms: { rows, units },
    groups: unitGroups(rows, units),
  });
  return [y];
}

function gradient(
  backend: GpuBackend,
  { dy, token, segment, position }: Record<string, TensorInfo>,
  { groups }: EmbeddingIndex,
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
  const rows = chunksOfRows.size - 1;
  backend.run(sumRows({ element }), {
    tensors: {
      sums,
      chunksOfRows,
      token: dToken,
      segment: dSegment,
      position: dPosition,
    },
    uniforms: {
      rows,
      units,
      tokens: token.shape[0],
      segments: segment.shape[0],
    },
    groups: unitGroups(rows, units),
  });
  backend.disposeData(sums.dataId);
  return [dToken, dSegment, dPosition];
}

registerGpuRoom<EmbeddingIndex>("Embedding", { forward, gradient });
