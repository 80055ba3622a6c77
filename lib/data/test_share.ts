/**
 * Whether a premise belongs to the test split that is taken of a lone file.
 * This depends on the premise alone, so that the split stays when rows come,
 * go or move, and no premise is on both sides.
 *
 * The premise's UTF-16 units are hashed by FNV-1a, 32 bits wide, and the hash
 * is stirred once more, since FNV leaves similar texts with similar high bits.
 *
 * @param premise The first sentence.
 * @param fraction Share of premises to be in the test split, in (0, 1).
 *
 * @example
 * ```ts
 * import { inTestShare } from "./test_share.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const premises = Array.from({ length: 1000 }, (_, i) => `Person ${i} .`);
 * const test = premises.filter((premise) => inTestShare(premise, 0.1));
 * assertEquals(Math.round(test.length / 10), 10);
 * ```
 */
export function inTestShare(premise: string, fraction: number): boolean {
  let hash = 0x811c9dc5;
  for (let i = 0; i < premise.length; i++) {
    hash = Math.imul(hash ^ premise.charCodeAt(i), 0x01000193);
  }
  // MurmurHash3's finalizer.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 2 ** 32 < fraction;
}
