/**
 * Which premises a split takes of a file that several splits share. It depends
 * on the premise alone, so that the splits stay when rows come, go or move,
 * and no premise is in two of them.
 *
 * @module
 */

/** A split's share of the premises: those that hash into `from` to `to`. */
export interface Share {
  /** Where it begins, in [0, 1). */
  readonly from: number;
  /** Where the next one begins, in (0, 1]. */
  readonly to: number;
}

/**
 * Whether a premise belongs to a share.
 *
 * The premise's UTF-16 units are hashed by FNV-1a, 32 bits wide, and the hash
 * is stirred once more, since FNV leaves similar texts with similar high bits.
 *
 * @param premise The first sentence.
 * @param share The split's share.
 *
 * @example
 * ```ts
 * import { inShare } from "./premise_share.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const premises = Array.from({ length: 1000 }, (_, i) => `Person ${i} .`);
 * const dev = premises.filter((text) => inShare(text, { from: 0, to: 0.1 }));
 * assertEquals(Math.round(dev.length / 10), 10);
 * ```
 */
export function inShare(premise: string, { from, to }: Share): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < premise.length; i++) {
    hash = Math.imul(hash ^ premise.charCodeAt(i), 0x01000193);
  }
  // This is MurmurHash3's finalizer.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  const fraction = (hash >>> 0) / 2 ** 32;
  return from <= fraction && fraction < to;
}
