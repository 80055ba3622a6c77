import type { Random } from "../../support/random.ts";
import { type Bytes, mutateBytes, splice } from "./bytes.ts";

const encoder = new TextEncoder();

/** What readers of text stumble at. */
const FRAGMENTS = [
  ...["\n", "\r", "\r\n", "\t", ",", '"', '""', "\\", "\0", " ", "\u00a0"],
  ...["\ufeff", "\u2028", "\u0085", "e\u0301", "\u{1f600}", "(", ")", "-", "{"],
  ...["NaN", "-1", "99999999999999999999", "__proto__", "[UNK]", "##", "<sep>"],
  '"'.repeat(999),
  "\t".repeat(999),
  "(".repeat(9999),
  "x".repeat(50_000),
].map((text) => encoder.encode(text)).concat(
  // No UTF-8: a lone continuation, an overlong slash, a surrogate, a cut one.
  [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0xff]]
    .map((bytes) => Uint8Array.from(bytes)),
);

/** Inserts an odd piece of text, or copies, moves and drops lines. */
export function mutateText(file: Bytes, random: Random): Bytes {
  const breaks = lineStarts(file);
  const line = () => {
    const at = random.below(breaks.length);
    return [breaks[at], breaks[at + 1] ?? file.length] as const;
  };
  const [start, end] = line();
  switch (random.below(6)) {
    case 0:
      return splice(file, start, end);
    case 1: {
      const [to] = line();
      return splice(file, to, to, file.slice(start, end));
    }
    case 2:
      return mutateBytes(file, random);
    default: {
      const at = start + random.below(end - start + 1);
      const length = random.pick([0, 0, 1, 5]);
      return splice(file, at, at + length, random.pick(FRAGMENTS));
    }
  }
}

/** Applies a change to one line of a file. */
export function mutateLine(
  file: Bytes,
  random: Random,
  mutate: (line: Bytes, random: Random) => Bytes,
): Bytes {
  const breaks = lineStarts(file);
  const at = random.below(breaks.length);
  const end = (breaks[at + 1] ?? file.length + 1) - 1;
  const line = file.slice(breaks[at], end);
  return splice(file, breaks[at], end, mutate(line, random));
}

function lineStarts(file: Bytes): number[] {
  const starts = [0];
  for (let at = 0; (at = file.indexOf(0x0a, at) + 1) > 0;) starts.push(at);
  return starts;
}
