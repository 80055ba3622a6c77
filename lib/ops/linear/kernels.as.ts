// What surrounds a linear layer's products: bias and activation after it, the
// activation's gradient and the bias's before the products of the gradient.
import { erf4, exp4, tanh4 } from "../../device/native/math.as";
import { madd } from "../../device/native/simd.as";

const RELU: i32 = 1;
const GELU: i32 = 2;
const GELU_TANH: i32 = 3;
const TANH: i32 = 4;

function activate(z: v128, kind: i32): v128 {
  if (kind == RELU) return f32x4.max(z, f32x4.splat(0));
  if (kind == TANH) return tanh4(z);
  const half = f32x4.splat(0.5);
  if (kind == GELU) {
    const e = erf4(f32x4.mul(z, f32x4.splat(0.70710678)));
    return f32x4.mul(z, madd(e, half, half));
  }
  if (kind == GELU_TANH) {
    return f32x4.div(z, f32x4.add(f32x4.splat(1), decay(z)));
  }
  return z;
}

// e^-2u of gelu-tanh's u = sqrt(2 / pi) (z + 0.044715 z^3). Its factor
// (1 + tanh u) / 2 is 1 / (1 + e^-2u), which doesn't cancel where tanh u is
// almost -1 or 1.

function decay(z: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(z, z), z);
  return exp4(
    f32x4.mul(
      madd(cube, f32x4.splat(0.044715), z),
      f32x4.splat(-1.5957691216),
    ),
  );
}

// The slope: of y for relu and tanh, of the input z for the GELUs.

function slope(v: v128, kind: i32): v128 {
  const one = f32x4.splat(1);
  const half = f32x4.splat(0.5);
  if (kind == RELU) return v128.and(one, f32x4.gt(v, f32x4.splat(0)));
  if (kind == TANH) return f32x4.sub(one, f32x4.mul(v, v));
  if (kind == GELU) {
    const e = erf4(f32x4.mul(v, f32x4.splat(0.70710678)));
    const density = f32x4.mul(
      exp4(f32x4.mul(f32x4.mul(v, v), f32x4.splat(-0.5))),
      f32x4.splat(0.3989422804),
    );
    return madd(v, density, madd(e, half, half));
  }
  if (kind == GELU_TANH) {
    const e = decay(v);
    const share = f32x4.div(one, f32x4.add(one, e));
    const rise = f32x4.mul(
      madd(f32x4.mul(v, v), f32x4.splat(0.134145), one),
      f32x4.splat(1.5957691216),
    );
    const bend = f32x4.mul(f32x4.mul(e, share), f32x4.mul(share, rise));
    return madd(v, bend, share);
  }
  return one;
}

// Words: 0 y [T, N], 1 bias [N], 2 z (a copy of the activation's input, or 0),
// 3 T, 4 N, 5 floats from a row of y to the next, 6 activation.
export function linearFinish(args: usize, part: i32, parts: i32): void {
  const y = load<usize>(args);
  const bias = load<usize>(args, 4);
  const z = load<usize>(args, 8);
  const rows = load<i32>(args, 12);
  const width = load<i32>(args, 16);
  const stride = load<i32>(args, 20);
  const kind = load<i32>(args, 24);
  const first = <i32> (<i64> rows * part / parts);
  const last = <i32> (<i64> rows * (part + 1) / parts);
  const whole = width & ~3;
  for (let t = first; t < last; t++) {
    const row = y + (<usize> t * stride << 2);
    const copy = z + (<usize> t * width << 2);
    for (let i = 0; i < whole; i += 4) {
      const at = <usize> i << 2;
      const v = f32x4.add(v128.load(row + at), v128.load(bias + at));
      if (z) v128.store(copy + at, v);
      v128.store(row + at, activate(v, kind));
    }
    for (let i = whole; i < width; i++) {
      const at = <usize> i << 2;
      const v = load<f32>(row + at) + load<f32>(bias + at);
      if (z) store<f32>(copy + at, v);
      store<f32>(
        row + at,
        f32x4.extract_lane(activate(f32x4.splat(v), kind), 0),
      );
    }
  }
}

// Words: 0 dy [T, N], 1 y or z [T, N], 2 dz [T, N], 3 T, 4 N, 5 activation.
export function linearSlope(args: usize, part: i32, parts: i32): void {
  const dy = load<usize>(args);
  const v = load<usize>(args, 4);
  const dz = load<usize>(args, 8);
  const count = <i64> load<i32>(args, 12) * load<i32>(args, 16);
  const kind = load<i32>(args, 20);
  const first = <usize> (count * part / parts & ~3) << 2;
  const end = part + 1 == parts
    ? <usize> count << 2
    : <usize> (count * (part + 1) / parts & ~3) << 2;
  let at = first;
  for (; at + 16 <= end; at += 16) {
    v128.store(
      dz + at,
      f32x4.mul(v128.load(dy + at), slope(v128.load(v + at), kind)),
    );
  }
  for (; at < end; at += 4) {
    const s = f32x4.extract_lane(
      slope(f32x4.splat(load<f32>(v + at)), kind),
      0,
    );
    store<f32>(dz + at, load<f32>(dy + at) * s);
  }
}

// Sums of columns. Words: 0 x [T, N], 1 sum [N], 2 T, 3 N, 4 floats from a row
// of x to the next. Each part has columns of its own, so the order of a sum
// never changes.
export function columnSums(args: usize, part: i32, parts: i32): void {
  const x = load<usize>(args);
  const sum = load<usize>(args, 4);
  const rows = load<i32>(args, 8);
  const width = load<i32>(args, 12);
  const stride = load<i32>(args, 16);
  const first = (width * part / parts) & ~3;
  const last = part + 1 == parts ? width : (width * (part + 1) / parts) & ~3;
  for (let i = first; i < last; i++) store<f32>(sum + (<usize> i << 2), 0);
  const whole = first + ((last - first) & ~3);
  for (let t = 0; t < rows; t++) {
    const row = x + (<usize> t * stride << 2);
    for (let i = first; i < whole; i += 4) {
      const at = <usize> i << 2;
      v128.store(sum + at, f32x4.add(v128.load(sum + at), v128.load(row + at)));
    }
    for (let i = whole; i < last; i++) {
      const at = <usize> i << 2;
      store<f32>(sum + at, load<f32>(sum + at) + load<f32>(row + at));
    }
  }
}
