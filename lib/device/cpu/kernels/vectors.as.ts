// Element by element, on whole tensors.
import { storeUpTo } from "./simd.as";

function sliceStart(count: i32, slice: i32, slices: i32): usize {
  return slice == slices
    ? <usize> count << 2
    : <usize> (<i64> count * slice / slices & ~3) << 2;
}

// z = x + y. Words: 0 x, 1 y, 2 z, 3 elements.
export function addVectors(args: usize, slice: i32, slices: i32): void {
  const x = load<usize>(args);
  const y = load<usize>(args, 4);
  const z = load<usize>(args, 8);
  const count = load<i32>(args, 12);
  const end = sliceStart(count, slice + 1, slices);
  let at = sliceStart(count, slice, slices);
  for (; at + 16 <= end; at += 16) {
    v128.store(z + at, f32x4.add(v128.load(x + at), v128.load(y + at)));
  }
  for (; at < end; at += 4) {
    store<f32>(z + at, load<f32>(x + at) + load<f32>(y + at));
  }
}

// The sums of the columns of a few rows, in order, by one thread. Words: 0 x
// [M, N], 1 sum [N], 2 M, 3 N.
export function sumRows(args: usize, slice: i32, slices: i32): void {
  const x = load<usize>(args);
  const sum = load<usize>(args, 4);
  const bytes = <usize> load<i32>(args, 12) << 2;
  const end = x + <usize> load<i32>(args, 8) * bytes;
  for (let at: usize = 0; at < bytes; at += 16) {
    let total = v128.load(x + at);
    for (let from = x + at + bytes; from < end; from += bytes) {
      total = f32x4.add(total, v128.load(from));
    }
    storeUpTo(sum + at, total, bytes - at);
  }
}

// A fixed number of sums of squares, so that their order never changes.
export const SQUARE_BLOCKS: i32 = 64;

// Words: 0 x, 1 sums [SQUARE_BLOCKS], float64, 2 elements.
export function sumSquares(args: usize, slice: i32, slices: i32): void {
  const x = load<usize>(args);
  const sums = load<usize>(args, 4);
  const count = load<i32>(args, 8);
  const last = SQUARE_BLOCKS * (slice + 1) / slices;
  for (let block = SQUARE_BLOCKS * slice / slices; block < last; block++) {
    const first = x + sliceStart(count, block, SQUARE_BLOCKS);
    const end = x + sliceStart(count, block + 1, SQUARE_BLOCKS);
    store<f64>(sums + (<usize> block << 3), squares(first, end));
  }
}

// Eight sums side by side: an addition takes several cycles.
function squares(first: usize, end: usize): f64 {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let at = first;
  for (; at + 32 <= end; at += 32) {
    const v = v128.load(at);
    const w = v128.load(at, 16);
    a = addSquares(v, a);
    b = addSquares(v128.shuffle<f32>(v, v, 2, 3, 0, 1), b);
    c = addSquares(w, c);
    d = addSquares(v128.shuffle<f32>(w, w, 2, 3, 0, 1), d);
  }
  const sums = f64x2.add(f64x2.add(a, c), f64x2.add(b, d));
  let total = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; at < end; at += 4) {
    const v = <f64> load<f32>(at);
    total += v * v;
  }
  return total;
}

// sum + v v of the first two lanes.
// @ts-ignore: decorator
@inline
function addSquares(v: v128, sum: v128): v128 {
  const wide = f64x2.promote_low_f32x4(v);
  return f64x2.relaxed_madd(wide, wide, sum);
}
