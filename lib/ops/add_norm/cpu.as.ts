// Residual sum with dropout and layer norm, forward and gradient.
import { keepScale, keepScale4, rowKey } from "../../device/cpu/kernels/dropout.as";
import { madd, sum4 } from "../../device/cpu/kernels/simd.as";

// Rows are summed over this many fixed blocks, whatever the threads.
export const NORM_BLOCKS: i32 = 16;

// Words: 0 x [T, H], 1 r [T, H] or 0, 2 weight, 3 bias, 4 y, 5 normal (x hat),
// 6 1/deviation [T], 7 T, 8 H, 9 example of each row [T], 10 position of each
// row [T] (0: none drops), 11 key, 12 threshold, 13 scale (f32), 14 epsilon
// (f32).
export function addNormForward(args: usize, slice: i32, slices: i32): void {
  const x = load<usize>(args);
  const r = load<usize>(args, 4);
  const weight = load<usize>(args, 8);
  const bias = load<usize>(args, 12);
  const y = load<usize>(args, 16);
  const normal = load<usize>(args, 20);
  const scales = load<usize>(args, 24);
  const rows = load<i32>(args, 28);
  const width = load<i32>(args, 32);
  const examples = load<usize>(args, 36);
  const positions = load<usize>(args, 40);
  const key = load<i32>(args, 44);
  const threshold = load<u32>(args, 48);
  const scale = load<f32>(args, 52);
  const epsilon = load<f32>(args, 56);
  const whole = width & ~3;
  const inverse: f32 = 1 / <f32> width;
  const first = rows * slice / slices;
  const last = rows * (slice + 1) / slices;
  for (let t = first; t < last; t++) {
    const offset = <usize> t * width << 2;
    const px = x + offset;
    const pr = r + offset;
    const pn = normal + offset;
    const py = y + offset;
    const row = positions
      ? rowKey(
        key,
        load<i32>(examples + (<usize> t << 2)),
        load<i32>(positions + (<usize> t << 2)),
      )
      : 0;
    let total = f32x4.splat(0);
    for (let i = 0; i < whole; i += 4) {
      const at = <usize> i << 2;
      let v = v128.load(px + at);
      if (r) {
        let add = v128.load(pr + at);
        if (positions) {
          add = f32x4.mul(add, keepScale4(row, i, threshold, scale));
        }
        v = f32x4.add(v, add);
      }
      v128.store(pn + at, v);
      total = f32x4.add(total, v);
    }
    let sum = sum4(total);
    for (let i = whole; i < width; i++) {
      const at = <usize> i << 2;
      let v = load<f32>(px + at);
      if (r) {
        v += load<f32>(pr + at) *
          (positions ? keepScale(row, i, threshold, scale) : 1);
      }
      store<f32>(pn + at, v);
      sum += v;
    }
    const mean = sum * inverse;
    const mean4 = f32x4.splat(mean);
    let squares = f32x4.splat(0);
    for (let i = 0; i < whole; i += 4) {
      const d = f32x4.sub(v128.load(pn + (<usize> i << 2)), mean4);
      squares = madd(d, d, squares);
    }
    let square = sum4(squares);
    for (let i = whole; i < width; i++) {
      const d = load<f32>(pn + (<usize> i << 2)) - mean;
      square += d * d;
    }
    const s: f32 = <f32> 1 / sqrt<f32>(square * inverse + epsilon);
    store<f32>(scales + (<usize> t << 2), s);
    const s4 = f32x4.splat(s);
    for (let i = 0; i < whole; i += 4) {
      const at = <usize> i << 2;
      const n = f32x4.mul(f32x4.sub(v128.load(pn + at), mean4), s4);
      v128.store(pn + at, n);
      v128.store(
        py + at,
        madd(n, v128.load(weight + at), v128.load(bias + at)),
      );
    }
    for (let i = whole; i < width; i++) {
      const at = <usize> i << 2;
      const n = (load<f32>(pn + at) - mean) * s;
      store<f32>(pn + at, n);
      store<f32>(py + at, n * load<f32>(weight + at) + load<f32>(bias + at));
    }
  }
}

// Words: 0 dy, 1 normal, 2 1/deviation, 3 weight, 4 dx, 5 dr or 0, 6 partial
// sums [NORM_BLOCKS, 2, H], 7 T, 8 H, 9 examples, 10 positions (0: none
// drops), 11 key, 12 threshold, 13 scale (f32).
export function addNormBackward(args: usize, slice: i32, slices: i32): void {
  const rows = load<i32>(args, 28);
  const width = load<i32>(args, 32);
  const partial = load<usize>(args, 24);
  const firstBlock = NORM_BLOCKS * slice / slices;
  const lastBlock = NORM_BLOCKS * (slice + 1) / slices;
  for (let block = firstBlock; block < lastBlock; block++) {
    const sums = partial + (<usize> block * width << 3);
    memory.fill(sums, 0, <usize> width << 3);
    const first = rows * block / NORM_BLOCKS;
    const last = rows * (block + 1) / NORM_BLOCKS;
    for (let t = first; t < last; t++) backwardRow(args, t, sums);
  }
}

function backwardRow(args: usize, t: i32, sums: usize): void {
  const width = load<i32>(args, 32);
  const offset = <usize> t * width << 2;
  const pd = load<usize>(args) + offset;
  const pn = load<usize>(args, 4) + offset;
  const weight = load<usize>(args, 12);
  const px = load<usize>(args, 16) + offset;
  const dr = load<usize>(args, 20);
  const pr = dr + offset;
  const positions = load<usize>(args, 40);
  const threshold = load<u32>(args, 48);
  const scale = load<f32>(args, 52);
  const biasSums = sums + (<usize> width << 2);
  const whole = width & ~3;
  const inverse: f32 = 1 / <f32> width;
  let total = f32x4.splat(0);
  let product = f32x4.splat(0);
  for (let i = 0; i < whole; i += 4) {
    const at = <usize> i << 2;
    const g = v128.load(pd + at);
    const gn = f32x4.mul(g, v128.load(pn + at));
    const w = v128.load(weight + at);
    v128.store(sums + at, f32x4.add(v128.load(sums + at), gn));
    v128.store(biasSums + at, f32x4.add(v128.load(biasSums + at), g));
    total = madd(g, w, total);
    product = madd(gn, w, product);
  }
  let m1 = sum4(total);
  let m2 = sum4(product);
  for (let i = whole; i < width; i++) {
    const at = <usize> i << 2;
    const g = load<f32>(pd + at);
    const gn = g * load<f32>(pn + at);
    store<f32>(sums + at, load<f32>(sums + at) + gn);
    store<f32>(biasSums + at, load<f32>(biasSums + at) + g);
    m1 += g * load<f32>(weight + at);
    m2 += gn * load<f32>(weight + at);
  }
  m1 *= inverse;
  m2 *= inverse;
  const s = load<f32>(load<usize>(args, 8) + (<usize> t << 2));
  const row = positions
    ? rowKey(
      load<i32>(args, 44),
      load<i32>(load<usize>(args, 36) + (<usize> t << 2)),
      load<i32>(positions + (<usize> t << 2)),
    )
    : 0;
  const m14 = f32x4.splat(m1);
  const m24 = f32x4.splat(-m2);
  const s4 = f32x4.splat(s);
  for (let i = 0; i < whole; i += 4) {
    const at = <usize> i << 2;
    const gw = f32x4.mul(v128.load(pd + at), v128.load(weight + at));
    const d = f32x4.mul(
      s4,
      madd(v128.load(pn + at), m24, f32x4.sub(gw, m14)),
    );
    v128.store(px + at, d);
    if (dr) {
      v128.store(
        pr + at,
        positions ? f32x4.mul(d, keepScale4(row, i, threshold, scale)) : d,
      );
    }
  }
  for (let i = whole; i < width; i++) {
    const at = <usize> i << 2;
    const gw = load<f32>(pd + at) * load<f32>(weight + at);
    const d = s * (gw - m1 - load<f32>(pn + at) * m2);
    store<f32>(px + at, d);
    if (dr) {
      store<f32>(
        pr + at,
        positions ? d * keepScale(row, i, threshold, scale) : d,
      );
    }
  }
}

// Adds the blocks' partial sums in their order. Words: 0 partial, 1 weight's
// gradient [H], 2 bias's [H], 3 H.
export function addNormReduce(args: usize, slice: i32, slices: i32): void {
  if (slice != 0) return;
  const partial = load<usize>(args);
  const width = load<i32>(args, 12);
  for (let which = 0; which < 2; which++) {
    const sum = load<usize>(args + (<usize>which << 2), 4);
    for (let i = 0; i < width; i++) {
      let total: f32 = 0;
      for (let block = 0; block < NORM_BLOCKS; block++) {
        total += load<f32>(
          partial + (<usize> ((block * 2 + which) * width + i) << 2),
        );
      }
      store<f32>(sum + (<usize> i << 2), total);
    }
  }
}
