// What surrounds a linear layer's products: bias and activation after it, the
// activation's gradient and the bias's before the products of the gradient.
import { storeUpTo } from "../../device/cpu/kernels/simd.as";
import {
  activate,
  decay,
  GELU,
  GELU_TANH,
  geluSlope,
  geluTanhSlope,
  normalShare,
  RELU,
  slope,
  TANH,
  tanhShare,
} from "./cpu/activations.as";

// Rows are summed over this many fixed blocks, whatever the threads.
export const SUM_BLOCKS: i32 = 16;

// Words: 0 y [T, N], 1 bias [N], 2 the slope of the GELUs [T, N] or 0, 3 T, 4 N,
// 5 floats from a row of y to the next, 6 activation.
export function linearFinish(args: usize, slice: i32, slices: i32): void {
  const y = load<usize>(args);
  const bias = load<usize>(args, 4);
  const slopes = load<usize>(args, 8);
  const rows = load<i32>(args, 12);
  const bytes = <usize> load<i32>(args, 16) << 2;
  const stride = <usize> load<i32>(args, 20) << 2;
  const kind = load<i32>(args, 24);
  const first = <i32> (<i64> rows * slice / slices);
  const last = <i32> (<i64> rows * (slice + 1) / slices);
  for (let t = first; t < last; t++) {
    const row = y + <usize> t * stride;
    const kept = slopes ? slopes + <usize> t * bytes : 0;
    if (kind == GELU) finishGelu(row, bias, kept, bytes);
    else if (kind == GELU_TANH) finishGeluTanh(row, bias, kept, bytes);
    else if (kind == RELU) finish(row, bias, bytes, RELU);
    else if (kind == TANH) finish(row, bias, bytes, TANH);
    else finish(row, bias, bytes, 0);
  }
}

// @ts-ignore: decorator
@inline
function finish(row: usize, bias: usize, bytes: usize, kind: i32): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const z = f32x4.add(v128.load(row + at), v128.load(bias + at));
    storeUpTo(row + at, activate(z, kind), bytes - at);
  }
}

function finishGelu(row: usize, bias: usize, kept: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const z = f32x4.add(v128.load(row + at), v128.load(bias + at));
    const share = normalShare(z);
    storeUpTo(row + at, f32x4.mul(z, share), bytes - at);
    if (kept) storeUpTo(kept + at, geluSlope(z, share), bytes - at);
  }
}

function finishGeluTanh(
  row: usize,
  bias: usize,
  kept: usize,
  bytes: usize,
): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const z = f32x4.add(v128.load(row + at), v128.load(bias + at));
    const e = decay(z);
    const share = tanhShare(e);
    storeUpTo(row + at, f32x4.mul(z, share), bytes - at);
    if (kept) storeUpTo(kept + at, geluTanhSlope(z, e, share), bytes - at);
  }
}

// The gradient through the activation, and the sums of its columns. Words: 0 dy
// [T, N], 1 y or slope [T, N], 2 dz [T, N] (0: only the sums of dy), 3 sums
// [SUM_BLOCKS, N], 4 T, 5 N, 6 floats from a row of dy to the next, 7
// activation.
export function linearSlope(args: usize, slice: i32, slices: i32): void {
  const dy = load<usize>(args);
  const kept = load<usize>(args, 4);
  const dz = load<usize>(args, 8);
  const rows = load<i32>(args, 16);
  const bytes = <usize> load<i32>(args, 20) << 2;
  const stride = <usize> load<i32>(args, 24) << 2;
  const kind = load<i32>(args, 28);
  const lastBlock = SUM_BLOCKS * (slice + 1) / slices;
  for (let block = SUM_BLOCKS * slice / slices; block < lastBlock; block++) {
    const sums = load<usize>(args, 12) + <usize> block * bytes;
    memory.fill(sums, 0, bytes);
    const last = <i32> (<i64> rows * (block + 1) / SUM_BLOCKS);
    for (let t = <i32> (<i64> rows * block / SUM_BLOCKS); t < last; t++) {
      const from = dy + <usize> t * stride;
      const at = <usize> t * bytes;
      if (!dz) addRow(from, sums, bytes);
      else if (kind == RELU) slopeRow(from, kept + at, dz + at, sums, bytes, RELU);
      else if (kind == TANH) slopeRow(from, kept + at, dz + at, sums, bytes, TANH);
      else slopeRow(from, kept + at, dz + at, sums, bytes, GELU);
    }
  }
}

// @ts-ignore: decorator
@inline
function slopeRow(
  dy: usize,
  kept: usize,
  dz: usize,
  sums: usize,
  bytes: usize,
  kind: i32,
): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const d = f32x4.mul(v128.load(dy + at), slope(v128.load(kept + at), kind));
    const sum = f32x4.add(v128.load(sums + at), d);
    storeUpTo(dz + at, d, bytes - at);
    storeUpTo(sums + at, sum, bytes - at);
  }
}

function addRow(x: usize, sums: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const sum = f32x4.add(v128.load(sums + at), v128.load(x + at));
    storeUpTo(sums + at, sum, bytes - at);
  }
}
