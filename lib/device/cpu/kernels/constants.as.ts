// Vectors that inner loops compute with. V8 builds a constant in its place, from
// a 64-bit number and in three instructions each time; a variable it loads. The
// compiler would make constants of variables that nobody writes to, had it not
// to export them.

// Cephes' expf: the limits, the logarithm of 2 in two terms, the polynomial.
export let EXP_LEAST: v128 = f32x4.splat(-87.0);
export let EXP_MOST: v128 = f32x4.splat(88.0);
export let LOG2_E: v128 = f32x4.splat(1.44269504);
export let LN2_HIGH: v128 = f32x4.splat(-0.693359375);
export let LN2_LOW: v128 = f32x4.splat(2.12194440e-4);
export let EXP_7: v128 = f32x4.splat(1.9875691500e-4);
export let EXP_6: v128 = f32x4.splat(1.3981999507e-3);
export let EXP_5: v128 = f32x4.splat(8.3334519073e-3);
export let EXP_4: v128 = f32x4.splat(4.1665795894e-2);
export let EXP_3: v128 = f32x4.splat(1.6666665459e-1);
export let EXP_2: v128 = f32x4.splat(5.0000001201e-1);
/** The exponent of 1. */
export let EXPONENT: v128 = i32x4.splat(127);

// Cephes' tanhf: the polynomial near 0, and where it ends.
export let TANH_11: v128 = f32x4.splat(-5.70498872745e-3);
export let TANH_9: v128 = f32x4.splat(2.06390887954e-2);
export let TANH_7: v128 = f32x4.splat(-5.37397155531e-2);
export let TANH_5: v128 = f32x4.splat(1.33314422036e-1);
export let TANH_3: v128 = f32x4.splat(-3.33332819422e-1);
export let TANH_NEAR: v128 = f32x4.splat(0.625);
export let SIGN: v128 = f32x4.splat(-0.0);

// Eigen's generic_fast_erf_float: the limits, numerator and denominator.
export let ERF_LEAST: v128 = f32x4.splat(-4.0);
export let ERF_MOST: v128 = f32x4.splat(4.0);
export let ERF_P13: v128 = f32x4.splat(-2.72614225801306e-10);
export let ERF_P11: v128 = f32x4.splat(2.77068142495902e-08);
export let ERF_P9: v128 = f32x4.splat(-2.10102402082508e-06);
export let ERF_P7: v128 = f32x4.splat(-5.69250639462346e-05);
export let ERF_P5: v128 = f32x4.splat(-7.34990630326855e-04);
export let ERF_P3: v128 = f32x4.splat(-2.95459980854025e-03);
export let ERF_P1: v128 = f32x4.splat(-1.60960333262415e-02);
export let ERF_Q8: v128 = f32x4.splat(-1.45660718464996e-05);
export let ERF_Q6: v128 = f32x4.splat(-2.13374055278905e-04);
export let ERF_Q4: v128 = f32x4.splat(-1.68282697438203e-03);
export let ERF_Q2: v128 = f32x4.splat(-7.37332916720468e-03);
export let ERF_Q0: v128 = f32x4.splat(-1.42647390514189e-02);

export let HALF: v128 = f32x4.splat(0.5);
export let MINUS_HALF: v128 = f32x4.splat(-0.5);
export let ONE: v128 = f32x4.splat(1);
export let TWO: v128 = f32x4.splat(2);
/** The square root of 1/2, and 1 / sqrt(2 pi). */
export let ROOT_HALF: v128 = f32x4.splat(0.70710678);
export let DENSITY: v128 = f32x4.splat(0.3989422804);
/** Of gelu-tanh: its cube's factor, three times it, and -+sqrt(8 / pi). */
export let CUBE: v128 = f32x4.splat(0.044715);
export let CUBE_SLOPE: v128 = f32x4.splat(0.134145);
export let FALL: v128 = f32x4.splat(-1.5957691216);
export let RISE: v128 = f32x4.splat(1.5957691216);

// The dropout hash's factors.
export let PLACES: v128 = i32x4(1, 2, 3, 4);
export let GOLDEN: v128 = i32x4.splat(0x9e3779b9);
export let MIX_1: v128 = i32x4.splat(0x85ebca6b);
export let MIX_2: v128 = i32x4.splat(0xc2b2ae35);
