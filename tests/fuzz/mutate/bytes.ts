import type { Random } from "../../support/random.ts";

/** Bytes of a file. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Makes an odd file of a sound one, or of an odd one. */
export type Mutate = (file: Bytes, random: Random) => Bytes | Promise<Bytes>;

/** A number in a file. */
export interface Field {
  offset: number;
  bytes: 1 | 2 | 4 | 8;
}

const EDGES = [
  ...[0n, 1n, 2n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0xffffn, 0x10000n],
  ...[0x7fffffffn, 0x80000000n, 0xfffffffen, 0xffffffffn, 2n ** 32n],
  ...[2n ** 53n - 1n, 2n ** 53n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n],
];

/** Changes one of the file's numbers to one at which programs stumble. */
export function mutateField(
  file: Bytes,
  fields: readonly Field[],
  random: Random,
): Bytes {
  const sound = fields.filter(({ offset, bytes }) =>
    offset >= 0 && offset + bytes <= file.length
  );
  if (sound.length === 0) return mutateBytes(file, random);
  const { offset, bytes } = random.pick(sound);
  const result = file.slice();
  let value = 0n;
  for (let i = bytes - 1; i >= 0; i--) {
    value = value << 8n | BigInt(result[offset + i]);
  }
  value = random.pick([
    () => random.pick(EDGES),
    () => value + 1n,
    () => value - 1n,
    () => value * 2n,
    () => -value,
    () => value ^ 1n << BigInt(random.below(8 * bytes)),
    () => BigInt(file.length - random.below(16)),
  ])();
  for (let i = 0; i < bytes; i++) {
    result[offset + i] = Number(BigInt.asUintN(8, value >> BigInt(8 * i)));
  }
  return result;
}

/** Changes bytes wherever they are. */
export function mutateBytes(file: Bytes, random: Random): Bytes {
  const at = random.below(file.length + 1);
  const length = random.pick([1, 2, 4, 8, random.below(64), 512]);
  const here = Math.min(at, Math.max(0, file.length - 1));
  switch (random.below(8)) {
    case 0:
      return file.slice(0, at);
    case 1:
      return splice(file, at, at + length);
    case 2:
      return splice(file, at, at, file.slice(here, here + length));
    case 3:
      return splice(file, at, at, noise(length, random));
    case 4: {
      const from = random.below(file.length + 1);
      const part = file.slice(from, from + length);
      return splice(file, at, at + part.length, part);
    }
    case 5:
      return splice(file, at, at + length, noise(length, random));
    default:
      return mutateField(file, [
        { offset: here, bytes: random.pick([1, 1, 2, 4, 8]) },
      ], random);
  }
}

/** A file with a part of it replaced. */
export function splice(
  file: Bytes,
  start: number,
  end: number,
  part: Uint8Array = new Uint8Array(0),
): Bytes {
  const tail = file.subarray(Math.min(end, file.length));
  const result = new Uint8Array(start + part.length + tail.length);
  result.set(file.subarray(0, start));
  result.set(part, start);
  result.set(tail, start + part.length);
  return result;
}

function noise(length: number, random: Random): Bytes {
  const fill = random.pick([0, 0xff, 0x20, -1]);
  return new Uint8Array(length).map(() => fill < 0 ? random.below(256) : fill);
}
