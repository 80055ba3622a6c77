/**
 * Reads NumPy's `.npy` arrays, and the zip archives of them that MXNet 2.x
 * saves models as.
 *
 * Layout (`numpy/lib/format.py`): `\x93NUMPY`, version, header length (`u16`
 * in version 1, `u32` in 2 and 3), a Python dictionary as text, the elements.
 *
 * @module
 */
import {
  deferredArray,
  elementCount,
  type FloatArray,
  type NamedArrays,
} from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";
import { ByteReader } from "./byte_reader.ts";
import { elementBytes, type ElementType, toFloats } from "./element_types.ts";
import { gather } from "./strided.ts";
import type { ZipMember } from "./zip_members.ts";

const MAGIC = "\x93NUMPY";

/** NumPy's own limit. */
const MAX_HEADER_BYTES = 10_000;

const ELEMENT_TYPES = new Map<string, ElementType>([
  ["f8", "f64"],
  ["f4", "f32"],
  ["f2", "f16"],
  ["i8", "i64"],
  ["u8", "u64"],
  ["i4", "i32"],
  ["u4", "u32"],
  ["i2", "i16"],
  ["u2", "u16"],
  ["i1", "i8"],
  ["u1", "u8"],
  ["b1", "bool"],
]);

/** The header as `numpy.lib.format` writes it, keys in alphabetical order. */
const HEADER =
  /^\{'descr': '([<>|])(\w\d)', 'fortran_order': (True|False), 'shape': \(((?:\d+, ?)*\d*)\), ?\} *\n?$/;

/**
 * Reads an archive of arrays, each in `NAME.npy`.
 *
 * @param members The archive's members.
 * @param file Its path, for errors.
 * @return The arrays as floats.
 * @throws UserError `bad-weights` for damage and for sparse arrays, by name.
 */
export async function readNpz(
  members: ReadonlyMap<string, ZipMember>,
  file: string,
): Promise<NamedArrays> {
  const arrays: NamedArrays = new Map();
  for (const [member, { read }] of members) {
    const name = member.replace(/\.npy$/, "");
    if (name === member || name.includes("/")) {
      throw badWeights(
        file,
        `its member "${member}" is not a dense array (NAME.npy)`,
      );
    }
    arrays.set(name, readNpy(await read(), `${file}/${member}`));
  }
  return arrays;
}

/**
 * Reads an array.
 *
 * @param bytes The whole of an `.npy` file.
 * @param file Its path, for errors.
 * @return The array as floats; it may view `bytes`: read only.
 * @throws UserError `bad-weights` for damage and for arrays of objects.
 */
export function readNpy(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): FloatArray {
  const reader = new ByteReader(bytes, file);
  const magic = String.fromCharCode(...reader.bytes(6, "a magic number"));
  const major = reader.u8("the version");
  reader.u8("the version");
  if (magic !== MAGIC || major < 1 || major > 3) {
    throw badWeights(file, "it is not an .npy array of version 1 to 3");
  }
  const length = major === 1
    ? reader.u16("the header's length")
    : reader.u32("the header's length");
  if (length > MAX_HEADER_BYTES) {
    throw badWeights(
      file,
      `its header has ${length} bytes, expected at most ${MAX_HEADER_BYTES}`,
    );
  }
  const header = reader.utf8(length, "the header");
  const match = HEADER.exec(header);
  const type = match && ELEMENT_TYPES.get(match[2]);
  if (!type) {
    throw badWeights(
      file,
      `its header ${
        JSON.stringify(header.trim())
      } is not of an array of numbers`,
    );
  }
  const shape = match[4].split(",").filter((text) => text.trim() !== "")
    .map(Number);
  const size = elementCount(shape) * elementBytes(type);
  if (size !== reader.remaining) {
    throw badWeights(
      file,
      `its shape [${
        shape.join(", ")
      }] needs ${size} bytes, found ${reader.remaining}`,
    );
  }
  const values = reader.bytes(size, "the elements");
  const bigEndian = match[1] === ">";
  const columnsFirst = match[3] === "True";
  return deferredArray(shape, () => {
    const elements = toFloats(values, type, { bigEndian });
    if (!columnsFirst) return elements;
    const strides = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
    return gather(elements, { shape, strides, offset: 0 });
  });
}
