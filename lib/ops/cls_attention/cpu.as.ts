// Attention of the <cls> rows to all rows of their examples, all heads of an
// example at once. An example has L tokens.
import { rowKey } from "../../device/cpu/kernels/dropout.as";
import { madd, sum4 } from "../../device/cpu/kernels/simd.as";
import { products, weightedRows } from "../attention/cpu/products.as";
import {
  dropScores,
  pack,
  softmaxRows,
  softmaxSlopes,
  unpack,
  up4,
} from "../attention/cpu/rows.as";

// Words of both kernels: 0 x [T, H], 1 u [B, heads H], 2 probabilities, then
// those that ../attention/cpu.ts says, 15 bias of the values [H].
// Forward: 16 z [B, heads H], 17 sum(p) times the bias [B, H].
// Backward: 16 dz [B, heads H], 17 dy [B, H], 18 du [B, heads H], 19 dx
// [T, H], 20 sum(p) times dy [B, H].
// A thread's workspace holds 2 heads Lp + 3 heads Hp + 2 Lp Hp floats, L and H
// rounded up to 4.

// to = from with dropout: the scores of one example, a row a head.
function dropExample(
  args: usize,
  from: usize,
  to: usize,
  L: i32,
  example: i32,
): void {
  const bytes = up4(L) << 2;
  const heads = load<i32>(args, 28);
  const key = load<i32>(args, 40);
  const threshold = load<u32>(args, 44);
  const scale = load<f32>(args, 48);
  const inBatch = load<i32>(args, 56) + example;
  for (let h = 0; h < heads; h++) {
    const row = rowKey(key, inBatch, h << 16);
    const at = <usize> h * bytes;
    dropScores(from + at, to + at, bytes, row, threshold, scale);
  }
}

// The sum of a row of scores, whose columns past L hold 0.
function rowSum(row: usize, bytes: i32): f32 {
  let total = f32x4.splat(0);
  for (let j = 0; j < bytes; j += 16) {
    total = f32x4.add(total, v128.load(row + j));
  }
  return sum4(total);
}

// to = factor x, and the sum of x y; `count` floats.
function scaleAndDot(
  x: usize,
  y: usize,
  to: usize,
  count: i32,
  factor: f32,
): f32 {
  const factor4 = f32x4.splat(factor);
  const whole = (count & ~3) << 2;
  let total = f32x4.splat(0);
  for (let i = 0; i < whole; i += 16) {
    const v = v128.load(x + i);
    total = madd(v, v128.load(y + i), total);
    v128.store(to + i, f32x4.mul(factor4, v));
  }
  let sum = sum4(total);
  for (let i = whole; i < count << 2; i += 4) {
    const v = load<f32>(x + i);
    sum += v * load<f32>(y + i);
    store<f32>(to + i, factor * v);
  }
  return sum;
}

export function clsAttentionForward(
  args: usize,
  slice: i32,
  slices: i32,
  thread: i32,
): void {
  const B = load<i32>(args, 20);
  const last = B * (slice + 1) / slices;
  const space = load<usize>(args, 32) + <usize> thread * load<usize>(args, 36);
  for (let b = B * slice / slices; b < last; b++) forwardExample(args, b, space);
}

function forwardExample(args: usize, b: i32, space: usize): void {
  const offsets = load<usize>(args, 16) + (<usize> b << 2);
  const start = load<i32>(offsets);
  const L = load<i32>(offsets, 4) - start;
  const width = load<i32>(args, 24);
  const heads = load<i32>(args, 28);
  const depth = width / heads;
  const stride = width << 2;
  const row = up4(L) << 2;
  const full = up4(width) << 2;
  const own = <usize> b * heads * stride;
  let x = load<usize>(args) + <usize> start * stride;
  let u = load<usize>(args, 4) + own;
  const p = load<usize>(args, 8) +
    (<usize> load<i32>(load<usize>(args, 12) + (<usize> b << 2)) << 2);
  const z = load<usize>(args, 64) + own;
  const dropped = space;
  let result = z;
  if (full != stride) {
    const rows = space + <usize> (2 * heads * row);
    const xs = rows + <usize> (3 * heads * full);
    pack(u, stride, rows, heads, width);
    pack(x, stride, xs, L, width);
    u = rows;
    x = xs;
    result = rows + <usize> (heads * full);
  }
  products(u, full, x, full, p, row, heads, L, full, load<f32>(args, 52));
  softmaxRows(p, heads, L);
  let weights = p;
  if (load<u32>(args, 44) != 0) {
    dropExample(args, p, dropped, L, b);
    weights = dropped;
  }
  weightedRows(weights, row, 4, x, full, result, full, heads, L, full);
  if (full != stride) unpack(result, z, stride, heads, width);
  for (let h = 0; h < heads; h++) {
    const column = <usize> (h * depth) << 2;
    const bias = load<usize>(args, 60) + column;
    const y = load<usize>(args, 68) + <usize> b * stride + column;
    scaleAndDot(bias, bias, y, depth, rowSum(weights + <usize> h * row, row));
  }
}

export function clsAttentionBackward(
  args: usize,
  slice: i32,
  slices: i32,
  thread: i32,
): void {
  const B = load<i32>(args, 20);
  const last = B * (slice + 1) / slices;
  const space = load<usize>(args, 32) + <usize> thread * load<usize>(args, 36);
  for (let b = B * slice / slices; b < last; b++) backwardExample(args, b, space);
}

function backwardExample(args: usize, b: i32, space: usize): void {
  const offsets = load<usize>(args, 16) + (<usize> b << 2);
  const start = load<i32>(offsets);
  const L = load<i32>(offsets, 4) - start;
  const width = load<i32>(args, 24);
  const heads = load<i32>(args, 28);
  const depth = width / heads;
  const stride = width << 2;
  const row = up4(L) << 2;
  const full = up4(width) << 2;
  const own = <usize> b * heads * stride;
  const dx = load<usize>(args, 76) + <usize> start * stride;
  const du = load<usize>(args, 72) + own;
  const p = load<usize>(args, 8) +
    (<usize> load<i32>(load<usize>(args, 12) + (<usize> b << 2)) << 2);
  // ds over the dropped p, and dz under u: so one product makes dx of both.
  const ds = space;
  const dropped = ds + <usize> (heads * row);
  const u = dropped + <usize> (heads * row);
  const dz = u + <usize> (heads * full);
  let x = load<usize>(args) + <usize> start * stride;
  let toX = dx;
  let toU = du;
  pack(load<usize>(args, 4) + own, stride, u, heads, width);
  pack(load<usize>(args, 64) + own, stride, dz, heads, width);
  if (full != stride) {
    toU = dz + <usize> (heads * full);
    const xs = toU + <usize> (heads * full);
    pack(x, stride, xs, L, width);
    x = xs;
    toX = xs + <usize> up4(L) * full;
  }
  if (load<u32>(args, 44) != 0) dropExample(args, p, dropped, L, b);
  else memory.copy(dropped, p, heads * row);
  products(dz, full, x, full, ds, row, heads, L, full, 1);
  for (let h = 0; h < heads; h++) {
    const column = <usize> (h * depth) << 2;
    const at = <usize> b * stride + column;
    const weights = dropped + <usize> h * row;
    const dSum = f32x4.splat(scaleAndDot(
      load<usize>(args, 68) + at,
      load<usize>(args, 60) + column,
      load<usize>(args, 80) + at,
      depth,
      rowSum(weights, row),
    ));
    const scores = ds + <usize> h * row;
    for (let j = 0; j < row; j += 16) {
      v128.store(scores + j, f32x4.add(v128.load(scores + j), dSum));
    }
  }
  softmaxSlopes(ds, p, dropped, heads, L, load<f32>(args, 52));
  weightedRows(ds, row, 4, x, full, toU, full, heads, L, full);
  weightedRows(ds, 4, row, u, full, toX, full, L, 2 * heads, full);
  if (full != stride) {
    unpack(toU, du, stride, heads, width);
    unpack(toX, dx, stride, L, width);
  }
}
