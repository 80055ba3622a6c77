import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "../../device/cpu/backend.ts";
import { registerCpuOp } from "../../device/cpu/register.ts";
import { embeddingDefinition } from "./reference.ts";
import { groupRows, pairRows } from "./row_groups.ts";

/** The sum of a row of each of three tables, for each token. */
export function sumLookUps(
  backend: CpuBackend,
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
 * The gradients of three tables' look-ups: sums of the rows of dy. There are few
 * pairs of a segment and a position, so the sums of these two tables are made
 * from one for each pair.
 *
 * @param values Token, segment and position of each row of dy, [T] each.
 * @param counts Rows of each table.
 * @return [rows, H] each.
 */
export function addRows(
  backend: CpuBackend,
  dy: TensorInfo,
  [tokens, segments, positions]: readonly Int32Array[],
  counts: readonly number[],
): TensorInfo[] {
  const width = dy.shape[1];
  const [dToken, dSegment, dPosition] = counts.map((count) =>
    backend.output([count, width])
  );
  const [tokenCount, segmentCount, positionCount] = counts;
  const pairs = pairRows(segments, positions, positionCount);
  const pairCount = segmentCount * positionCount;
  backend.withScratch(4 * pairCount * width, (sums) => {
    sumUses(backend, dy, {
      values: [tokens, pairs],
      counts: [tokenCount, pairCount],
      sums: [backend.address(dToken), sums],
    });
    const bytes = 4 * positionCount * width;
    for (let segment = 0; segment < segmentCount; segment++) {
      backend.run("sumRows", 0, [
        sums + segment * bytes,
        backend.address(dSegment) + 4 * segment * width,
        positionCount,
        width,
      ]);
    }
    backend.run("sumRows", 0, [
      sums,
      backend.address(dPosition),
      segmentCount,
      positionCount * width,
    ]);
  });
  return [dToken, dSegment, dPosition];
}

/** Two tables, as {@link addRows} has three; `sums` are their addresses. */
interface TwoTables {
  values: readonly Int32Array[];
  counts: readonly number[];
  sums: readonly number[];
}

function sumUses(
  backend: CpuBackend,
  dy: TensorInfo,
  { values, counts, sums }: TwoTables,
): void {
  const width = dy.shape[1];
  const { uses, chunks, rows } = groupRows(values, counts);
  const starts = rows.map((chunk) => chunks[chunk]);
  const words = uses.length + starts.length;
  backend.withScratch(4 * words, (scratch) => {
    const integers = backend.intsAt(scratch, words);
    integers.set(uses);
    integers.set(starts, uses.length);
    backend.run("embeddingGradient", uses.length * width, [
      backend.address(dy),
      ...sums,
      scratch,
      scratch + 4 * uses.length,
      width,
      ...counts,
    ]);
  });
}

registerCpuOp(embeddingDefinition, {
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
