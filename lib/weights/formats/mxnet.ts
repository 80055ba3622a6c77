/**
 * Reads MXNet's NDArray list, the `.params` files of `mx.nd.save`, `npx.save`
 * and Gluon's `save_parameters` in MXNet 0.x and 1.x.
 *
 * Layout, little-endian, nothing aligned (`src/ndarray/ndarray.cc` of
 * apache/mxnet): `u64 0x112`, `u64 0`, `u64 N`, N records, `u64 K`, K names of
 * `u64` length and UTF-8 bytes. A record begins with a `u32`: a magic number of
 * version 1, 2 or 3, or, before there were versions, its rank.
 *
 * @module
 */
import { deferredArray, elementCount, type NamedArrays } from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";
import { ByteReader } from "./byte_reader.ts";
import { elementBytes, type ElementType, toFloats } from "./element_types.ts";

const LIST_MAGIC = 0x112;
const V1 = 0xf993fac8;
const V2 = 0xf993fac9;
const V3 = 0xf993faca;
/** Hundreds of times those of BERT; a record in memory outweighs its bytes. */
const MAX_ARRAYS = 65_536;
const MAX_RANK = 32;
const MAX_NAME_BYTES = 65_536;

/** The element types by mshadow's `type_flag`. */
const ELEMENT_TYPES: readonly ElementType[] = [
  "f32",
  "f64",
  "f16",
  "u8",
  "i32",
  "i8",
  "i64",
  "bool",
  "i16",
  "u16",
  "u32",
  "u64",
  "bf16",
];

/** Per storage type, how many auxiliary arrays follow the values. */
const STORAGE = [
  { name: "dense", auxiliaries: 0 },
  { name: "row-sparse", auxiliaries: 1 },
  { name: "CSR-sparse", auxiliaries: 2 },
];

/** Names come last in the file, so a record keeps its complaint until then. */
type ArrayRecord =
  | { shape: number[]; type: ElementType; bytes: Uint8Array<ArrayBuffer> }
  | { unusable: string };

/** Whether the bytes begin as an NDArray list does. */
export function isMxnet(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && bytes[0] === 0x12 && bytes[1] === 0x01 &&
    bytes.subarray(2, 8).every((byte) => byte === 0);
}

/**
 * Reads an NDArray list.
 *
 * @param bytes The whole file.
 * @param file Its path, for errors.
 * @return Its arrays as floats, in the file's order and under the file's names
 *     (`arg:` and `aux:` included). They may view `bytes`: read only.
 * @throws UserError `bad-weights` for anything damaged, and for arrays that are
 *     sparse, scalar or absent, by name.
 *
 * @example
 * ```ts
 * import { readMxnet } from "./mxnet.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const file = "fixtures/golden/mxnet/pretrained.params";
 * const arrays = readMxnet(await Deno.readFile(file), file);
 * assertEquals(arrays.get("encoder.pos_embedding")?.shape, [1, 64, 32]);
 * ```
 */
export function readMxnet(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): NamedArrays {
  const reader = new ByteReader(bytes, file);
  const magic = reader.u64("the list's magic number");
  if (magic !== LIST_MAGIC) {
    throw badWeights(
      file,
      `it begins with 0x${magic.toString(16)}, expected MXNet's 0x112`,
    );
  }
  reader.bytes(8, "a reserved field");
  const count = reader.u64("the number of arrays");
  if (count > reader.remaining / 8) {
    throw badWeights(
      file,
      `it claims ${count} arrays in ${reader.remaining} bytes`,
    );
  }
  if (count > MAX_ARRAYS) {
    throw badWeights(
      file,
      `it has ${count} arrays, expected at most ${MAX_ARRAYS}`,
    );
  }
  const records: ArrayRecord[] = [];
  for (let i = 0; i < count; i++) {
    records.push(readRecord(reader, `array ${i}`));
  }
  const names = readNames(reader, count);
  if (reader.remaining > 0) {
    throw badWeights(
      file,
      `${reader.remaining} bytes follow the last name, expected none`,
    );
  }
  return named(names, records, file);
}

function named(
  names: readonly string[],
  records: readonly ArrayRecord[],
  file: string,
): NamedArrays {
  const arrays: NamedArrays = new Map();
  const problems: string[] = [];
  for (const [i, record] of records.entries()) {
    const name = names[i];
    if ("unusable" in record) {
      problems.push(`array "${name}" ${record.unusable}`);
    } else if (arrays.has(name)) {
      problems.push(`array "${name}" occurs twice`);
    } else {
      const { shape, bytes, type } = record;
      arrays.set(name, deferredArray(shape, () => toFloats(bytes, type)));
    }
  }
  if (problems.length > 0) throw badWeights(file, problems);
  return arrays;
}

function readNames(reader: ByteReader, arrays: number): string[] {
  const count = reader.u64("the number of names");
  if (count === 0 && arrays > 0) {
    throw badWeights(
      reader.file,
      `its ${arrays} arrays have no names`,
      "save a dictionary of arrays (save_parameters), not a list",
    );
  }
  if (count !== arrays) {
    throw badWeights(
      reader.file,
      `it has ${count} names for ${arrays} arrays`,
    );
  }
  const names: string[] = [];
  for (let i = 0; i < count; i++) {
    const length = reader.u64(`the length of name ${i}`);
    if (length > MAX_NAME_BYTES) {
      throw badWeights(
        reader.file,
        `name ${i} has ${length} bytes, expected at most ${MAX_NAME_BYTES}`,
      );
    }
    names.push(reader.utf8(length, `name ${i}`));
  }
  return names;
}

function readRecord(reader: ByteReader, what: string): ArrayRecord {
  const start = reader.offset;
  const version = reader.u32(`${what}'s first word`);
  if (version === V2 || version === V3) {
    return readVersioned(reader, version, what);
  }
  if (version !== V1 && version > MAX_RANK) {
    throw badWeights(
      reader.file,
      `${what} at byte ${start} begins with 0x${
        version.toString(16)
      }, expected an NDArray record`,
    );
  }
  const shape = version === V1
    ? readShape(reader, what)
    : Array.from({ length: version }, () => reader.u32(`${what}'s shape`));
  if (shape.length === 0) return { unusable: "is empty (it has no shape)" };
  const type = readPlacement(reader, what);
  return { shape, type, bytes: readValues(reader, { shape, type, what }) };
}

/** Versions 2 and 3; they differ in what a shape without extents means. */
function readVersioned(
  reader: ByteReader,
  version: number,
  what: string,
): ArrayRecord {
  const storage = STORAGE[reader.i32(`${what}'s storage type`)];
  if (!storage) {
    throw badWeights(
      reader.file,
      `${what} has an unknown storage type at byte ${reader.offset - 4}`,
    );
  }
  const sparse = storage.auxiliaries > 0;
  const stored = sparse ? readShape(reader, what) : [];
  const shape = readShape(reader, what);
  const absent = version === V3
    ? shape.includes(-1)
    : shape.length === 0 || shape[0] === -1;
  if (absent) return { unusable: "is empty (it has no shape)" };
  const type = readPlacement(reader, what);
  if (sparse) {
    skipSparse(reader, { stored, type, what, count: storage.auxiliaries });
    return { unusable: `is ${storage.name}, expected a dense array` };
  }
  const bytes = readValues(reader, { shape, type, what });
  return shape.length === 0
    ? { unusable: "is a scalar, expected at least one dimension" }
    : { shape, type, bytes };
}

function skipSparse(
  reader: ByteReader,
  array: { stored: number[]; type: ElementType; what: string; count: number },
): void {
  const { type, what, count } = array;
  const auxiliaries = Array.from({ length: count }, () => ({
    type: readElementType(reader, what),
    shape: readShape(reader, what),
  }));
  readValues(reader, { shape: array.stored, type, what });
  for (const auxiliary of auxiliaries) {
    readValues(reader, { ...auxiliary, what });
  }
}

/** `i32` rank and as many `i64` extents; a rank of -1, "unknown", gives `[-1]`. */
function readShape(reader: ByteReader, what: string): number[] {
  const rank = reader.i32(`${what}'s rank`);
  if (rank === -1) return [-1];
  if (rank < 0 || rank > MAX_RANK) {
    throw badWeights(
      reader.file,
      `${what} has rank ${rank} at byte ${
        reader.offset - 4
      }, expected at most ${MAX_RANK}`,
    );
  }
  return Array.from({ length: rank }, () => reader.i64(`${what}'s shape`));
}

/** Device type and number, which do not matter here, then the element type. */
function readPlacement(reader: ByteReader, what: string): ElementType {
  reader.bytes(8, `${what}'s device`);
  return readElementType(reader, what);
}

function readElementType(reader: ByteReader, what: string): ElementType {
  const flag = reader.i32(`${what}'s element type`);
  const type = ELEMENT_TYPES[flag];
  if (!type) {
    throw badWeights(
      reader.file,
      `${what} has the element type ${flag} at byte ${
        reader.offset - 4
      }, expected 0 to ${ELEMENT_TYPES.length - 1}`,
    );
  }
  return type;
}

function readValues(
  reader: ByteReader,
  array: { shape: readonly number[]; type: ElementType; what: string },
): Uint8Array<ArrayBuffer> {
  const { shape, type, what } = array;
  const size = elementCount(shape) * elementBytes(type);
  // A product past 2^53 is inexact, yet far past any file's end; Infinity times
  // an extent of 0 is NaN, hence the negated comparison.
  if (shape.some((extent) => extent < 0) || !(size <= reader.remaining)) {
    throw badWeights(
      reader.file,
      `${what} has shape [${
        shape.join(", ")
      }] at byte ${reader.offset}, where ${reader.remaining} bytes remain`,
    );
  }
  return reader.bytes(size, `${what}'s values`);
}
