// Gradient descent in place, on a whole parameter or on rows of a table. Both
// compute each element by the same vector instructions, so both come to the
// same bits.
import { madd, storeUpTo } from "../../device/cpu/kernels/simd.as";

function nextMomentum(
  b: v128,
  p: v128,
  d: v128,
  momentum: v128,
  decay: v128,
): v128 {
  return madd(momentum, b, madd(decay, p, d));
}

function step(p: v128, b: v128, rate: v128): v128 {
  return f32x4.sub(p, f32x4.mul(rate, b));
}

// Words: 0 p, 1 b, 2 g, 3 scale [1], 4 elements, then as f32: 5 rate,
// 6 momentum, 7 decay.
export function sgdUpdate(args: usize, slice: i32, slices: i32): void {
  const p = load<usize>(args);
  const b = load<usize>(args, 4);
  const g = load<usize>(args, 8);
  const scale = v128.load32_splat(load<usize>(args, 12));
  const count = <i64> load<i32>(args, 16);
  const rate = v128.load32_splat(args, 20);
  const momentum = v128.load32_splat(args, 24);
  const decay = v128.load32_splat(args, 28);
  const end = slice + 1 == slices
    ? <usize> count << 2
    : <usize> (count * (slice + 1) / slices & ~3) << 2;
  let at = <usize> (count * slice / slices & ~3) << 2;
  for (; at < end; at += 16) {
    const x = v128.load(p + at);
    const d = f32x4.mul(v128.load(g + at), scale);
    const bb = nextMomentum(v128.load(b + at), x, d, momentum, decay);
    storeUpTo(p + at, step(x, bb, rate), end - at);
    storeUpTo(b + at, bb, end - at);
  }
}

// Words: 0 p, 1 b [V, H], 2 rows [U], 3 since [U], 4 factors [S, 3],
// 5 g [U, H] of the last step or 0, 6 scale [1] or 0, 7 U, 8 S, 9 H. Each slice
// has columns of its own.
export function sgdRows(args: usize, slice: i32, slices: i32): void {
  const p = load<usize>(args);
  const b = load<usize>(args, 4);
  const rows = load<usize>(args, 8);
  const since = load<usize>(args, 12);
  const factors = load<usize>(args, 16);
  const g = load<usize>(args, 20);
  const scale = g ? v128.load32_splat(load<usize>(args, 24)) : f32x4.splat(0);
  const count = load<i32>(args, 28);
  const end = factors + <usize> load<i32>(args, 32) * 12;
  const width = load<i32>(args, 36);
  const bytes = <usize> width << 2;
  const first = <usize> ((width * slice / slices) & ~3) << 2;
  const last = slice + 1 == slices
    ? bytes
    : <usize> ((width * (slice + 1) / slices) & ~3) << 2;
  for (let i = 0; i < count; i++) {
    const row = <usize> load<i32>(rows + (<usize> i << 2)) * bytes;
    const from = factors + <usize> load<i32>(since + (<usize> i << 2)) * 12;
    for (let column = first; column < last; column += 16) {
      const at = row + column;
      let x = v128.load(p + at);
      let bb = v128.load(b + at);
      for (let f = from; f < end; f += 12) {
        // Only the last step has a gradient.
        const d = g && f + 12 == end
          ? f32x4.mul(v128.load(g + <usize> i * bytes + column), scale)
          : f32x4.splat(0);
        bb = nextMomentum(
          bb,
          x,
          d,
          v128.load32_splat(f, 4),
          v128.load32_splat(f, 8),
        );
        x = step(x, bb, v128.load32_splat(f));
      }
      storeUpTo(p + at, x, last - column);
      storeUpTo(b + at, bb, last - column);
    }
  }
}
