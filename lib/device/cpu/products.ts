/**
 * Matrix products on the CPU device.
 *
 * @module
 */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "./backend.ts";
import { SGEMM } from "./blas/sgemm.ts";

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

/** A matrix, or some rows or columns of one. */
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
export interface MatrixLayout {
  /** Of the first element. */
  address: number;
  rows: number;
  columns: number;
  /** Floats from one row to the next. */
  stride: number;
}

/** Where a matrix lies in the memory. */
export function layoutOf(
  backend: CpuBackend,
  matrix: Matrix,
): MatrixLayout {
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
export function multiply(backend: CpuBackend, product: Product): void {
  const { transposeA = false, transposeB = false, accumulate = false } =
    product;
  const a = layoutOf(backend, product.a);
  const b = layoutOf(backend, product.b);
  const c = layoutOf(backend, product.c);
  const [M, N] = [c.rows, c.columns];
  const K = transposeA ? a.rows : a.columns;
  const slices = backend.slicesFor(M * N * K);
  const grid = tileGrid(M, N, { threads: backend.threads, slices });
  const bytes = backend.blas ? 0 : backend.gemmWorkspace;
  backend.withScratch(
    bytes * backend.threads,
    (workspace) =>
      backend.run(backend.blas ? SGEMM : "gemm", M * N * K, [
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
        ...grid,
      ]),
  );
}

/** What packing an element costs, in multiply-adds. */
const PACKING = 32;
/** How much dearer a finer grid may be. */
const DEARER = 1.02;

/**
 * Into how many rows and columns of tiles a product [M, N] is split.
 *
 * A tile packs its rows of A and its columns of B, so tiles that are small cost
 * more, and of equally many those are best whose edges are short. Of grids that
 * cost almost the same the finest is taken: it leaves more to the other threads
 * when one is held up.
 *
 * @param M Rows.
 * @param N Columns.
 * @param options Threads, and the most tiles.
 * @return Rows and columns of tiles.
 */
export function tileGrid(
  M: number,
  N: number,
  { threads, slices }: { threads: number; slices: number },
): [rows: number, columns: number] {
  const grids: { grid: [number, number]; cost: number }[] = [];
  for (let rows = 1; rows <= slices; rows++) {
    for (let columns = 1; rows * columns <= slices; columns++) {
      const [m, n] = [M / rows, N / columns];
      const rounds = Math.ceil(rows * columns / threads);
      const cost = rounds * (m * n + PACKING * (m + n));
      grids.push({ grid: [rows, columns], cost });
    }
  }
  const least = Math.min(...grids.map(({ cost }) => cost));
  const cheap = grids.filter(({ cost }) => cost <= DEARER * least);
  const tiles = ({ grid: [rows, columns] }: typeof grids[0]) => rows * columns;
  return cheap.reduce((a, b) => tiles(b) >= tiles(a) ? b : a).grid;
}
