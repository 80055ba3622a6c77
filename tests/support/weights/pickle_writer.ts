import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { type Field, lay, u16, u32, u64 } from "./little_endian.ts";

/** Opcodes of pickle protocol 2, to be laid end to end. */
export const PROTO = [0x80, 2];
export const MARK = "(";
export const EMPTY_TUPLE = ")";
export const EMPTY_DICT = "}";
export const EMPTY_LIST = "]";
export const TUPLE = "t";
export const REDUCE = "R";
export const BUILD = "b";
export const SETITEM = "s";
export const SETITEMS = "u";
export const BINPERSID = "Q";
export const NONE = "N";
export const FALSE = [0x89];
export const TRUE = [0x88];
export const STOP = ".";

/** Names something of Python. */
export function global(module: string, name: string): Field {
  return `c${module}\n${name}\n`;
}

/** Text. */
export function text(value: string): Field {
  const bytes = lay(value);
  return lay("X", u32(bytes.length), bytes);
}

/** A whole number. */
export function int(value: number): Field {
  return value < 65_536 ? lay("M", u16(value)) : lay([0x8a, 8], u64(value));
}

/** A tuple of what other opcodes make. */
export function tuple(...items: Field[]): Field {
  return lay(MARK, ...items, TUPLE);
}

/** A call. */
export function call(callee: Field, ...args: Field[]): Field {
  return lay(callee, tuple(...args), REDUCE);
}

/** What a tensor is rebuilt from. */
export interface TensorFields {
  key?: string;
  type?: string;
  count: number;
  offset?: number;
  size: number[];
  stride: number[];
  /** Whether its storage's id is that of the old container. */
  legacy?: boolean;
}

/** A tensor, as PyTorch pickles it. */
export function tensor(fields: TensorFields): Field {
  const { key = "0", type = "FloatStorage", count, offset = 0 } = fields;
  const storage = tuple(
    text("storage"),
    global("torch", type),
    text(key),
    text("cpu"),
    int(count),
    ...fields.legacy ? [NONE] : [],
  );
  return call(
    global("torch._utils", "_rebuild_tensor_v2"),
    lay(storage, BINPERSID),
    int(offset),
    tuple(...fields.size.map(int)),
    tuple(...fields.stride.map(int)),
    FALSE,
    call(global("collections", "OrderedDict")),
  );
}

/** A dictionary with text keys. */
export function dict(items: Record<string, Field>): Field {
  return lay(
    EMPTY_DICT,
    MARK,
    ...Object.entries(items).flatMap(([key, value]) => [text(key), value]),
    SETITEMS,
  );
}

/** A whole pickle. */
export function pickle(...fields: Field[]): Uint8Array<ArrayBuffer> {
  return lay(PROTO, ...fields, STOP);
}

/** A zip archive of stored members. */
export async function zip(
  members: Record<string, Uint8Array>,
  level = 0,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    level,
    useWebWorkers: false,
    extendedTimestamp: false,
    lastModDate: new Date(1980, 1, 1),
  });
  for (const [name, bytes] of Object.entries(members)) {
    await writer.add(name, new Uint8ArrayReader(bytes));
  }
  return await writer.close();
}
