import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "../../device/cpu/backend.ts";
import { registerCpuOp } from "../../device/cpu/register.ts";
import type { Packing, Rows } from "../batch/packing.ts";
import { type Dropout, dropoutNumbers, drops } from "./mask.ts";
import { type DropAttributes, dropDefinition } from "./reference.ts";

/** The words of a row dropout: addresses of the indices, key, threshold; and its scale. */
export function dropWords(
  backend: CpuBackend,
  packing: Packing,
  rows: Rows,
  dropout: Dropout | undefined,
): { ints: number[]; scale: number } {
  const { key, threshold, scale } = dropoutNumbers(dropout);
  if (!drops(dropout)) return { ints: [0, 0, key, threshold], scale };
  const { examples, positions } = packing.rowIndices(rows);
  const addresses = [examples, positions].map((t) => backend.address(t));
  return { ints: [...addresses, key, threshold], scale };
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
