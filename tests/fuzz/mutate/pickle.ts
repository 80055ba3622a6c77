import type { Random } from "../../support/random.ts";
import { lay, u32, u64 } from "../../support/weights/little_endian.ts";
import { type Bytes, mutateBytes, splice } from "./bytes.ts";

/** Bytes of the argument of an opcode that has one of fixed size. */
const FIXED: Record<number, number> = {
  0x80: 1,
  0x4b: 1,
  0x4d: 2,
  0x4a: 4,
  0x47: 8,
  0x71: 1,
  0x72: 4,
  0x68: 1,
  0x6a: 4,
  0x82: 1,
  0x83: 2,
  0x84: 4,
  0x95: 8,
};

/** Bytes of the length before an opcode's argument. */
const COUNTED: Record<number, number> = {
  0x58: 4,
  0x55: 1,
  0x54: 4,
  0x8a: 1,
  0x8b: 4,
  0x8c: 1,
  0x8d: 8,
};

/** Lines of text that are an opcode's argument. */
const LINES: Record<number, number> = { 0x63: 2, 0x69: 2, 0x50: 1, 0x49: 1 };

/** Opcodes that may do harm, or upset the stack. */
const HOSTILE = [
  ...["cos\nsystem\n", "cbuiltins\neval\n", "cbuiltins\ngetattr\n"],
  ...["csubprocess\nPopen\n", "c__builtin__\nexec\n", "ctorch\nload\n"],
  ...["ccollections\nOrderedDict\n", "ctorch\nFloatStorage\n", "R", "b", "Q"],
  ...["ctorch._utils\n_rebuild_tensor_v2\n", "ctorch\n__proto__\n", "t", "("],
  ...["ios\nsystem\n", "o", "\x81", "\x93", ")", "}", "]", "N", "a", "e", "s"],
  ...["u", ".", "0", "2", "q\0", "h\0", "h\xff", "\x85", "\x86", "\x87"],
].map((text) => Uint8Array.from(text, (char) => char.charCodeAt(0)));

const FLOODS = ["}", "(", "]", ")", "q\0", "h\0"];

/** Changes, drops, copies and inserts opcodes of pickles laid end to end. */
export function mutatePickle(file: Bytes, random: Random): Bytes {
  const opcodes = split(file);
  if (opcodes.length === 0) return mutateBytes(file, random);
  const [start, end] = random.pick(opcodes);
  const [other, otherEnd] = random.pick(opcodes);
  switch (random.below(8)) {
    case 0:
      return splice(file, start, end);
    case 1:
      return splice(file, start, start, file.slice(other, otherEnd));
    case 2:
      return splice(file, start, end, file.slice(other, otherEnd));
    case 3:
      return splice(file, start, end, random.pick(HOSTILE));
    case 4:
      return splice(file, start, start, random.pick(HOSTILE));
    case 5: {
      if (!random.once(20)) return mutateBytes(file, random);
      const flood = lay(random.pick(FLOODS).repeat(random.below(300_000)));
      return splice(file, start, start, flood);
    }
    default: {
      const number = random.pick([0, 1, 3, 2 ** 31, 2 ** 32 - 1, 2 ** 53, -1]);
      const sizes = opcodes.filter(([at]) =>
        [0x4b, 0x4d, 0x4a].includes(file[at])
      );
      if (sizes.length === 0) return mutateBytes(file, random);
      const [at, to] = random.pick(sizes);
      return splice(
        file,
        at,
        to,
        random.once(2)
          ? lay([0x8a, 8], u64(number))
          : lay("J", u32(random.below(100))),
      );
    }
  }
}

/** Where each opcode begins and ends, up to the first that makes no sense. */
function split(file: Bytes): [number, number][] {
  const opcodes: [number, number][] = [];
  for (let at = 0; at < file.length;) {
    const end = endOf(file, at);
    if (end > file.length) break;
    opcodes.push([at, end]);
    at = end;
  }
  return opcodes;
}

function endOf(file: Bytes, at: number): number {
  const code = file[at];
  const counted = COUNTED[code];
  if (counted) {
    let length = 0;
    for (let i = counted; i > 0; i--) length = length * 256 + file[at + i];
    return at + 1 + counted + length;
  }
  let end = at + 1 + (FIXED[code] ?? 0);
  for (let lines = LINES[code] ?? 0; lines > 0; lines--) {
    const next = file.indexOf(0x0a, end);
    if (next < 0) return Infinity;
    end = next + 1;
  }
  return end;
}
