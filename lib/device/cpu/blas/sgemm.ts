/**
 * A BLAS library's matrix product as a kernel that all threads run, each on
 * slices of C of its own. So the library needs no threads, which would fight
 * with ours for the cores.
 *
 * @module
 */
import type { Kernel } from "../kernel.ts";

/** The kernel's name. */
export const SGEMM = "sgemm";

/** A BLAS library, and the memory that its products are in. */
export interface BlasLibrary {
  /** The library's file. */
  path: string;
  /** The shared memory's own address. It never moves, however it grows. */
  base: bigint;
}

/** CBLAS' numbers (cblas.h). */
const ROW_MAJOR = 101;
const PLAIN = 111;
const TRANSPOSED = 112;
/** Slices begin at multiples of this many rows or columns. */
const UNIT = 8;

const SYMBOLS = {
  cblas_sgemm: {
    parameters: [
      ...["i32", "i32", "i32", "i32", "i32", "i32"] as const,
      ...[
        "f32",
        "usize",
        "i32",
        "usize",
        "i32",
        "f32",
        "usize",
        "i32",
      ] as const,
    ],
    result: "void",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/**
 * Opens a library's product. Its words are those of the kernel `gemm`.
 *
 * @param library The library.
 * @param memory The shared memory.
 * @throws {Error} If it can't be loaded, or has no CBLAS.
 */
export function openSgemm(
  { path, base }: BlasLibrary,
  memory: WebAssembly.Memory,
): Kernel {
  const { symbols } = Deno.dlopen(path, SYMBOLS);
  return (args, slice) => {
    const words = new Uint32Array(memory.buffer, args, 16);
    const [a, strideA, transposeA, b, strideB, transposeB, c, strideC] = words;
    const [M, N, K, accumulate, , , gridRows, gridColumns] = words.subarray(8);
    if (slice >= gridRows * gridColumns) return;
    const row = Math.floor(slice / gridColumns);
    const column = slice % gridColumns;
    const firstRow = sliceStart(M, row, gridRows);
    const rows = sliceStart(M, row + 1, gridRows) - firstRow;
    const firstColumn = sliceStart(N, column, gridColumns);
    const columns = sliceStart(N, column + 1, gridColumns) - firstColumn;
    if (rows === 0 || columns === 0) return;
    symbols.cblas_sgemm(
      ROW_MAJOR,
      transposeA ? TRANSPOSED : PLAIN,
      transposeB ? TRANSPOSED : PLAIN,
      rows,
      columns,
      K,
      1,
      base + BigInt(a + 4 * firstRow * (transposeA ? 1 : strideA)),
      strideA,
      base + BigInt(b + 4 * firstColumn * (transposeB ? strideB : 1)),
      strideB,
      accumulate ? 1 : 0,
      base + BigInt(c + 4 * (firstRow * strideC + firstColumn)),
      strideC,
    );
  };
}

/** Where a slice of `size` begins, in whole units. */
function sliceStart(size: number, slice: number, slices: number): number {
  const units = Math.ceil(size / UNIT);
  return Math.min(size, Math.floor(units * slice / slices) * UNIT);
}
