/**
 * Words of many texts as the reference has them: their digests, block by block,
 * and the texts that its scripts made.
 *
 * @module
 */
import { sha256 } from "../../lib/base/files/summed_files.ts";

/** Code points that text in UTF-8 may have. */
export const CHARACTERS: readonly string[] = Array.from(
  { length: 0x110000 },
  (_, code) => code,
)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));

/** The scripts' random numbers: whole ones below `n`. */
export function scriptsRandom(): (n: number) => number {
  let state = 1;
  return (n) => {
    const product = BigInt(state) * 1103515245n + 12345n;
    state = Number(product % (1n << 31n));
    return (state >> 8) % n;
  };
}

/** Digests of the words of some texts, one for each block of them. */
export function digestsOf(
  texts: readonly string[],
  wordsOf: (text: string) => string[],
  block: number,
): string[] {
  const digests: string[] = [];
  for (let i = 0; i < texts.length; i += block) {
    const lines = texts.slice(i, i + block)
      .map((text) => JSON.stringify(wordsOf(text)) + "\n");
    const bytes = new TextEncoder().encode(lines.join(""));
    digests.push(sha256([bytes]).slice(0, 16));
  }
  return digests;
}

/** The blocks in which some texts have other words than the reference's. */
export function differingBlocks(
  found: readonly string[],
  expected: readonly string[],
): number[] {
  if (found.length !== expected.length) throw new Error("other texts");
  return expected.flatMap((digest, i) => digest === found[i] ? [] : [i]);
}
