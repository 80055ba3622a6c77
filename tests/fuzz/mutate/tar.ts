import type { Random } from "../../support/random.ts";
import { lay } from "../../support/weights/little_endian.ts";
import { type Bytes, mutateBytes, splice } from "./bytes.ts";

const BLOCK = 512;

/** The fields of a header: offset and length (POSIX.1-1988, ustar). */
const FIELDS = [
  ...[[0, 100], [100, 8], [108, 8], [116, 8], [124, 12], [136, 12], [156, 1]],
  ...[[157, 100], [257, 6], [263, 2], [265, 32], [329, 8], [345, 155]],
];

const CONTENTS = [
  ...["0", "1", "2", "3", "5", "7", "g", "x", "L", "K", "S", "V", "\0", " "],
  ...["../x", "/etc/x", "a/../../x", "C:x", "a//b", "./a", "a\\b", "\xff\xfe"],
  ...["77777777777", "-1", "00000000000", "\x80\0\0\0\0\0\0\0\0\0\x01\0", "x"],
  ...["\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "9", "ustar "],
].map((text) => Uint8Array.from(text, (char) => char.charCodeAt(0)));

const PAX = [
  "30 path=../../../escaped.txt\n",
  "20 linkpath=/etc/x\n",
  "18 size=999999999\n",
  "12 size=-1\n",
  "99999 path=x\n",
  "0 \n",
  "24 GNU.sparse.major=1.0\n",
];

/** Changes headers of a tar archive, whose sums are made right again. */
export function mutateTar(file: Bytes, random: Random): Bytes {
  if (random.once(4)) return mutateBytes(file, random);
  const at = BLOCK * random.below(Math.max(1, Math.floor(file.length / BLOCK)));
  const block = file.slice(at, at + BLOCK);
  if (block.length < BLOCK) return mutateBytes(file, random);
  switch (random.below(8)) {
    case 0:
      return splice(file, at, at + BLOCK);
    case 1:
      return splice(file, at, at, block);
    case 2: {
      const content = lay(random.pick(PAX));
      const header = block.slice();
      header.set(lay(content.length.toString(8).padStart(11, "0")), 124);
      header[156] = 0x78; // a pax header, for the next entry
      const body = new Uint8Array(BLOCK);
      body.set(content);
      return splice(file, at, at, lay(signed(header), body));
    }
    default: {
      const [start, length] = random.pick(FIELDS);
      if (random.once(3)) block.fill(0, start, start + length);
      const content = random.pick(CONTENTS).subarray(0, length);
      const shift = random.below(length - content.length + 1);
      block.set(content, start + (random.once(2) ? shift : 0));
      return splice(file, at, at + BLOCK, signed(block));
    }
  }
}

/** A header with the sum of its bytes, counted with blanks for the sum. */
function signed(header: Bytes): Bytes {
  header.fill(0x20, 148, 156);
  const sum = header.reduce((sum, byte) => sum + byte, 0);
  header.set(lay(sum.toString(8).padStart(6, "0") + "\0 "), 148);
  return header;
}
