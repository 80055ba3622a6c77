// The two small matrix products of attention, on rows of a multiple of four
// floats, anywhere in the memory.
import { madd } from "../../../device/cpu/kernels/simd.as";

// [sum a, sum b, sum c, sum d]

function fourSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(
    v128.shuffle<f32>(a, b, 0, 1, 4, 5),
    v128.shuffle<f32>(a, b, 2, 3, 6, 7),
  );
  const cd = f32x4.add(
    v128.shuffle<f32>(c, d, 0, 1, 4, 5),
    v128.shuffle<f32>(c, d, 2, 3, 6, 7),
  );
  return f32x4.add(
    v128.shuffle<f32>(ab, cd, 0, 2, 4, 6),
    v128.shuffle<f32>(ab, cd, 1, 3, 5, 7),
  );
}

// C[i, j] = alpha * A[i] . B[j] over `depth` bytes; strides in bytes. Columns
// up to up4(N) are written, so rows of B up to there are read: they may hold
// anything.
export function products(
  a: usize,
  lda: i32,
  b: usize,
  ldb: i32,
  c: usize,
  ldc: i32,
  M: i32,
  N: i32,
  depth: i32,
  alpha: f32,
): void {
  const alpha4 = f32x4.splat(alpha);
  for (let i = 0; i < M; i += 2) {
    const a0 = a + <usize> i * lda;
    // An odd last row is computed twice rather than in code of its own.
    const a1 = i + 1 < M ? a0 + lda : a0;
    for (let j = 0; j < N; j += 4) {
      const b0 = b + <usize> j * ldb;
      const b1 = b0 + ldb;
      const b2 = b1 + ldb;
      const b3 = b2 + ldb;
      let c00 = f32x4.splat(0);
      let c01 = c00;
      let c02 = c00;
      let c03 = c00;
      let c10 = c00;
      let c11 = c00;
      let c12 = c00;
      let c13 = c00;
      for (let k = 0; k < depth; k += 16) {
        const x = v128.load(a0 + k);
        const y = v128.load(a1 + k);
        const w0 = v128.load(b0 + k);
        c00 = madd(x, w0, c00);
        c10 = madd(y, w0, c10);
        const w1 = v128.load(b1 + k);
        c01 = madd(x, w1, c01);
        c11 = madd(y, w1, c11);
        const w2 = v128.load(b2 + k);
        c02 = madd(x, w2, c02);
        c12 = madd(y, w2, c12);
        const w3 = v128.load(b3 + k);
        c03 = madd(x, w3, c03);
        c13 = madd(y, w3, c13);
      }
      const out = c + <usize> i * ldc + (j << 2);
      v128.store(out, f32x4.mul(alpha4, fourSums(c00, c01, c02, c03)));
      if (i + 1 < M) {
        v128.store(out + ldc, f32x4.mul(alpha4, fourSums(c10, c11, c12, c13)));
      }
    }
  }
}

// C[i] = sum over k < K of S(i, k) B[k], rows of `depth` bytes; S(i, k) is at
// s + i * si + k * sk.
export function weightedRows(
  s: usize,
  si: i32,
  sk: i32,
  b: usize,
  ldb: i32,
  c: usize,
  ldc: i32,
  M: i32,
  K: i32,
  depth: i32,
): void {
  for (let i = 0; i < M; i += 2) {
    const first = s + <usize> i * si;
    const second = i + 1 < M ? first + si : first;
    const out = c + <usize> i * ldc;
    let n = 0;
    for (; n + 64 <= depth; n += 64) {
      let s0 = first;
      let s1 = second;
      let row = b + n;
      let c00 = f32x4.splat(0);
      let c01 = c00;
      let c02 = c00;
      let c03 = c00;
      let c10 = c00;
      let c11 = c00;
      let c12 = c00;
      let c13 = c00;
      for (let k = 0; k < K; k++) {
        const x = v128.load32_splat(s0);
        const y = v128.load32_splat(s1);
        const w0 = v128.load(row);
        const w1 = v128.load(row, 16);
        const w2 = v128.load(row, 32);
        const w3 = v128.load(row, 48);
        c00 = madd(x, w0, c00);
        c01 = madd(x, w1, c01);
        c02 = madd(x, w2, c02);
        c03 = madd(x, w3, c03);
        c10 = madd(y, w0, c10);
        c11 = madd(y, w1, c11);
        c12 = madd(y, w2, c12);
        c13 = madd(y, w3, c13);
        s0 += sk;
        s1 += sk;
        row += ldb;
      }
      v128.store(out + n, c00);
      v128.store(out + n, c01, 16);
      v128.store(out + n, c02, 32);
      v128.store(out + n, c03, 48);
      if (i + 1 < M) {
        const next = out + ldc + n;
        v128.store(next, c10);
        v128.store(next, c11, 16);
        v128.store(next, c12, 32);
        v128.store(next, c13, 48);
      }
    }
    for (; n < depth; n += 16) {
      let s0 = first;
      let s1 = second;
      let row = b + n;
      let c0 = f32x4.splat(0);
      let c1 = c0;
      for (let k = 0; k < K; k++) {
        const w = v128.load(row);
        c0 = madd(v128.load32_splat(s0), w, c0);
        c1 = madd(v128.load32_splat(s1), w, c1);
        s0 += sk;
        s1 += sk;
        row += ldb;
      }
      v128.store(out + n, c0);
      if (i + 1 < M) v128.store(out + ldc + n, c1);
    }
  }
}
