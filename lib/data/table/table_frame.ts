/**
 * Looks at a table's file before Arrow's reader does. That one follows whatever
 * counts and references it finds, in a damaged file for hours, or for ever.
 *
 * @see https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format
 * @module
 */
import { RecordBatchStreamWriter, type Schema, Table } from "apache-arrow";
import type { Field } from "apache-arrow/fb/field";
import { Footer } from "apache-arrow/fb/footer";
import { Int } from "apache-arrow/fb/int";
import { Message } from "apache-arrow/fb/message";
import { MessageHeader } from "apache-arrow/fb/message-header";
import { RecordBatch } from "apache-arrow/fb/record-batch";
import { Type } from "apache-arrow/fb/type";
import { ByteBuffer } from "flatbuffers";

/** Ends an Arrow file; the footer and its length, 4 bytes, are before it. */
const MAGIC = "ARROW1";

/** Before a message's metadata: a mark and the length, 4 bytes each. */
const PREFIX_BYTES = 8;

/** How many columns a batch has, and how many buffers they lie in. */
export interface BatchCounts {
  /** The columns, those within lists too. */
  nodes: number;
  /** Their buffers: of null bits, offsets and values. */
  buffers: number;
}

/**
 * A file's one record batch as a stream that Arrow may read.
 *
 * @param bytes The whole file.
 * @param schema The columns that it must have.
 * @param counts What its batch must have.
 * @return The stream in two sections, of which the second shares the memory.
 * @throws {Error} If the file has other columns or is damaged.
 */
export function batchStream(
  bytes: Uint8Array,
  schema: Schema,
  counts: BatchCounts,
): [schema: Uint8Array, batch: Uint8Array] {
  const footer = readFooter(bytes);
  checkColumns(footer, schema);
  if (footer.recordBatchesLength() !== 1) {
    throw new Error(
      `it has ${footer.recordBatchesLength()} record batches, expected 1`,
    );
  }
  const rest = bytes.subarray(Number(footer.recordBatches(0)!.offset()));
  const length = PREFIX_BYTES + int32At(rest, 4);
  const message = Message.getRootAsMessage(
    new ByteBuffer(rest.subarray(PREFIX_BYTES, length)),
  );
  const batch: RecordBatch | null = message.header(new RecordBatch());
  const end = length + Number(message.bodyLength());
  if (
    message.headerType() !== MessageHeader.RecordBatch || batch === null ||
    batch.nodesLength() !== counts.nodes ||
    batch.buffersLength() !== counts.buffers ||
    batch.variadicBufferCountsLength() > 0 ||
    batch.compression() !== null || message.customMetadataLength() > 0 ||
    !(end >= length && end <= rest.length)
  ) throw new Error("its record batch is damaged");
  return [schemaMessage(schema), rest.subarray(0, end)];
}

function readFooter(bytes: Uint8Array): Footer {
  const end = bytes.length - MAGIC.length - 4;
  const magic = new TextDecoder().decode(bytes.subarray(-MAGIC.length));
  const start = magic === MAGIC && end >= 0 ? end - int32At(bytes, end) : -1;
  if (!(start >= 0 && start < end)) {
    throw new Error("it is no Arrow file, or not a whole one");
  }
  return Footer.getRootAsFooter(new ByteBuffer(bytes.subarray(start, end)));
}

function checkColumns(footer: Footer, schema: Schema): void {
  const found = footer.schema();
  const count = found?.fieldsLength() ?? 0;
  if (count !== schema.fields.length) {
    throw new Error(
      `it has ${count} columns, expected ${schema.fields.length}`,
    );
  }
  for (const [i, { name, type }] of schema.fields.entries()) {
    const field = found!.fields(i)!;
    const text = typeOf(field);
    if (field.name() === name && text === String(type)) continue;
    throw new Error(
      `column ${i + 1} is "${field.name()}" of ${text}, ` +
        `expected "${name}" of ${type}`,
    );
  }
}

/** The type of a column in Arrow's words, if it is one that tables have. */
function typeOf(field: Field): string {
  switch (field.typeType()) {
    case Type.Utf8:
      return "Utf8";
    case Type.Int: {
      const int: Int | null = field.type(new Int());
      return `${int?.isSigned() ? "Int" : "Uint"}${int?.bitWidth()}`;
    }
    case Type.List: {
      const item = field.childrenLength() === 1 ? field.children(0) : null;
      return item?.typeType() === Type.Int ? `List<${typeOf(item)}>` : "a list";
    }
    default:
      return `type ${field.typeType()}`;
  }
}

/** The message that opens every stream of these columns. */
function schemaMessage(schema: Schema): Uint8Array {
  const stream = RecordBatchStreamWriter.writeAll(new Table(schema))
    .toUint8Array(true);
  return stream.subarray(0, PREFIX_BYTES + int32At(stream, 4));
}

function int32At(bytes: Uint8Array, offset: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.getInt32(offset, true);
}
