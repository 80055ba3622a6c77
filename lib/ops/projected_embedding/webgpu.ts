import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import { numbered } from "../../device/webgpu/kernels/kernel.ts";
import { registerGpuOp } from "../../device/webgpu/kernels/register.ts";
import { unitGroups } from "../../device/webgpu/kernels/row_units.ts";
import { productSlices } from "../../device/webgpu/product/product.ts";
import type { EmbeddingIndex } from "../embedding/reference.ts";
import type { PlacedGroups } from "../embedding/row_groups.ts";
import { lookUpRows } from "../embedding/webgpu.ts";
import { constantsOf } from "../linear/webgpu.ts";
import type { LayerConstants } from "../linear/wgsl/layer_code.ts";
import {
  gradientTensors,
  sumSlices,
  weightsSize,
} from "../linear/wgsl/layer_sums.ts";
import { ofLayers } from "../projections/reference.ts";
import { PROJECTED_EMBEDDING } from "./reference.ts";
import { lookUpProjections, sumBothChunks, sumBothRows } from "./wgsl/rows.ts";
import {
  projectionsGradient,
  projectTables,
  tablesGradient,
} from "./wgsl/value.ts";

/** What the kernels are made for and told. */
interface Plan {
  weights: TensorInfo[];
  constants: LayerConstants;
  tables: Record<"token" | "segment" | "position", TensorInfo>;
  /** Rows of the tables in use, and of all together: R. */
  rows: { tokens: number; segments: number; positions: number };
  inUse: number;
  /** What the products are told. */
  sizes: Plan["rows"] & {
    layer: number;
    features: number;
    width: number;
    stride: number;
  };
  /** What a width is in units of rows. */
  units(width: number): number;
}

function plan(
  inputs: Record<string, TensorInfo>,
  { positions }: EmbeddingIndex,
): Plan {
  const weights = ofLayers(inputs, "weight");
  const constants = constantsOf({ weights, activation: "none" });
  const { token, segment, position } = inputs;
  const [tokens, segments] = [token.shape[0], segment.shape[0]];
  const rows = { tokens, segments, positions };
  const [layer, features] = weights[0].shape;
  const width = weights.length * layer;
  return {
    weights,
    constants,
    tables: { token, segment, position },
    rows,
    inUse: tokens + segments + positions,
    sizes: { ...rows, layer, features, width, stride: width + features },
    units: (width) => constants.vectors ? width / 4 : width,
  };
}

function forward(
  backend: GpuBackend,
  inputs: Record<string, TensorInfo>,
  batch: EmbeddingIndex,
): TensorInfo[] {
  const planned = plan(inputs, batch);
  const { constants, tables, weights, rows, inUse, sizes, units } = planned;
  const { width, features, layer } = sizes;
  const projected = backend.output([inUse, width]);
  backend.runProduct({
    name: "projected_embedding.tables",
    kernelOf: (tile) => projectTables({ ...constants, ...tile }),
    tensors: { ...tables, ...numbered("weight", weights), projected },
    uniforms: sizes,
    size: { rows: inUse, columns: width, inner: features },
  });
  const [tokenRows, segmentRows, positionRows] = batch.index;
  const tokens = tokenRows.size;
  const y = backend.output([tokens, width]);
  const { layers, vectors } = constants;
  backend.run(lookUpProjections({ layers, vectors }), {
    tensors: {
      projected,
      ...numbered("bias", ofLayers(inputs, "bias")),
      tokenRows,
      segmentRows,
      positionRows,
      y,
    },
    uniforms: {
      ...rows,
      rows: tokens,
      units: units(width),
      layer: units(layer),
    },
    groups: unitGroups(tokens, units(width)),
  });
  backend.disposeData(projected.dataId);
  return [lookUpRows(backend, Object.values(tables), batch.index), y];
}

function gradient(
  backend: GpuBackend,
  { dy0: dx, dy1: dy, ...inputs }: Record<string, TensorInfo>,
  batch: EmbeddingIndex,
): TensorInfo[] {
  const planned = plan(inputs, batch);
  const { constants, tables, weights, rows, inUse, sizes } = planned;
  const { width, features } = sizes;
  const [token, segment, position] = Object.values(tables)
    .map(({ shape }) => backend.output(shape));
  const sums = sumBoth(
    backend,
    { dx, dy, position, ...batch.groups! },
    planned,
  );
  backend.runProduct({
    name: "projected_embedding.gradient",
    kernelOf: (tile) => tablesGradient({ ...constants, ...tile }),
    tensors: {
      sums,
      ...numbered("weight", weights),
      token,
      segment,
      position,
    },
    uniforms: sizes,
    size: { rows: inUse, columns: features, inner: width },
  });
  const size = weightsSize({ rows: inUse, width, features });
  const slices = backend.output([productSlices(size), width, features]);
  backend.runProduct({
    name: "projected_embedding.dW",
    kernelOf: (tile) => projectionsGradient({ ...constants, ...tile }),
    tensors: { sums, ...tables, slices },
    uniforms: sizes,
    size,
  });
  const dLayers = gradientTensors(backend, weights);
  sumSlices(backend, dLayers, {
    weights: slices,
    biases: sums,
    biasRows: { first: rows.tokens, count: rows.segments },
  });
  for (const { dataId } of [sums, slices]) backend.disposeData(dataId);
  return [token, segment, position, ...Object.values(dLayers)];
}

/**
 * D, the sums of both gradients by row: [R, N + K].
 *
 * @param tensors The gradients of x and y, how they are grouped, and the
 *   position table's gradient: where no position occurs, it is set to 0.
 */
function sumBoth(
  backend: GpuBackend,
  { dx, dy, position, uses, chunks, rows: chunksOfRows }:
    & Record<"dx" | "dy" | "position", TensorInfo>
    & PlacedGroups,
  { constants: { vectors }, rows, inUse, sizes, units }: Plan,
): TensorInfo {
  const width = units(sizes.width);
  const all = units(sizes.stride);
  const count = chunks.size - 1;
  const sums = backend.output([count, sizes.stride]);
  backend.run(sumBothChunks({ vectors }), {
    tensors: { dx, dy, uses, chunks, sums },
    uniforms: { rows: count, units: all, width },
    groups: unitGroups(count, all),
  });
  const rowSums = backend.output([inUse, sizes.stride]);
  const every = rows.tokens + rows.segments + position.shape[0];
  backend.run(sumBothRows({ vectors }), {
    tensors: { sums, chunksOfRows, rowSums, position },
    uniforms: { ...rows, rows: every, units: all, width },
    groups: unitGroups(every, all),
  });
  backend.disposeData(sums.dataId);
  return rowSums;
}

registerGpuOp({ name: PROJECTED_EMBEDDING }, { forward, gradient });
