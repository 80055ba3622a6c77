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
  firstColumn: number;
  /** How many they are. */
  columns: number;
}

/** Some rows of a matrix. */
export interface Rows {
  /** The whole matrix. */
  of: TensorInfo;
  /** The first of the rows. */
  firstRow: number;
  /** How many they are. */
  rows: number;
}

/** A matrix, or a part of one. */
export type Matrix = TensorInfo | Columns | Rows;

/** One product of two matrices that lie in the memory, row-major. */
export interface Product {
  /** [M, K], or [K, M] if transposed. */
  a: Matrix;
  transposeA?: boolean;
  /** [K, N], or [N, K] if transposed. */
  b: Matrix;
  transposeB?: boolean;
  /** [M, N]. */
  c: Matrix;
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

/** Where a matrix lies in the memory. */
export function placeOf(
  backend: NativeBackend,
  matrix: Matrix,
): MatrixPlace {
  if (!("of" in matrix)) {
    const [rows, columns] = matrix.shape;
    const address = backend.address(matrix);
    return { address, rows, columns, stride: columns };
  }
  const address = backend.address(matrix.of);
  const [rows, stride] = matrix.of.shape;
  return "firstRow" in matrix
    ? {
      address: address + 4 * stride * matrix.firstRow,
      rows: matrix.rows,
      columns: stride,
      stride,
    }
    : {
      address: address + 4 * matrix.firstColumn,
      rows,
      columns: matrix.columns,
      stride,
    };
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
