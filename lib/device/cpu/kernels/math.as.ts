// Elementary functions of four floats at once, within 2 ulp or so. The limits
// are by pmin and pmax, which are one instruction and let NaN through. They are
// inlined, so that a loop has no calls.
import {
  ERF_LEAST,
  ERF_MOST,
  ERF_P1,
  ERF_P11,
  ERF_P13,
  ERF_P3,
  ERF_P5,
  ERF_P7,
  ERF_P9,
  ERF_Q0,
  ERF_Q2,
  ERF_Q4,
  ERF_Q6,
  ERF_Q8,
  EXP_2,
  EXP_3,
  EXP_4,
  EXP_5,
  EXP_6,
  EXP_7,
  EXP_LEAST,
  EXP_MOST,
  EXPONENT,
  LN2_HIGH,
  LN2_LOW,
  LOG2_E,
  ONE,
  SIGN,
  TANH_11,
  TANH_3,
  TANH_5,
  TANH_7,
  TANH_9,
  TANH_NEAR,
  TWO,
} from "./constants.as";
import { madd } from "./simd.as";

// Cephes' expf: 2^n * polynomial of the rest.
// @ts-ignore: decorator
@inline
export function exp4(value: v128): v128 {
  const x = f32x4.pmin(f32x4.pmax(value, EXP_LEAST), EXP_MOST);
  const n = f32x4.nearest(f32x4.mul(x, LOG2_E));
  let r = madd(n, LN2_HIGH, x);
  r = madd(n, LN2_LOW, r);
  let y = madd(r, EXP_7, EXP_6);
  y = madd(y, r, EXP_5);
  y = madd(y, r, EXP_4);
  y = madd(y, r, EXP_3);
  y = madd(y, r, EXP_2);
  y = madd(f32x4.mul(r, r), y, f32x4.add(r, ONE));
  const power = i32x4.shl(
    i32x4.add(i32x4.relaxed_trunc_f32x4_s(n), EXPONENT),
    23,
  );
  return f32x4.mul(y, power);
}

// Cephes' tanhf: a polynomial near 0, where 1 - 2 / (e^2x + 1) would cancel.
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const s = f32x4.mul(x, x);
  let p = madd(s, TANH_11, TANH_9);
  p = madd(p, s, TANH_7);
  p = madd(p, s, TANH_5);
  p = madd(p, s, TANH_3);
  const near = madd(f32x4.mul(p, s), x, x);
  const size = f32x4.abs(x);
  const e = exp4(f32x4.add(size, size));
  const far = f32x4.sub(ONE, f32x4.div(TWO, f32x4.add(e, ONE)));
  return v128.bitselect(
    near,
    v128.or(far, v128.and(x, SIGN)),
    f32x4.lt(size, TANH_NEAR),
  );
}

// The rational form of Eigen's generic_fast_erf_float.
// @ts-ignore: decorator
@inline
export function erf4(value: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(value, ERF_MOST), ERF_LEAST);
  const s = f32x4.mul(x, x);
  let p = madd(s, ERF_P13, ERF_P11);
  p = madd(p, s, ERF_P9);
  p = madd(p, s, ERF_P7);
  p = madd(p, s, ERF_P5);
  p = madd(p, s, ERF_P3);
  p = madd(p, s, ERF_P1);
  let q = madd(s, ERF_Q8, ERF_Q6);
  q = madd(q, s, ERF_Q4);
  q = madd(q, s, ERF_Q2);
  q = madd(q, s, ERF_Q0);
  return f32x4.div(f32x4.mul(x, p), q);
}
