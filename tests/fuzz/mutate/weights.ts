import type { Random } from "../../support/random.ts";
import { lay, u16, u32, u64 } from "../../support/weights/little_endian.ts";
import { type Bytes, type Field, mutateBytes, mutateField } from "./bytes.ts";
import { mutateJson } from "./json.ts";

/** Changes a length, count, shape or type code of an NDArray list. */
export function mutateMxnet(file: Bytes, random: Random): Bytes {
  if (random.once(4)) return mutateBytes(file, random);
  return mutateField(file, mxnetFields(file), random);
}

/** The numbers of an NDArray list of versions 2 and 3, as far as it is sound. */
function mxnetFields(file: Bytes): Field[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const fields: Field[] = [];
  let at = 0;
  const take = (bytes: 4 | 8): number => {
    // Sizes of a file that was changed before may lead nowhere, or back.
    if (!(at >= 0) || fields.length > 1000) throw new RangeError();
    fields.push({ offset: at, bytes });
    at += bytes;
    return bytes === 4
      ? view.getInt32(at - 4, true)
      : Number(view.getBigInt64(at - 8, true));
  };
  const takeShape = () => {
    let count = 1;
    for (let rank = take(4); rank > 0; rank--) count *= take(8);
    return count;
  };
  try {
    take(8), take(8);
    for (let arrays = take(8); arrays > 0; arrays--) {
      take(4);
      const sparse = take(4);
      const stored = sparse > 0 ? takeShape() : 0;
      const count = takeShape();
      take(4), take(4);
      let size = (sparse > 0 ? stored : count) * SIZES[take(4)];
      for (let extra = sparse; extra > 0; extra--) {
        const type = take(4);
        size += takeShape() * SIZES[type];
      }
      at += size;
    }
    for (let names = take(8); names > 0; names--) at += take(8);
  } catch {
    // What was found so far will do.
  }
  return fields;
}

const SIZES = [4, 8, 2, 1, 4, 1, 8, 1, 2, 2, 4, 8, 2];

/** Changes the header of a safetensors file, or the length before it. */
export function mutateSafetensors(file: Bytes, random: Random): Bytes {
  if (file.length < 8 || random.once(4)) return mutateBytes(file, random);
  if (random.once(6)) {
    return mutateField(file, [{ offset: 0, bytes: 8 }], random);
  }
  const length = new DataView(file.buffer).getUint32(0, true);
  const header = mutateJson(file.slice(8, 8 + length), random);
  return lay(u64(header.length), header, file.subarray(8 + length));
}

/** What a header of NumPy's may say instead. */
const WORDS = [
  ...["True", "False", "(", ")", ",", "'", "{", "}", ":", " ", "\n", "L", "-"],
  ...["<f4", ">f8", "|b1", "<f2", "|O", "<U9", "<V2", "shape", "descr", "f()"],
  ...[
    "0",
    "1",
    "65536",
    "4294967296",
    "9007199254740993",
    "1e3",
    "9, ".repeat(99),
  ],
];

/** Changes the header of a NumPy array, or the numbers before it. */
export function mutateNpy(file: Bytes, random: Random): Bytes {
  if (file.length < 12 || random.once(4)) return mutateBytes(file, random);
  if (random.once(6)) {
    return mutateField(file, [{ offset: 6, bytes: 1 }, {
      offset: 8,
      bytes: file[6] === 1 ? 2 : 4,
    }], random);
  }
  const view = new DataView(file.buffer);
  const [start, length] = file[6] === 1
    ? [10, view.getUint16(8, true)]
    : [12, view.getUint32(8, true)];
  const tokens = new TextDecoder("latin1").decode(
    file.subarray(start, start + length),
  ).match(/\w+|./gs) ?? [""];
  tokens[random.below(tokens.length)] = random.pick([...WORDS, ""]);
  const header = lay(tokens.join(""));
  return lay(
    file.subarray(0, 8),
    file[6] === 1 ? u16(header.length) : u32(header.length),
    header,
    file.subarray(start + length),
  );
}

/** Changes an aligned number, as all of Arrow's are, most often of its tables. */
export function mutateArrow(file: Bytes, random: Random): Bytes {
  if (random.once(4)) return mutateBytes(file, random);
  const near = random.pick([0, 0, file.length >> 1, file.length - 600]);
  const offset = Math.max(0, near + random.below(600)) & ~3;
  const bytes = random.pick([1, 2, 4, 4, 8] as const);
  return mutateField(file, [{ offset, bytes }], random);
}
