/**
 * A table of encoded examples as one Arrow IPC file of one record batch, with
 * the columns `tokens: List<Int32>`, `second: Int32`, `label: Int8`,
 * `row: Int32`, `premise: Utf8` and `hypothesis: Utf8` (nullable).
 *
 * @see https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
 * @module
 */
import {
  type Data,
  Field,
  Int32,
  Int8,
  List,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  tableFromIPC,
  Utf8,
  type Vector,
} from "apache-arrow";
import { UserError } from "../../base/errors.ts";
import { writeSynced } from "../../base/files/files.ts";
import { readRegular } from "../../base/files/regular.ts";
import { reasonOf } from "../../base/files/system_error.ts";
import type { Table, TableColumns, TextColumn } from "./table.ts";
import { batchStream } from "./table_frame.ts";

const SCHEMA = new Schema([
  new Field("tokens", new List(new Field("item", new Int32()))),
  new Field("second", new Int32()),
  new Field("label", new Int8()),
  new Field("row", new Int32()),
  new Field("premise", new Utf8()),
  new Field("hypothesis", new Utf8(), true),
]);

/** Six columns and a list's items; texts lie in three buffers, others in two. */
const COUNTS = { nodes: 7, buffers: 16 };

/**
 * Writes a table and waits until it is on disk.
 *
 * @param path The file to write; there must be none yet.
 * @param columns The columns to write.
 */
export async function writeTable(
  path: string,
  columns: TableColumns,
): Promise<void> {
  const length = columns.second.length;
  const children: Data[] = [
    makeData({
      type: SCHEMA.fields[0].type as List<Int32>,
      length,
      valueOffsets: columns.offsets,
      child: makeData({ type: new Int32(), data: columns.tokenIds }),
    }),
    makeData({ type: new Int32(), data: columns.second }),
    makeData({ type: new Int8(), data: columns.labels }),
    makeData({ type: new Int32(), data: columns.sourceLines }),
    textData(columns.premise, length),
    textData(columns.hypothesis, length),
  ];
  const batch = new RecordBatch(
    SCHEMA,
    makeData({ type: new Struct(SCHEMA.fields), length, children }),
  );
  const writer = new RecordBatchFileWriter();
  writer.write(batch);
  writer.finish();
  const sections = await Array.fromAsync(writer);
  await writeSynced(path, sections as Uint8Array<ArrayBuffer>[]);
}

function textData(
  { bytes, offsets, valid }: TextColumn,
  length: number,
): Data<Utf8> {
  return makeData({
    type: new Utf8(),
    length,
    valueOffsets: offsets,
    data: bytes,
    nullCount: -1,
    nullBitmap: valid,
  });
}

/**
 * Reads a table that {@link writeTable} has written. Its number columns share
 * the file's memory.
 *
 * @param path The file.
 * @throws {UserError} `bad-table` if the file cannot be read or holds something
 * else.
 */
export async function readTable(path: string): Promise<Table> {
  return decodeTable(path, await readBytes(path));
}

/**
 * As {@link readTable}, of bytes that were read before.
 *
 * @param path The table's name in messages.
 * @param bytes The file's content.
 * @throws {UserError} `bad-table` if the bytes are something else.
 */
export function decodeTable(path: string, bytes: Uint8Array): Table {
  const batch = decodeBatch(path, bytes);
  const rows = batch.numRows;
  const [tokens, second, label, row, premise, hypothesis] = SCHEMA.fields.map(
    ({ name }) => batch.getChild(name)!,
  );
  const [{ valueOffsets, children: [{ values }] }] = tokens.data;
  // Arrow pads its buffers: each is longer than what it holds.
  const numbers = (column: Vector) =>
    column.data[0].values.subarray(0, rows) as Int32Array;
  const table: Table = {
    path,
    rows,
    tokenIds: values.subarray(0, valueOffsets[rows]),
    offsets: valueOffsets.subarray(0, rows + 1),
    second: numbers(second),
    labels: Int32Array.from(numbers(label)),
    sourceLines: numbers(row),
    premise: (i) => premise.get(i),
    hypothesis: (i) => hypothesis.get(i),
  };
  const { offsets } = table;
  if (
    table.sourceLines.length !== rows || table.labels.length !== rows ||
    table.second.length !== rows || premise.nullCount > 0 ||
    !areOffsets(offsets, rows, table.tokenIds.length) ||
    table.second.some((at, i) => at < 0 || at > offsets[i + 1] - offsets[i]) ||
    [premise, hypothesis].some(({ data: [{ valueOffsets, values }] }) =>
      !areOffsets(valueOffsets.subarray(0, rows + 1), rows, values.length)
    )
  ) throw badTable(path, "it is damaged (its columns do not fit together)");
  return table;
}

/** Whether they cut something of that length into so many rows. */
function areOffsets(
  offsets: Int32Array,
  rows: number,
  length: number,
): boolean {
  return offsets.length === rows + 1 && offsets[0] === 0 &&
    offsets.every((offset, i) => i === 0 || offset >= offsets[i - 1]) &&
    offsets[rows] <= length;
}

function decodeBatch(path: string, bytes: Uint8Array): RecordBatch {
  try {
    const sections = batchStream(bytes, SCHEMA, COUNTS);
    const [batch] = tableFromIPC(sections).batches;
    if (
      batch.numRows === 0 ||
      batch.data.children.some((column) => column.length !== batch.numRows)
    ) throw new Error("it has no rows, or columns of different lengths");
    return batch;
  } catch (cause) {
    throw badTable(path, `it is damaged (${(cause as Error).message})`, cause);
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readRegular(path);
  } catch (cause) {
    throw badTable(path, reasonOf(cause, path), cause);
  }
}

function badTable(path: string, what: string, cause?: unknown): UserError {
  return new UserError(`Cannot read the table "${path}": ${what}`, {
    code: "bad-table",
    hint: "run preprocess again",
    cause,
  });
}
