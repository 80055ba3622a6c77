import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "../../device/native/backend.ts";
import { registerRoom } from "../../device/native/register.ts";
import type { EmbeddingIndex } from "./mod.ts";
import { groupRows } from "./row_groups.ts";

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

/**
 * The gradients of three tables' look-ups: sums of the rows of dy.
 *
 * @param values The row of each look-up, [T] a table.
 * @param counts Rows of each table.
 * @return [rows, H] each.
 */
export function addRows(
  backend: NativeBackend,
  dy: TensorInfo,
  values: readonly Int32Array[],
  counts: readonly number[],
): TensorInfo[] {
  const width = dy.shape[1];
  const { uses, chunks, rows } = groupRows(values, counts);
  const starts = rows.map((chunk) => chunks[chunk]);
  const words = uses.length + starts.length;
  return backend.withScratch(4 * words, (scratch) => {
    const places = backend.intsAt(scratch, words);
    places.set(uses);
    places.set(starts, uses.length);
    const sums = counts.map((count) => backend.output([count, width]));
    backend.run("embeddingGradient", uses.length * width, [
      backend.address(dy),
      ...sums.map((table) => backend.address(table)),
      scratch,
      scratch + 4 * uses.length,
      width,
      ...counts,
    ]);
    return sums;
  });
}

registerRoom<EmbeddingIndex>("Embedding", {
  forward: (backend, { token, segment, position }, { index }) => [
    sumLookUps(backend, [token, segment, position], index),
  ],
  gradient: (backend, { dy, token, segment, position }, { values }) =>
    addRows(
      backend,
      dy,
      values,
      [token, segment, position].map(({ shape }) => shape[0]),
    ),
});
