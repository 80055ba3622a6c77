/**
 * Writes the pickle of a state dict: an ordered dictionary of tensors, with the
 * opcodes and the three names alone that `torch.load(weights_only=True)` takes.
 *
 * @module
 */
import { joinBytes } from "../../../base/join_bytes.ts";

/** Opcodes of pickle protocol 2 (`pickletools` of Python describes them). */
const [PROTO, VERSION, FALSE, STOP] = [0x80, 2, 0x89, 0x2e];
const [MARK, TUPLE, EMPTY_TUPLE, REDUCE] = [0x28, 0x74, 0x29, 0x52];
const [SETITEMS, BINPERSID, BINUNICODE, BININT] = [0x75, 0x51, 0x58, 0x4a];

/** What is pickled of a tensor: it fills its storage. */
export interface PickledTensor {
  /** What the storage is called beside the pickle. */
  key: string;
  /** The extent of each dimension. */
  shape: readonly number[];
  /** How many elements it has, less than 2^31. */
  count: number;
}

/**
 * Writes the pickle of a state dict of 32-bit floats.
 *
 * @param tensors Its tensors by name.
 * @return The pickle, without what the tensors hold.
 */
export function writeStatePickle(
  tensors: ReadonlyMap<string, PickledTensor>,
): Uint8Array<ArrayBuffer> {
  const items = [...tensors].flatMap(([name, tensor]) => [
    text(name),
    pickleTensor(tensor),
  ]);
  return joinBytes([
    bytes(PROTO, VERSION),
    orderedDict(),
    bytes(MARK),
    ...items,
    bytes(SETITEMS, STOP),
  ]);
}

/** A call of `_rebuild_tensor_v2` with a storage, its offset, shape and hooks. */
function pickleTensor({ key, shape, count }: PickledTensor): Uint8Array {
  const storage = tuple(
    text("storage"),
    global("torch", "FloatStorage"),
    text(key),
    text("cpu"),
    integer(count),
  );
  const strides = shape.map((_, i) =>
    shape.slice(i + 1).reduce((product, extent) => product * extent, 1)
  );
  return joinBytes([
    global("torch._utils", "_rebuild_tensor_v2"),
    tuple(
      joinBytes([storage, bytes(BINPERSID)]),
      integer(0),
      tuple(...shape.map(integer)),
      tuple(...strides.map(integer)),
      bytes(FALSE),
      orderedDict(),
    ),
    bytes(REDUCE),
  ]);
}

function orderedDict(): Uint8Array {
  return joinBytes([
    global("collections", "OrderedDict"),
    bytes(EMPTY_TUPLE, REDUCE),
  ]);
}

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

/** Names something of Python. */
function global(module: string, name: string): Uint8Array {
  return new TextEncoder().encode(`c${module}\n${name}\n`);
}

function text(value: string): Uint8Array {
  const utf8 = new TextEncoder().encode(value);
  return joinBytes([bytes(BINUNICODE), word(utf8.length), utf8]);
}

function integer(value: number): Uint8Array {
  return joinBytes([bytes(BININT), word(value)]);
}

function tuple(...items: Uint8Array[]): Uint8Array {
  return joinBytes([bytes(MARK), ...items, bytes(TUPLE)]);
}

/** 32 bits, little-endian. */
function word(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}
