/**
 * The WGSL of the activations and of their slopes, on four elements at once; on
 * the CPU they are in ../cpu/activations.as.ts.
 *
 * A NaN stays one: comparisons decide, not `max`, which may drop it.
 *
 * @module
 */
import type { Activation } from "../reference.ts";

/** An activation's functions; both take and give `vec4<f32>`. */
interface ActivationCode {
  /** `activate(z)`. */
  activate: string;
  /** `slope(kept)`: of y, or of what the activation keeps for it. */
  slope: string;
  /** `toKeep(z)` if the slope cannot be told from y; y is kept if not given. */
  toKeep?: string;
}

// Cephes' tanhf: a polynomial near 0, where 1 - 2 / (e^2x + 1) would cancel.
const TANH = `
fn tanh4(x: vec4<f32>) -> vec4<f32> {
  let s = x * x;
  var p = s * -5.70498872745e-3 + 2.06390887954e-2;
  p = p * s - 5.37397155531e-2;
  p = p * s + 1.33314422036e-1;
  p = p * s - 3.33332819422e-1;
  let near = p * s * x + x;
  let size = abs(x);
  let far = 1.0 - 2.0 / (exp(2.0 * min(size, vec4<f32>(40.0))) + 1.0);
  return select(sign(x) * far, near, !(size >= vec4<f32>(0.625)));
}
`;

// The rational form of Eigen's generic_fast_erf_float.
const ERF = `
fn erf4(value: vec4<f32>) -> vec4<f32> {
  let x = select(sign(value) * 4.0, value, !(abs(value) >= vec4<f32>(4.0)));
  let s = x * x;
  var p = s * -2.72614225801306e-10 + 2.77068142495902e-08;
  p = p * s - 2.10102402082508e-06;
  p = p * s - 5.69250639462346e-05;
  p = p * s - 7.34990630326855e-04;
  p = p * s - 2.95459980854025e-03;
  p = p * s - 1.60960333262415e-02;
  var q = s * -1.45660718464996e-05 - 2.13374055278905e-04;
  q = q * s - 1.68282697438203e-03;
  q = q * s - 7.37332916720468e-03;
  q = q * s - 1.42647390514189e-02;
  return x * p / q;
}
fn normalShare(z: vec4<f32>) -> vec4<f32> {
  return erf4(z * 0.70710678) * 0.5 + 0.5;
}
`;

// e^-2u of gelu-tanh's u = sqrt(2 / pi) (z + 0.044715 z^3); its factor
// (1 + tanh u) / 2 is 1 / (1 + e^-2u), which doesn't cancel. Held where e^-2u
// is finite.
const DECAY = `
fn decay(z: vec4<f32>) -> vec4<f32> {
  let exponent = -1.5957691216 * (z * z * z * 0.044715 + z);
  return exp(select(exponent, vec4<f32>(80.0), exponent > vec4<f32>(80.0)));
}
`;

const KEPT_SLOPE = "fn slope(kept: vec4<f32>) -> vec4<f32> { return kept; }";

/** The WGSL of each activation. */
export const ACTIVATION_CODE: Record<Activation, ActivationCode> = {
  none: {
    activate: "fn activate(z: vec4<f32>) -> vec4<f32> { return z; }",
    slope: "fn slope(y: vec4<f32>) -> vec4<f32> { return vec4<f32>(1.0); }",
  },
  relu: {
    activate: `
fn activate(z: vec4<f32>) -> vec4<f32> {
  return select(z, vec4<f32>(), z < vec4<f32>());
}`,
    slope: `
fn slope(y: vec4<f32>) -> vec4<f32> {
  return select(vec4<f32>(), vec4<f32>(1.0), y > vec4<f32>());
}`,
  },
  tanh: {
    activate: `${TANH}
fn activate(z: vec4<f32>) -> vec4<f32> { return tanh4(z); }`,
    slope: "fn slope(y: vec4<f32>) -> vec4<f32> { return 1.0 - y * y; }",
  },
  gelu: {
    activate: `${ERF}
fn activate(z: vec4<f32>) -> vec4<f32> { return z * normalShare(z); }`,
    toKeep: `
fn toKeep(z: vec4<f32>) -> vec4<f32> {
  return z * exp(-0.5 * z * z) * 0.3989422804 + normalShare(z);
}`,
    slope: KEPT_SLOPE,
  },
  "gelu-tanh": {
    activate: `${DECAY}
fn activate(z: vec4<f32>) -> vec4<f32> { return z / (1.0 + decay(z)); }`,
    toKeep: `
fn toKeep(z: vec4<f32>) -> vec4<f32> {
  let e = decay(z);
  let share = 1.0 / (1.0 + e);
  let rise = (z * z * 0.134145 + 1.0) * 1.5957691216;
  return z * (e * share) * (share * rise) + share;
}`,
    slope: KEPT_SLOPE,
  },
};
