/**
 * Matrix products on the CPU device.
 *
 * @module
 */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "./backend.ts";

/** Some columns of a matrix. */
export interface Columns {
  /** The whole matrix. */
  of: TensorInfo;
  /** The first of the columns. */
  first: number;
  /** How many they are. */
  count: number;
}

/** One product of two matrices that lie in the memory, row-major. */
export interface Product {
  /** [M, K], or [K, M] if transposed. */
  a: TensorInfo | Columns;
  transposeA?: boolean;
  /** [K, N], or [N, K] if transposed. */
  b: TensorInfo | Columns;
  transposeB?: boolean;
  /** [M, N]. */
  c: TensorInfo | Columns;
  /** Whether c gets the product added, not replaced by it. */
  accumulate?: boolean;
}

/** Where a matrix lies. */
export interface MatrixPlace {
  /** Of the first element. */
  address: number;
  rows: number;
  columns: number;
  /** Floats from one row to the next. */
  stride: number;
}

/** Where a matrix, or some columns of one, lies in the memory. */
export function placeOf(
  backend: NativeBackend,
  matrix: TensorInfo | Columns,
): MatrixPlace {
  const { of, first, count } = "of" in matrix
    ? matrix
    : { of: matrix, first: 0, count: matrix.shape[1] };
  const [rows, stride] = of.shape;
  const address = backend.address(of) + 4 * first;
  return { address, rows, columns: count, stride };
}

/**
 * c = a b, or c += a b.
 *
 * @param backend Where the matrices are.
 * @param product The matrices.
 */
export function multiply(backend: NativeBackend, product: Product): void {
  const { transposeA = false, transposeB = false, accumulate = false } =
    product;
  const a = placeOf(backend, product.a);
  const b = placeOf(backend, product.b);
  const c = placeOf(backend, product.c);
  const [M, N] = [c.rows, c.columns];
  const K = transposeA ? a.rows : a.columns;
  if (backend.blas) {
    backend.blas.multiply({
      transposeA,
      transposeB,
      M,
      N,
      K,
      a: a.address,
      strideA: a.stride,
      b: b.address,
      strideB: b.stride,
      c: c.address,
      strideC: c.stride,
      accumulate,
    });
    return;
  }
  const bytes = backend.gemmWorkspace;
  backend.withScratch(
    bytes * backend.threads,
    (workspace) =>
      backend.run("gemm", M * N * K, [
        a.address,
        a.stride,
        transposeA ? 1 : 0,
        b.address,
        b.stride,
        transposeB ? 1 : 0,
        c.address,
        c.stride,
        M,
        N,
        K,
        accumulate ? 1 : 0,
        workspace,
        bytes,
      ]),
  );
}
