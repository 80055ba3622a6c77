import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "../../device/native/backend.ts";
import { registerRoom } from "../../device/native/register.ts";
import type { EmbeddingIndex } from "./mod.ts";

/** The sum of a row of each of three tables, for each token. */
export function sumLookUps(
  backend: NativeBackend,
  tables: readonly TensorInfo[],
  index: readonly TensorInfo[],
): TensorInfo {
  const [[rows], [, width]] = [index[0].shape, tables[0].shape];
  const y = backend.output([rows, width]);
  backend.run("embeddingSum", 3 * rows * width, [
    backend.address(y),
    ...tables.map((table) => backend.address(table)),
    ...index.map((values) => backend.address(values)),
    rows,
    width,
  ]);
  return y;
}

/** The gradient of one table's look-ups: sums of the rows of dy, [rows, H]. */
export function addRows(
  backend: NativeBackend,
  dy: TensorInfo,
  index: TensorInfo,
  rows: number,
): TensorInfo {
  const [tokens, width] = dy.shape;
  const sums = backend.zeros([rows, width]);
  backend.run("embeddingScatter", tokens * width, [
    backend.address(dy),
    backend.address(index),
    backend.address(sums),
    tokens,
    width,
  ]);
  return sums;
}

registerRoom<EmbeddingIndex>("Embedding", {
  forward: (backend, { token, segment, position }, { index }) => [
    sumLookUps(backend, [token, segment, position], index),
  ],
  gradient: (backend, { dy, token, segment, position }, { index }) =>
    [token, segment, position].map((table, i) =>
      addRows(backend, dy, index[i], table.shape[0])
    ),
});
