/**
 * What a matrix product is made of: its size, its form, and the tiles that its
 * result is cut into.
 *
 * @module
 */

/** The most terms between two barriers, a multiple of all others. */
export const MOST_STEP = 16;

/** What a workgroup computes of C, and an invocation of that. */
export interface Tile {
  /** Rows, a multiple of `blockRows`. */
  rows: 32 | 64 | 128 | 256;
  /** Columns, a multiple of `blockColumns`. */
  columns: 32 | 64 | 128 | 256;
  /** An invocation's rows. */
  blockRows: 4 | 8 | 16;
  /** An invocation's columns. */
  blockColumns: 4 | 8 | 16;
  /** Terms between two barriers. */
  step: 4 | 8 | 16;
  /**
   * Whether the next terms are read while the last ones are multiplied, which
   * takes registers, and hides the memory's latency.
   */
  ahead: boolean;
}

/** How large a product is. */
export interface ProductSize {
  /** Rows of the result, m. */
  rows: number;
  /** Columns of the result, n. */
  columns: number;
  /** Terms of each sum, k. */
  inner: number;
  /** Terms of a slice of the sums, a multiple of the step; all if not given. */
  chunk?: number;
  /** Products of these sizes side by side, whose sums are whole; 1 if not given. */
  batches?: number;
}

/** How the operands of a product lie, and what else is wanted. */
export interface ProductForm {
  /** Whether neighbours in memory are neighbours in k; else in m. */
  aAlongInner: boolean;
  /** Whether neighbours in memory are neighbours in k; else in n. */
  bAlongInner: boolean;
  /** Whether the sums of A over k are wanted too, for a bias's gradient. */
  sums?: boolean;
  /** Whether the sums begin with `begin4(n)` rather than 0, for a bias. */
  begins?: boolean;
  /** Whether there are several products, of which `batch` is the number. */
  batched?: boolean;
}
