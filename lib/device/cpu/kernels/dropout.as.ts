// The dropout hash of lib/ops/dropout.ts, four elements at once.

import { GOLDEN, MIX_1, MIX_2, PLACES } from "./constants.as";

export function mix(word: i32): i32 {
  let x = (word ^ <i32> (<u32> word >> 16)) * <i32> 0x85ebca6b;
  x = (x ^ <i32> (<u32> x >> 13)) * <i32> 0xc2b2ae35;
  return x ^ <i32> (<u32> x >> 16);
}

export function rowKey(key: i32, example: i32, row: i32): i32 {
  return mix(mix(key ^ example) ^ row);
}

// scale where elements index .. index + 3 of a row are kept, 0 elsewhere.

export function keepScale4(
  row: i32,
  index: i32,
  threshold: u32,
  scale: f32,
): v128 {
  const counter = i32x4.mul(
    i32x4.add(i32x4.splat(index), PLACES),
    GOLDEN,
  );
  let x = v128.xor(i32x4.splat(row), counter);
  x = i32x4.mul(
    v128.xor(x, i32x4.shr_u(x, 16)),
    MIX_1,
  );
  x = i32x4.mul(
    v128.xor(x, i32x4.shr_u(x, 13)),
    MIX_2,
  );
  x = v128.xor(x, i32x4.shr_u(x, 16));
  return v128.and(
    i32x4.ge_u(x, i32x4.splat(<i32> threshold)),
    f32x4.splat(scale),
  );
}

// The same for a single element.

export function keepScale(
  row: i32,
  index: i32,
  threshold: u32,
  scale: f32,
): f32 {
  return <u32> mix(row ^ ((index + 1) * <i32> 0x9e3779b9)) >= threshold ? scale : 0;
}
