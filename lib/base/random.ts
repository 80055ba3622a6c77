/**
 * Seeded random numbers, the same on every machine.
 *
 * @module
 */

/**
 * A stream of 32-bit words, each in `0 .. 2^32 - 1`: xoshiro128** (Blackman
 * and Vigna, 2018), whose four words of state are hashes of seed and stream.
 *
 * @param seed An integer in `0 .. 2^32 - 1`.
 * @param stream Which of the seed's streams, an integer from 0.
 * @return Gives the next word.
 */
export function randomWords(seed: number, stream: number): () => number {
  const GOLDEN = 0x9e3779b9;
  // The words differ, so they are never all zero, where the stream would stop.
  let [a, b, c, d] = [1, 2, 3, 4].map((i) =>
    mix(mix(seed + i * GOLDEN) + stream)
  );
  return () => {
    const word = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return word;
  };
}

/**
 * An integer in `0 .. bound - 1` without bias: a word that would favour some
 * is thrown away, and another drawn.
 *
 * @param bound At least 1, at most 2^32.
 * @param next A stream of {@link randomWords}.
 *
 * @example
 * ```ts
 * import { below, randomWords } from "./random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const words = randomWords(0, 0);
 * const rolls = [1, 2, 3].map(() => 1 + below(6, words));
 * assertEquals(rolls.every((side) => side <= 6), true);
 * ```
 */
export function below(bound: number, next: () => number): number {
  const rounds = 2 ** 32 / bound;
  for (;;) {
    const word = next();
    const round = Math.floor(word / bound);
    // The last round of words, unless it is whole, has none for some.
    if (round + 1 <= rounds) return word - round * bound;
  }
}

/** A hash of 32 bits that maps no two words to one: splitmix32's finalizer. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
