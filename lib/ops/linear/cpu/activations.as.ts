// The activations of four floats and their slopes.
import {
  CUBE,
  CUBE_SLOPE,
  DENSITY,
  FALL,
  HALF,
  MINUS_HALF,
  ONE,
  RISE,
  ROOT_HALF,
} from "../../../device/cpu/kernels/constants.as";
import { erf4, exp4, tanh4 } from "../../../device/cpu/kernels/math.as";
import { madd } from "../../../device/cpu/kernels/simd.as";

export const RELU: i32 = 1;
export const GELU: i32 = 2;
export const GELU_TANH: i32 = 3;
export const TANH: i32 = 4;

// The factor of z in its GELU: the share of a normal distribution below it.
// @ts-ignore: decorator
@inline
export function normalShare(z: v128): v128 {
  return madd(erf4(f32x4.mul(z, ROOT_HALF)), HALF, HALF);
}

// The slope of GELU, from z and its factor.
// @ts-ignore: decorator
@inline
export function geluSlope(z: v128, share: v128): v128 {
  const e = exp4(f32x4.mul(f32x4.mul(z, z), MINUS_HALF));
  return madd(z, f32x4.mul(e, DENSITY), share);
}

// e^-2u of gelu-tanh's u = sqrt(2 / pi) (z + 0.044715 z^3). The factor of z,
// (1 + tanh u) / 2, is 1 / (1 + e^-2u), which doesn't cancel where tanh u is
// almost -1 or 1.
// @ts-ignore: decorator
@inline
export function decay(z: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(z, z), z);
  return exp4(f32x4.mul(madd(cube, CUBE, z), FALL));
}

// The factor of z in its gelu-tanh, from that decay.
// @ts-ignore: decorator
@inline
export function tanhShare(decay: v128): v128 {
  return f32x4.div(ONE, f32x4.add(ONE, decay));
}

// The slope of gelu-tanh, from z, its decay and its factor.
// @ts-ignore: decorator
@inline
export function geluTanhSlope(z: v128, decay: v128, share: v128): v128 {
  const rise = f32x4.mul(madd(f32x4.mul(z, z), CUBE_SLOPE, ONE), RISE);
  const bend = f32x4.mul(f32x4.mul(decay, share), f32x4.mul(share, rise));
  return madd(z, bend, share);
}

// y of the activations whose slope y tells.
// @ts-ignore: decorator
@inline
export function activate(z: v128, kind: i32): v128 {
  if (kind == RELU) return f32x4.pmax(z, f32x4.splat(0));
  if (kind == TANH) return tanh4(z);
  return z;
}

// The slope, from what the forward pass kept: y, or of the GELUs itself.
// @ts-ignore: decorator
@inline
export function slope(kept: v128, kind: i32): v128 {
  if (kind == RELU) return v128.and(ONE, f32x4.gt(kept, f32x4.splat(0)));
  if (kind == TANH) return f32x4.sub(ONE, f32x4.mul(kept, kept));
  return kept;
}
