// Attention of packed examples, one (example, head) at a time, so that scores
// stay in the cache. An example has L tokens.
import { rowKey } from "../../device/cpu/kernels/dropout.as";
import { products, weightedRows } from "./cpu/products.as";
import {
  dropScores,
  fetch,
  pack,
  softmaxRows,
  softmaxSlopes,
  unpack,
  up4,
} from "./cpu/rows.as";

// Words of both kernels: 0 q, k and v side by side [T, 3H], 1 context [T, H]
// (forward) or its gradient, then those that cpu.ts says; backward: 15 the
// gradient of word 0.
// A thread's workspace holds 2 L Lp + 8 Lp Dp floats, L and d rounded up to 4.

// to = from with dropout: the scores of one example and head.
function dropHead(
  args: usize,
  from: usize,
  to: usize,
  L: i32,
  example: i32,
  head: i32,
): void {
  const bytes = up4(L) << 2;
  const key = load<i32>(args, 40);
  const threshold = load<u32>(args, 44);
  const scale = load<f32>(args, 48);
  const inBatch = load<i32>(args, 56) + example;
  for (let i = 0; i < L; i++) {
    const row = rowKey(key, inBatch, (head << 16) | i);
    const at = <usize> i * bytes;
    dropScores(from + at, to + at, bytes, row, threshold, scale);
  }
}

// Fetches an example's rows, of `times` H floats, of the matrix that a word says.
function fetchExample(
  args: usize,
  b: i32,
  word: i32,
  times: i32,
  space: usize,
): void {
  const x = load<usize>(args + (<usize> word << 2));
  const offsets = load<usize>(args, 16) + (<usize> b << 2);
  const bytes = <usize> (times * load<i32>(args, 24)) << 2;
  const first = x + <usize> load<i32>(offsets) * bytes;
  fetch(first, x + <usize> load<i32>(offsets, 4) * bytes, space);
}

export function attentionForward(
  args: usize,
  slice: i32,
  slices: i32,
  thread: i32,
): void {
  const B = load<i32>(args, 20);
  const last = B * (slice + 1) / slices;
  const space = load<usize>(args, 32) + <usize> thread * load<usize>(args, 36);
  for (let b = B * slice / slices; b < last; b++) {
    fetchExample(args, b, 0, 3, space);
    for (let h = 0; h < load<i32>(args, 28); h++) {
      forwardHead(args, b, h, space);
    }
  }
}

function forwardHead(args: usize, b: i32, h: i32, space: usize): void {
  const offsets = load<usize>(args, 16) + (<usize> b << 2);
  const start = load<i32>(offsets);
  const L = load<i32>(offsets, 4) - start;
  const width = load<i32>(args, 24);
  const d = width / load<i32>(args, 28);
  const stride = width << 2;
  const apart = 3 * stride;
  const Lp = up4(L);
  const depth = up4(d) << 2;
  const column = <usize> (h * d) << 2;
  const projected = <usize> start * apart + column;
  const own = <usize> start * stride + column;
  let q = load<usize>(args) + projected;
  let k = q + stride;
  let v = k + stride;
  const context = load<usize>(args, 4) + own;
  const p = load<usize>(args, 8) +
    (<usize> (load<i32>(load<usize>(args, 12) + (<usize> b << 2)) +
      h * L * Lp) <<
      2);
  const dropped = space;
  const packed = (d & 3) != 0;
  const ld = packed ? depth : apart;
  const ldc = packed ? depth : stride;
  const copies = space + (<usize> (2 * L * Lp) << 2);
  const copyBytes = <usize> Lp * depth;
  let result = context;
  if (packed) {
    pack(q, apart, copies, L, d);
    pack(k, apart, copies + copyBytes, L, d);
    pack(v, apart, copies + 2 * copyBytes, L, d);
    q = copies;
    k = copies + copyBytes;
    v = copies + 2 * copyBytes;
    result = copies + 3 * copyBytes;
  }
  products(q, ld, k, ld, p, Lp << 2, L, L, depth, load<f32>(args, 52));
  softmaxRows(p, L, L);
  let weights = p;
  if (load<u32>(args, 44) != 0) {
    dropHead(args, p, dropped, L, b, h);
    weights = dropped;
  }
  weightedRows(weights, Lp << 2, 4, v, ld, result, ldc, L, L, depth);
  if (packed) unpack(result, context, stride, L, d);
}

export function attentionBackward(
  args: usize,
  slice: i32,
  slices: i32,
  thread: i32,
): void {
  const B = load<i32>(args, 20);
  const last = B * (slice + 1) / slices;
  const space = load<usize>(args, 32) + <usize> thread * load<usize>(args, 36);
  for (let b = B * slice / slices; b < last; b++) {
    fetchExample(args, b, 0, 3, space);
    fetchExample(args, b, 1, 1, space);
    for (let h = 0; h < load<i32>(args, 28); h++) {
      backwardHead(args, b, h, space);
    }
  }
}

function backwardHead(args: usize, b: i32, h: i32, space: usize): void {
  const offsets = load<usize>(args, 16) + (<usize> b << 2);
  const start = load<i32>(offsets);
  const L = load<i32>(offsets, 4) - start;
  const width = load<i32>(args, 24);
  const d = width / load<i32>(args, 28);
  const stride = width << 2;
  const apart = 3 * stride;
  const Lp = up4(L);
  const row = Lp << 2;
  const depth = up4(d) << 2;
  const column = <usize> (h * d) << 2;
  const projected = <usize> start * apart + column;
  const own = <usize> start * stride + column;
  let q = load<usize>(args) + projected;
  let k = q + stride;
  let v = k + stride;
  let dc = load<usize>(args, 4) + own;
  const p = load<usize>(args, 8) +
    (<usize> (load<i32>(load<usize>(args, 12) + (<usize> b << 2)) +
      h * L * Lp) <<
      2);
  const dq = load<usize>(args, 60) + projected;
  const dk = dq + stride;
  const dv = dk + stride;
  const ds = space;
  const dropped = space + (<usize> (L * Lp) << 2);
  const packed = (d & 3) != 0;
  const ld = packed ? depth : apart;
  const ldc = packed ? depth : stride;
  const copies = space + (<usize> (2 * L * Lp) << 2);
  const copyBytes = <usize> Lp * depth;
  let toQ = dq;
  let toK = dk;
  let toV = dv;
  if (packed) {
    pack(q, apart, copies, L, d);
    pack(k, apart, copies + copyBytes, L, d);
    pack(v, apart, copies + 2 * copyBytes, L, d);
    pack(dc, stride, copies + 3 * copyBytes, L, d);
    q = copies;
    k = copies + copyBytes;
    v = copies + 2 * copyBytes;
    dc = copies + 3 * copyBytes;
    toQ = copies + 4 * copyBytes;
    toK = copies + 5 * copyBytes;
    toV = copies + 6 * copyBytes;
  }
  let weights = p;
  if (load<u32>(args, 44) != 0) {
    dropHead(args, p, dropped, L, b, h);
    weights = dropped;
  }
  weightedRows(weights, 4, row, dc, ldc, toV, ld, L, L, depth);
  products(dc, ldc, v, ld, ds, row, L, L, depth, 1);
  softmaxSlopes(ds, p, weights, L, L, load<f32>(args, 52));
  weightedRows(ds, row, 4, k, ld, toQ, ld, L, L, depth);
  weightedRows(ds, 4, row, q, ld, toK, ld, L, L, depth);
  if (packed) {
    unpack(toQ, dq, apart, L, d);
    unpack(toK, dk, apart, L, d);
    unpack(toV, dv, apart, L, d);
  }
}
