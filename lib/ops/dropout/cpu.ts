import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "../../device/cpu/backend.ts";
import { registerCpuOp } from "../../device/cpu/register.ts";
import type { Packing, Rows } from "../batch/packing.ts";
import { type Dropout, keepScale, thresholdOf } from "./mask.ts";
import { type DropAttributes, dropDefinition } from "./reference.ts";

/** The words of a row dropout: addresses of the indices, key, threshold; and its scale. */
export function dropWords(
  backend: CpuBackend,
  packing: Packing,
  rows: Rows,
  dropout: Dropout | undefined,
): { ints: number[]; scale: number } {
  if (!dropout || dropout.rate === 0) return { ints: [0, 0, 0, 0], scale: 1 };
  const { examples, positions } = packing.rowIndices(rows);
  return {
    ints: [
      backend.address(examples),
      backend.address(positions),
      dropout.key,
      thresholdOf(dropout.rate),
    ],
    scale: keepScale(dropout.rate),
  };
}

function dropRows(
  backend: CpuBackend,
  x: TensorInfo,
  { packing, rows, dropout }: DropAttributes,
): TensorInfo[] {
  const y = backend.output(x.shape);
  const { ints, scale } = dropWords(backend, packing, rows, dropout);
  backend.run("dropRows", x.shape[0] * x.shape[1], [
    backend.address(x),
    backend.address(y),
    x.shape[0],
    x.shape[1],
    ...ints,
  ], [scale]);
  return [y];
}

registerCpuOp(dropDefinition, {
  forward: (backend, { x }, attributes) => dropRows(backend, x, attributes),
  gradient: (backend, { dy }, attributes) => dropRows(backend, dy, attributes),
});
