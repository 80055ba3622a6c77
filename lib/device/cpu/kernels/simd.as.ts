/**
 * Short vector forms that several kernels share.
 *
 * @module
 */

/**
 * a b + c in each lane. It rounds once on hardware with a fused multiply-add
 * and twice elsewhere: the same bits on one machine, perhaps not on two.
 */

export function madd(a: v128, b: v128, c: v128): v128 {
  return f32x4.relaxed_madd(a, b, c);
}

/** The sum of the four lanes, as (0 + 2) + (1 + 3). */

export function sum4(v: v128): f32 {
  const pairs = f32x4.add(v, v128.shuffle<f32>(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Stores the first lanes of a vector: those of `bytes` bytes, at most all. */
export function storeUpTo(at: usize, v: v128, bytes: usize): void {
  if (bytes >= 16) {
    v128.store(at, v);
    return;
  }
  v128.store32_lane(at, v, 0);
  if (bytes > 4) v128.store32_lane(at, v, 1, 4);
  if (bytes > 8) v128.store32_lane(at, v, 2, 8);
}
