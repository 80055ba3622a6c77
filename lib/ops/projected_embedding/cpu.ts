import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "../../device/cpu/backend.ts";
import { multiply, type Rows } from "../../device/cpu/products.ts";
import { registerCpuOp } from "../../device/cpu/register.ts";
import { addTensors } from "../../device/cpu/sum.ts";
import { addRows, sumLookUps } from "../embedding/cpu.ts";
import type { EmbeddingIndex } from "../embedding/reference.ts";
import { addBias, sumColumns } from "../linear/cpu.ts";
import { ofLayers } from "../projections/reference.ts";
import { PROJECTED_EMBEDDING } from "./reference.ts";

/** The rows of the tables that occur: tokens, segments, positions. */
function rowsInUse(
  { token, segment, position }: Record<string, TensorInfo>,
  { positions }: EmbeddingIndex,
): Rows[] {
  const first = (of: TensorInfo, rows: number) => ({ of, firstRow: 0, rows });
  return [
    first(token, token.shape[0]),
    first(segment, segment.shape[0]),
    first(position, positions),
  ];
}

function forward(
  backend: CpuBackend,
  inputs: Record<string, TensorInfo>,
  batch: EmbeddingIndex,
): TensorInfo[] {
  const weights = ofLayers(inputs, "weight");
  const columns = weights[0].shape[0];
  const width = weights.length * columns;
  const projected = rowsInUse(inputs, batch).map((table) => {
    const y = backend.output([table.rows, width]);
    weights.forEach((weight, i) => {
      const c = { of: y, firstColumn: i * columns, columns };
      multiply(backend, { a: table, b: weight, transposeB: true, c });
    });
    return y;
  });
  const [, segments] = projected;
  weights.forEach((_, i) => {
    const own = { of: segments, firstColumn: i * columns, columns };
    addBias(backend, own, inputs[`bias${i}`]);
  });
  const { token, segment, position } = inputs;
  const x = sumLookUps(backend, [token, segment, position], batch.index);
  const y = sumLookUps(backend, projected, batch.index);
  for (const { dataId } of projected) backend.disposeData(dataId);
  return [x, y];
}

function gradient(
  backend: CpuBackend,
  { dy0: dx, dy1: dy, ...inputs }: Record<string, TensorInfo>,
  batch: EmbeddingIndex,
): TensorInfo[] {
  const weights = ofLayers(inputs, "weight");
  const columns = weights[0].shape[0];
  const dWeights = weights.map(({ shape }) => backend.output(shape));
  const dBiases = weights.map(() => backend.output([columns]));
  const tables = rowsInUse(inputs, batch);
  const counts = tables.map(({ rows }) => rows);
  const sums = addRows(backend, dy, batch.values, counts);
  const dTables = tables.map((table, which) => {
    const dProjected = sums[which];
    // Rows that don't occur have no gradient.
    const dTable = table.rows === table.of.shape[0]
      ? backend.output(table.of.shape)
      : backend.zeros(table.of.shape);
    weights.forEach((weight, i) => {
      const own = { of: dProjected, firstColumn: i * columns, columns };
      multiply(backend, {
        a: own,
        b: weight,
        c: { ...table, of: dTable },
        accumulate: i > 0,
      });
      multiply(backend, {
        a: own,
        transposeA: true,
        b: table,
        c: dWeights[i],
        accumulate: which > 0,
      });
      // Each token has one segment, so its bias' gradient is theirs.
      if (which === 1) sumColumns(backend, own, dBiases[i]);
    });
    backend.disposeData(dProjected.dataId);
    return dTable;
  });
  addRows(backend, dx, batch.values, counts).forEach((direct, which) => {
    const sum = dTables[which];
    addTensors(backend, sum, direct, sum);
    backend.disposeData(direct.dataId);
  });
  return [...dTables, ...dWeights, ...dBiases];
}

registerCpuOp({ name: PROJECTED_EMBEDDING }, { forward, gradient });
