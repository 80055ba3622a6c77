/**
 * The order of the examples in an epoch: a function of the seed and the epoch
 * alone, so that a resumed run goes on where it was.
 *
 * @module
 */

/**
 * A permutation of `0 .. rows - 1`.
 *
 * Fisher and Yates' shuffle, from the end, on the stream of xoshiro128**
 * (Blackman and Vigna, 2018), whose four words of state are hashes of seed and
 * epoch. A word that would favour some places is thrown away and drawn again.
 *
 * @param rows How many, 0 or more.
 * @param seed Of the run, an integer in `0 .. 2^32 - 1`.
 * @param epoch Of the run, an integer from 0.
 *
 * @example
 * ```ts
 * import { epochOrder } from "./order.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(epochOrder(5, 0, 1), epochOrder(5, 0, 1));
 * assertEquals(epochOrder(5, 0, 1).toSorted(), Uint32Array.of(0, 1, 2, 3, 4));
 * ```
 */
export function epochOrder(
  rows: number,
  seed: number,
  epoch: number,
): Uint32Array<ArrayBuffer> {
  const next = xoshiro128(seed, epoch);
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  for (let i = rows - 1; i > 0; i--) {
    const j = below(i + 1, next);
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return order;
}

/** A word in `0 .. bound - 1` without bias. */
function below(bound: number, next: () => number): number {
  const fair = 2 ** 32 - 2 ** 32 % bound;
  let word = next();
  while (word >= fair) word = next();
  return word % bound;
}

/** A hash of 32 bits that maps no two words to one: splitmix32's finalizer. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

/** A stream of 32-bit words, each in `0 .. 2^32 - 1`. */
function xoshiro128(seed: number, epoch: number): () => number {
  const GOLDEN = 0x9e3779b9;
  // The words differ, so they are never all zero, where the stream would stop.
  let [a, b, c, d] = [1, 2, 3, 4].map((i) =>
    mix(mix(seed + i * GOLDEN) + epoch)
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

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
