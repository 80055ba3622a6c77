/**
 * Matrix products on the CPU device.
 *
 * @module
 */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "./backend.ts";

/** One product of two matrices that lie in the memory, row-major. */
export interface Product {
  /** [M, K], or [K, M] if transposed. */
  a: TensorInfo;
  transposeA?: boolean;
  /** [K, N], or [N, K] if transposed. */
  b: TensorInfo;
  transposeB?: boolean;
  /** [M, N]. */
  c: TensorInfo;
}

/**
 * c = a b.
 *
 * @param backend Where the matrices are.
 * @param product The matrices.
 */
export function multiply(backend: NativeBackend, product: Product): void {
  const { a, b, c, transposeA = false, transposeB = false } = product;
  const [M, N] = c.shape;
  const K = a.shape[transposeA ? 0 : 1];
  if (backend.blas) {
    backend.blas.multiply({
      transposeA,
      transposeB,
      M,
      N,
      K,
      a: backend.address(a),
      strideA: a.shape[1],
      b: backend.address(b),
      strideB: b.shape[1],
      c: backend.address(c),
      strideC: N,
    });
    return;
  }
  const bytes = backend.gemmWorkspace;
  backend.withScratch(
    bytes * backend.threads,
    (workspace) =>
      backend.run("gemm", M * N * K, [
        backend.address(a),
        a.shape[1],
        transposeA ? 1 : 0,
        backend.address(b),
        b.shape[1],
        transposeB ? 1 : 0,
        backend.address(c),
        N,
        M,
        N,
        K,
        0,
        workspace,
        bytes,
      ]),
  );
}
