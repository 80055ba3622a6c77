// Attention of packed examples, one (example, head) at a time, so that scores
// stay in the cache. L tokens; M queries: L of them, or the one of <cls>.
import { keepScale4, rowKey } from "../../device/native/dropout.as";
import { exp4 } from "../../device/native/math.as";
import { madd, sum4 } from "../../device/native/simd.as";
import { products, weightedRows } from "./products.as";

// Words of both kernels: 0 q, 1 k, 2 v, 3 context (forward) or its gradient,
// 4 probabilities, 5 where each example's begin [B], in floats, 6 offsets
// [B + 1], 7 B, 8 H, 9 heads, 10 whether only <cls> asks, 11 workspace, 12 its
// bytes a part, 13 key, 14 threshold (0: none drops), 15 scale (f32),
// 16 1/sqrt(d) (f32), 17 the first example's place in the whole batch, 18 and
// 19 floats from a row of q, and of k and v, to the next; backward: 20 dq,
// 21 dk, 22 dv, with rows as far apart as those of q, k and v.
// A part's workspace holds 2 M Lp + 8 Lp Dp floats, L and d rounded up to 4.

function up4(n: i32): i32 {
  return (n + 3) & ~3;
}

// Softmax of M rows of L scores in place; 0 in the columns up to up4(L).
function softmaxRows(p: usize, M: i32, L: i32): void {
  const bytes = up4(L) << 2;
  for (let i = 0; i < M; i++) {
    const row = p + <usize> i * bytes;
    for (let j = L << 2; j < bytes; j += 4) store<f32>(row + j, -1e30);
    let top = v128.load(row);
    for (let j = 16; j < bytes; j += 16) {
      top = f32x4.max(top, v128.load(row + j));
    }
    top = f32x4.max(top, v128.shuffle<f32>(top, top, 2, 3, 0, 1));
    top = f32x4.max(top, v128.shuffle<f32>(top, top, 1, 0, 3, 2));
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

// to = from with dropout: M rows of up4(L).
function dropScores(
  args: usize,
  from: usize,
  to: usize,
  M: i32,
  L: i32,
  example: i32,
  head: i32,
): void {
  const bytes = up4(L) << 2;
  const key = load<i32>(args, 52);
  const threshold = load<u32>(args, 56);
  const scale = load<f32>(args, 60);
  const place = load<i32>(args, 68) + example;
  for (let i = 0; i < M; i++) {
    const row = rowKey(key, place, (head << 16) | i);
    const at = <usize> i * bytes;
    for (let j = 0; j < bytes; j += 16) {
      v128.store(
        to + at + j,
        f32x4.mul(
          v128.load(from + at + j),
          keepScale4(row, j >> 2, threshold, scale),
        ),
      );
    }
  }
}

// Rows of d floats, d no multiple of 4, to rows of up4(d) filled up with 0.
function pack(from: usize, stride: i32, to: usize, rows: i32, d: i32): void {
  const bytes = up4(d) << 2;
  for (let i = 0; i < rows; i++) {
    const row = to + <usize> i * bytes;
    memory.copy(row, from + <usize> i * stride, d << 2);
    memory.fill(row + (d << 2), 0, bytes - (d << 2));
  }
}

function unpack(from: usize, to: usize, stride: i32, rows: i32, d: i32): void {
  const bytes = up4(d) << 2;
  for (let i = 0; i < rows; i++) {
    memory.copy(to + <usize> i * stride, from + <usize> i * bytes, d << 2);
  }
}

export function attentionForward(args: usize, part: i32, parts: i32): void {
  const B = load<i32>(args, 28);
  const last = B * (part + 1) / parts;
  const space = load<usize>(args, 44) + <usize> part * load<usize>(args, 48);
  for (let b = B * part / parts; b < last; b++) {
    for (let h = 0; h < load<i32>(args, 36); h++) {
      forwardHead(args, b, h, space);
    }
  }
}

function forwardHead(args: usize, b: i32, h: i32, space: usize): void {
  const offsets = load<usize>(args, 24) + (<usize> b << 2);
  const start = load<i32>(offsets);
  const L = load<i32>(offsets, 4) - start;
  const width = load<i32>(args, 32);
  const d = width / load<i32>(args, 36);
  const cls = load<i32>(args, 40) != 0;
  const M = cls ? 1 : L;
  const stride = width << 2;
  const strideQ = load<i32>(args, 72) << 2;
  const strideK = load<i32>(args, 76) << 2;
  const Lp = up4(L);
  const depth = up4(d) << 2;
  const column = <usize> (h * d) << 2;
  const own = <usize> (cls ? b : start);
  const asking = own * strideQ + column;
  const theirs = <usize> start * strideK + column;
  let q = load<usize>(args) + asking;
  let k = load<usize>(args, 4) + theirs;
  let v = load<usize>(args, 8) + theirs;
  const context = load<usize>(args, 12) + own * stride + column;
  const p = load<usize>(args, 16) +
    (<usize> (load<i32>(load<usize>(args, 20) + (<usize> b << 2)) +
      h * M * Lp) <<
      2);
  const dropped = space;
  const packed = (d & 3) != 0;
  const ldq = packed ? depth : strideQ;
  const ldk = packed ? depth : strideK;
  const ldc = packed ? depth : stride;
  const rooms = space + (<usize> (2 * M * Lp) << 2);
  const room = <usize> Lp * depth;
  let result = context;
  if (packed) {
    pack(q, strideQ, rooms, M, d);
    pack(k, strideK, rooms + room, L, d);
    pack(v, strideK, rooms + 2 * room, L, d);
    q = rooms;
    k = rooms + room;
    v = rooms + 2 * room;
    result = rooms + 3 * room;
  }
  products(q, ldq, k, ldk, p, Lp << 2, M, L, depth, load<f32>(args, 64));
  softmaxRows(p, M, L);
  let weights = p;
  if (load<u32>(args, 56) != 0) {
    dropScores(args, p, dropped, M, L, b, h);
    weights = dropped;
  }
  weightedRows(weights, Lp << 2, 4, v, ldk, result, ldc, M, L, depth);
  if (packed) unpack(result, context, stride, M, d);
}

export function attentionBackward(args: usize, part: i32, parts: i32): void {
  const B = load<i32>(args, 28);
  const last = B * (part + 1) / parts;
  const space = load<usize>(args, 44) + <usize> part * load<usize>(args, 48);
  for (let b = B * part / parts; b < last; b++) {
    for (let h = 0; h < load<i32>(args, 36); h++) {
      backwardHead(args, b, h, space);
    }
  }
}

function backwardHead(args: usize, b: i32, h: i32, space: usize): void {
  const offsets = load<usize>(args, 24) + (<usize> b << 2);
  const start = load<i32>(offsets);
  const L = load<i32>(offsets, 4) - start;
  const width = load<i32>(args, 32);
  const d = width / load<i32>(args, 36);
  const cls = load<i32>(args, 40) != 0;
  const M = cls ? 1 : L;
  const stride = width << 2;
  const strideQ = load<i32>(args, 72) << 2;
  const strideK = load<i32>(args, 76) << 2;
  const Lp = up4(L);
  const row = Lp << 2;
  const depth = up4(d) << 2;
  const column = <usize> (h * d) << 2;
  const own = <usize> (cls ? b : start);
  const asking = own * strideQ + column;
  const theirs = <usize> start * strideK + column;
  let q = load<usize>(args) + asking;
  let k = load<usize>(args, 4) + theirs;
  let v = load<usize>(args, 8) + theirs;
  let dc = load<usize>(args, 12) + own * stride + column;
  const p = load<usize>(args, 16) +
    (<usize> (load<i32>(load<usize>(args, 20) + (<usize> b << 2)) +
      h * M * Lp) <<
      2);
  const dq = load<usize>(args, 80) + asking;
  const dk = load<usize>(args, 84) + theirs;
  const dv = load<usize>(args, 88) + theirs;
  const drops = load<u32>(args, 56) != 0;
  const ds = space;
  const dropped = space + (<usize> (M * Lp) << 2);
  const packed = (d & 3) != 0;
  const ldq = packed ? depth : strideQ;
  const ldk = packed ? depth : strideK;
  const ldc = packed ? depth : stride;
  const rooms = space + (<usize> (2 * M * Lp) << 2);
  const room = <usize> Lp * depth;
  let toQ = dq;
  let toK = dk;
  let toV = dv;
  if (packed) {
    pack(q, strideQ, rooms, M, d);
    pack(k, strideK, rooms + room, L, d);
    pack(v, strideK, rooms + 2 * room, L, d);
    pack(dc, stride, rooms + 3 * room, M, d);
    q = rooms;
    k = rooms + room;
    v = rooms + 2 * room;
    dc = rooms + 3 * room;
    toQ = rooms + 4 * room;
    toK = rooms + 5 * room;
    toV = rooms + 6 * room;
  }
  let weights = p;
  if (drops) {
    dropScores(args, p, dropped, M, L, b, h);
    weights = dropped;
  }
  weightedRows(weights, 4, row, dc, ldc, toV, ldk, L, M, depth);
  products(dc, ldc, v, ldk, ds, row, M, L, depth, 1);
  if (drops) dropScores(args, ds, ds, M, L, b, h);
  const alpha = load<f32>(args, 64);
  for (let i = 0; i < M; i++) {
    const pi = p + <usize> i * row;
    const di = ds + <usize> i * row;
    for (let j = L << 2; j < row; j += 4) store<f32>(di + j, 0);
    let total = f32x4.splat(0);
    for (let j = 0; j < row; j += 16) {
      total = madd(v128.load(di + j), v128.load(pi + j), total);
    }
    const mean = f32x4.splat(sum4(total));
    for (let j = 0; j < row; j += 16) {
      const slope = f32x4.mul(
        v128.load(pi + j),
        f32x4.sub(v128.load(di + j), mean),
      );
      v128.store(di + j, f32x4.mul(f32x4.splat(alpha), slope));
    }
  }
  weightedRows(ds, row, 4, k, ldk, toQ, ldq, M, L, depth);
  weightedRows(ds, 4, row, q, ldq, toK, ldk, L, M, depth);
  if (packed) {
    unpack(toQ, dq, strideQ, M, d);
    unpack(toK, dk, strideK, L, d);
    unpack(toV, dv, strideK, L, d);
  }
}
