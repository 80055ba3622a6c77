// Adam in place, on a whole parameter or on rows of a table. Both compute each
// element by the same vector instructions, so both come to the same bits.
import { madd, storeUpTo } from "../../device/cpu/kernels/simd.as";

const B1: f32 = 0.9;
const B2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

function firstMoment(m: v128, d: v128): v128 {
  return madd(f32x4.splat(B1), m, f32x4.mul(f32x4.splat(0.1), d));
}

function secondMoment(v: v128, d: v128): v128 {
  const square = f32x4.mul(d, d);
  return madd(f32x4.splat(B2), v, f32x4.mul(f32x4.splat(0.001), square));
}

function step(
  p: v128,
  m: v128,
  v: v128,
  rate: v128,
  rootScale: v128,
  kept: v128,
): v128 {
  const root = madd(f32x4.sqrt(v), rootScale, f32x4.splat(EPSILON));
  return f32x4.sub(f32x4.mul(p, kept), f32x4.div(f32x4.mul(rate, m), root));
}

// Words: 0 p, 1 m, 2 v, 3 g, 4 scale [1], 5 elements, then as f32: 6 rate,
// 7 root scale, 8 share of p that is kept.
export function adamUpdate(args: usize, slice: i32, slices: i32): void {
  const p = load<usize>(args);
  const m = load<usize>(args, 4);
  const v = load<usize>(args, 8);
  const g = load<usize>(args, 12);
  const scale = v128.load32_splat(load<usize>(args, 16));
  const count = <i64> load<i32>(args, 20);
  const rate = v128.load32_splat(args, 24);
  const rootScale = v128.load32_splat(args, 28);
  const kept = v128.load32_splat(args, 32);
  const end = slice + 1 == slices
    ? <usize> count << 2
    : <usize> (count * (slice + 1) / slices & ~3) << 2;
  let at = <usize> (count * slice / slices & ~3) << 2;
  for (; at < end; at += 16) {
    const d = f32x4.mul(v128.load(g + at), scale);
    const mm = firstMoment(v128.load(m + at), d);
    const vv = secondMoment(v128.load(v + at), d);
    const x = step(v128.load(p + at), mm, vv, rate, rootScale, kept);
    storeUpTo(p + at, x, end - at);
    storeUpTo(m + at, mm, end - at);
    storeUpTo(v + at, vv, end - at);
  }
}

// Words: 0 p, 1 m, 2 v [V, H], 3 rows [U], 4 since [U], 5 factors [S, 3],
// 6 g [U, H] of the last step or 0, 7 scale [1] or 0, 8 U, 9 S, 10 H. Each
// slice has columns of its own.
export function adamRows(args: usize, slice: i32, slices: i32): void {
  const p = load<usize>(args);
  const m = load<usize>(args, 4);
  const v = load<usize>(args, 8);
  const rows = load<usize>(args, 12);
  const since = load<usize>(args, 16);
  const factors = load<usize>(args, 20);
  const g = load<usize>(args, 24);
  const scale = g ? v128.load32_splat(load<usize>(args, 28)) : f32x4.splat(0);
  const count = load<i32>(args, 32);
  const all = factors + <usize> load<i32>(args, 36) * 12;
  const width = load<i32>(args, 40);
  const bytes = <usize> width << 2;
  const first = <usize> ((width * slice / slices) & ~3) << 2;
  const end = slice + 1 == slices
    ? bytes
    : <usize> ((width * (slice + 1) / slices) & ~3) << 2;
  const zero = f32x4.splat(0);
  // Steps without a gradient end here.
  const until = g ? all - 12 : all;
  for (let i = 0; i < count; i++) {
    const row = <usize> load<i32>(rows + (<usize> i << 2)) * bytes;
    const from = factors + <usize> load<i32>(since + (<usize> i << 2)) * 12;
    for (let column = first; column < end; column += 16) {
      const at = row + column;
      let x = v128.load(p + at);
      let mm = v128.load(m + at);
      let vv = v128.load(v + at);
      let f = from;
      if (v128.any_true(v128.or(mm, vv))) {
        for (; f < until; f += 12) {
          mm = firstMoment(mm, zero);
          vv = secondMoment(vv, zero);
          x = step(
            x,
            mm,
            vv,
            v128.load32_splat(f),
            v128.load32_splat(f, 4),
            v128.load32_splat(f, 8),
          );
        }
      } else {
        // A row that never occurred only decays.
        for (; f < until; f += 12) {
          x = f32x4.mul(x, v128.load32_splat(f, 8));
        }
      }
      if (g) {
        const d = f32x4.mul(
          v128.load(g + <usize> i * bytes + column),
          scale,
        );
        mm = firstMoment(mm, d);
        vv = secondMoment(vv, d);
        x = step(
          x,
          mm,
          vv,
          v128.load32_splat(f),
          v128.load32_splat(f, 4),
          v128.load32_splat(f, 8),
        );
      }
      storeUpTo(p + at, x, end - column);
      storeUpTo(m + at, mm, end - column);
      storeUpTo(v + at, vv, end - column);
    }
  }
}
