// Rows of scores, filled up to a multiple of four floats, and rows of other
// widths brought into that form.
import { keepScale4 } from "../../../device/cpu/kernels/dropout.as";
import { exp4 } from "../../../device/cpu/kernels/math.as";
import { madd, sum4 } from "../../../device/cpu/kernels/simd.as";

export function up4(n: i32): i32 {
  return (n + 3) & ~3;
}

// Softmax of M rows of L scores in place; 0 in the columns up to up4(L).
export function softmaxRows(p: usize, M: i32, L: i32): void {
  const bytes = up4(L) << 2;
  for (let i = 0; i < M; i++) {
    const row = p + <usize> i * bytes;
    for (let j = L << 2; j < bytes; j += 4) store<f32>(row + j, -1e30);
    let top = v128.load(row);
    for (let j = 16; j < bytes; j += 16) {
      top = f32x4.pmax(top, v128.load(row + j));
    }
    top = f32x4.pmax(top, v128.shuffle<f32>(top, top, 2, 3, 0, 1));
    top = f32x4.pmax(top, v128.shuffle<f32>(top, top, 1, 0, 3, 2));
    let total = f32x4.splat(0);
    for (let j = 0; j < bytes; j += 16) {
      const e = exp4(f32x4.sub(v128.load(row + j), top));
      v128.store(row + j, e);
      total = f32x4.add(total, e);
    }
    // The columns past L hold e^-87 at most: they don't show in the sum.
    const inverse = f32x4.splat(<f32> 1 / sum4(total));
    for (let j = 0; j < bytes; j += 16) {
      v128.store(row + j, f32x4.mul(inverse, v128.load(row + j)));
    }
    for (let j = L << 2; j < bytes; j += 4) store<f32>(row + j, 0);
  }
}

// to = from with dropout: one row of `bytes`, whose key `row` is.
export function dropScores(
  from: usize,
  to: usize,
  bytes: i32,
  row: i32,
  threshold: u32,
  scale: f32,
): void {
  for (let j = 0; j < bytes; j += 16) {
    v128.store(
      to + j,
      f32x4.mul(
        v128.load(from + j),
        keepScale4(row, j >> 2, threshold, scale),
      ),
    );
  }
}

// ds = alpha (w dp - p sum of w dp), in the place of dp: the gradient through
// dropout, which made the weights w of p, and the softmax of M rows of L scores;
// 0 in the columns up to up4(L).
export function softmaxSlopes(
  dp: usize,
  p: usize,
  weights: usize,
  M: i32,
  L: i32,
  alpha: f32,
): void {
  const bytes = up4(L) << 2;
  const alpha4 = f32x4.splat(alpha);
  for (let i = 0; i < M; i++) {
    const pi = p + <usize> i * bytes;
    const wi = weights + <usize> i * bytes;
    const di = dp + <usize> i * bytes;
    for (let j = L << 2; j < bytes; j += 4) store<f32>(di + j, 0);
    let total = f32x4.splat(0);
    for (let j = 0; j < bytes; j += 16) {
      const d = f32x4.mul(v128.load(di + j), v128.load(wi + j));
      v128.store(di + j, d);
      total = f32x4.add(total, d);
    }
    const sum = f32x4.splat(-sum4(total));
    for (let j = 0; j < bytes; j += 16) {
      const slope = madd(v128.load(pi + j), sum, v128.load(di + j));
      v128.store(di + j, f32x4.mul(alpha4, slope));
    }
  }
}

// Rows of d floats to rows of up4(d) filled up with 0.
export function pack(from: usize, stride: i32, to: usize, rows: i32, d: i32): void {
  const bytes = up4(d) << 2;
  for (let i = 0; i < rows; i++) {
    const row = to + <usize> i * bytes;
    memory.copy(row, from + <usize> i * stride, d << 2);
    memory.fill(row + (d << 2), 0, bytes - (d << 2));
  }
}

export function unpack(from: usize, to: usize, stride: i32, rows: i32, d: i32): void {
  const bytes = up4(d) << 2;
  for (let i = 0; i < rows; i++) {
    memory.copy(to + <usize> i * stride, from + <usize> i * bytes, d << 2);
  }
}

// Brings memory into the cache, in the order that it is fetched ahead in: heads
// read a few lines of each row. A word of `space` keeps the loads from being
// left out.
export function fetch(first: usize, end: usize, space: usize): void {
  let seen: i32 = 0;
  for (let at = first; at < end; at += 64) seen |= load<i32>(at);
  store<i32>(space, seen);
}
