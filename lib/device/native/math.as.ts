// Elementary functions of four floats at once, within 2 ulp or so.
import { madd } from "./simd.as";

function clamp4(x: v128, limit: f32): v128 {
  return f32x4.max(f32x4.min(x, f32x4.splat(limit)), f32x4.splat(-limit));
}

// Cephes' expf: 2^n * polynomial of the rest.

export function exp4(value: v128): v128 {
  const x = f32x4.min(
    f32x4.max(value, f32x4.splat(-87.0)),
    f32x4.splat(88.0),
  );
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let y = madd(r, f32x4.splat(1.9875691500e-4), f32x4.splat(1.3981999507e-3));
  y = madd(y, r, f32x4.splat(8.3334519073e-3));
  y = madd(y, r, f32x4.splat(4.1665795894e-2));
  y = madd(y, r, f32x4.splat(1.6666665459e-1));
  y = madd(y, r, f32x4.splat(5.0000001201e-1));
  y = madd(f32x4.mul(r, r), y, f32x4.add(r, f32x4.splat(1.0)));
  const power = i32x4.shl(
    i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)),
    23,
  );
  return f32x4.mul(y, power);
}

// Cephes' tanhf: a polynomial near 0, where 1 - 2 / (e^2x + 1) would cancel.

export function tanh4(x: v128): v128 {
  const s = f32x4.mul(x, x);
  let p = madd(
    s,
    f32x4.splat(-5.70498872745e-3),
    f32x4.splat(2.06390887954e-2),
  );
  p = madd(p, s, f32x4.splat(-5.37397155531e-2));
  p = madd(p, s, f32x4.splat(1.33314422036e-1));
  p = madd(p, s, f32x4.splat(-3.33332819422e-1));
  const near = madd(f32x4.mul(p, s), x, x);
  const size = f32x4.abs(x);
  const far = f32x4.sub(
    f32x4.splat(1),
    f32x4.div(
      f32x4.splat(2),
      f32x4.add(exp4(f32x4.add(size, size)), f32x4.splat(1)),
    ),
  );
  return v128.bitselect(
    near,
    v128.or(far, v128.and(x, f32x4.splat(-0.0))),
    f32x4.lt(size, f32x4.splat(0.625)),
  );
}

// The rational form of Eigen's generic_fast_erf_float.

export function erf4(value: v128): v128 {
  const x = clamp4(value, 4.0);
  const s = f32x4.mul(x, x);
  let p = madd(
    s,
    f32x4.splat(-2.72614225801306e-10),
    f32x4.splat(2.77068142495902e-08),
  );
  p = madd(p, s, f32x4.splat(-2.10102402082508e-06));
  p = madd(p, s, f32x4.splat(-5.69250639462346e-05));
  p = madd(p, s, f32x4.splat(-7.34990630326855e-04));
  p = madd(p, s, f32x4.splat(-2.95459980854025e-03));
  p = madd(p, s, f32x4.splat(-1.60960333262415e-02));
  let q = madd(
    s,
    f32x4.splat(-1.45660718464996e-05),
    f32x4.splat(-2.13374055278905e-04),
  );
  q = madd(q, s, f32x4.splat(-1.68282697438203e-03));
  q = madd(q, s, f32x4.splat(-7.37332916720468e-03));
  q = madd(q, s, f32x4.splat(-1.42647390514189e-02));
  return f32x4.div(f32x4.mul(x, p), q);
}
