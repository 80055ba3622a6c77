// Element by element, on whole tensors.
import { storeUpTo } from "./simd.as";

function share(count: i32, part: i32, parts: i32): usize {
  return part == parts
    ? <usize> count << 2
    : <usize> (<i64> count * part / parts & ~3) << 2;
}

// z = x + y. Words: 0 x, 1 y, 2 z, 3 elements.
export function addVectors(args: usize, part: i32, parts: i32): void {
  const x = load<usize>(args);
  const y = load<usize>(args, 4);
  const z = load<usize>(args, 8);
  const count = load<i32>(args, 12);
  const end = share(count, part + 1, parts);
  let at = share(count, part, parts);
  for (; at + 16 <= end; at += 16) {
    v128.store(z + at, f32x4.add(v128.load(x + at), v128.load(y + at)));
  }
  for (; at < end; at += 4) {
    store<f32>(z + at, load<f32>(x + at) + load<f32>(y + at));
  }
}

// The sums of the columns of a few rows, in order, by one thread. Words: 0 x
// [M, N], 1 sum [N], 2 M, 3 N.
export function sumRows(args: usize, part: i32, parts: i32): void {
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
export function sumSquares(args: usize, part: i32, parts: i32): void {
  const x = load<usize>(args);
  const sums = load<usize>(args, 4);
  const count = load<i32>(args, 8);
  const last = SQUARE_BLOCKS * (part + 1) / parts;
  for (let block = SQUARE_BLOCKS * part / parts; block < last; block++) {
    let total: f64 = 0;
    const end = share(count, block + 1, SQUARE_BLOCKS);
    for (let at = share(count, block, SQUARE_BLOCKS); at < end; at += 4) {
      const v = <f64> load<f32>(x + at);
      total += v * v;
    }
    store<f64>(sums + (<usize> block << 3), total);
  }
}
