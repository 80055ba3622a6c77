import { findAll } from "../../support/hub/make_zip.ts";
import type { Random } from "../../support/random.ts";
import { lay } from "../../support/weights/little_endian.ts";
import {
  type Bytes,
  type Field,
  type Mutate,
  mutateBytes,
  mutateField,
} from "./bytes.ts";
import { type Member, pack, unpack } from "./zip_file.ts";

/** The numbers of each record, by signature: offset and size in bytes. */
const RECORDS: [number[], [number, Field["bytes"]][]][] = [
  [[0x50, 0x4b, 3, 4], [
    ...[[4, 2], [6, 2], [8, 2], [14, 4], [18, 4], [22, 4], [26, 2], [28, 2]],
  ] as [number, Field["bytes"]][]],
  [[0x50, 0x4b, 1, 2], [
    ...[[4, 2], [6, 2], [8, 2], [10, 2], [16, 4], [20, 4], [24, 4], [28, 2]],
    ...[[30, 2], [32, 2], [34, 2], [36, 2], [38, 4], [42, 4]],
  ] as [number, Field["bytes"]][]],
  [[0x50, 0x4b, 5, 6], [
    ...[[4, 2], [6, 2], [8, 2], [10, 2], [12, 4], [16, 4], [20, 2]],
  ] as [number, Field["bytes"]][]],
  [[0x50, 0x4b, 6, 6], [
    ...[[4, 8], [16, 4], [20, 4], [24, 8], [32, 8], [40, 8], [48, 8]],
  ] as [number, Field["bytes"]][]],
  [[0x50, 0x4b, 6, 7], [[4, 4], [8, 8], [16, 4]]],
  [[0x50, 0x4b, 7, 8], [[4, 4], [8, 4], [12, 4]]],
];

const NAMES = [
  ...["../", "/", "\\", "C:", "./", "//", "\0", "\x7f", "con", "\xff\xfe"],
  ...["._", "__MACOSX/", "Icon\r", "a", "A", "data.pkl", ".npy"],
];

/** Changes records of a zip archive, or the content of one of its members. */
export function mutateZip(
  contents: (name: string) => Mutate,
): Mutate {
  return (file, random) => {
    switch (random.below(8)) {
      case 0:
        return mutateBytes(file, random);
      case 1:
        return mutateName(file, random);
      case 2:
      case 3:
      case 4:
        return mutateField(file, zipFields(file), random);
      default:
        return mutateMembers(file, random, contents);
    }
  };
}

function zipFields(file: Bytes): Field[] {
  return RECORDS.flatMap(([signature, fields]) =>
    findAll(file, signature).flatMap((at) =>
      fields.map(([offset, bytes]) => ({ offset: at + offset, bytes }))
    )
  );
}

/** Writes a hostile name over a part of one, in one or both of its places. */
function mutateName(file: Bytes, random: Random): Bytes {
  const result = file.slice();
  const central = findAll(file, [0x50, 0x4b, 1, 2]);
  if (central.length === 0) return mutateBytes(file, random);
  const at = random.pick(central);
  const view = new DataView(file.buffer, file.byteOffset);
  if (at + 46 > file.length) return mutateBytes(file, random);
  const length = view.getUint16(at + 28, true);
  const local = view.getUint32(at + 42, true);
  const name = lay(random.pick(NAMES)).subarray(0, length);
  const shift = random.once(2) ? 0 : random.below(length - name.length + 1);
  for (const place of random.once(4) ? [at + 46] : [at + 46, local + 30]) {
    if (place + shift + name.length > file.length) continue;
    result.set(name, place + shift);
  }
  return result;
}

async function mutateMembers(
  file: Bytes,
  random: Random,
  contents: (name: string) => Mutate,
): Promise<Bytes> {
  let members: Member[];
  try {
    members = unpack(file);
  } catch {
    return mutateBytes(file, random);
  }
  if (members.length === 0) return mutateBytes(file, random);
  const i = random.below(members.length);
  const { name, bytes } = members[i];
  switch (random.below(8)) {
    case 0:
      if (random.once(30)) flood(members);
      else members.splice(i, 1);
      break;
    case 1:
      members.push({ name: lay(random.pick(NAMES), name), bytes });
      break;
    case 2:
      members[i].name = lay(random.pick(members).name, random.pick(["", "/"]));
      break;
    case 3:
      members[i].bytes = random.pick(members).bytes;
      break;
    default: {
      const mutate = contents(new TextDecoder().decode(name));
      members[i].bytes = await mutate(bytes, random);
    }
  }
  return pack(members, {
    deflate: random.once(3),
    dataDescriptor: random.once(2),
    zip64: random.once(3),
  });
}

function flood(members: Member[]): void {
  for (let i = 0; i < 5500; i++) {
    members.push({ name: lay(`${i}`), bytes: new Uint8Array(0) });
  }
}
