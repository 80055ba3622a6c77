/**
 * The matrix product, C = A B or C += A B, each of A and B as it lies or
 * transposed.
 *
 * The blocking is that of Goto and van de Geijn, "Anatomy of High-Performance
 * Matrix Multiplication" (2008): a block of B and a block of A are packed into
 * panels, and a kernel that keeps a tile of 6 by 8 elements of C in registers
 * runs down one panel of each.
 *
 * Every element of C is summed by one thread, over k in ascending order, in
 * runs of `DEPTH` that start at 0. So its bits depend on neither the number
 * of threads nor on where in C it lies.
 *
 * @module
 */
import { pack } from "./pack.as";
import { madd } from "./simd.as";

/** A tile's 12 vectors of sums, 2 of B and 1 of A fit x86's 16 registers. */
const TILE_ROWS: i32 = 6;
const TILE_COLS: i32 = 8;

/** Depth of a block: a panel of A and one of B (14 KiB) fit the first cache. */
const DEPTH: i32 = 256;
/** Rows of A in a block (96 KiB), which fits the second cache. */
const BLOCK_ROWS: i32 = 96;
/** Columns of B in a block (512 KiB). */
const BLOCK_COLS: i32 = 512;

const PACKED_A_BYTES: usize = <usize>BLOCK_ROWS * DEPTH * 4;
const PACKED_B_BYTES: usize = <usize>BLOCK_COLS * DEPTH * 4;
const TILE_BYTES: usize = <usize>TILE_ROWS * TILE_COLS * 4;

/** Bytes of workspace that each thread needs, a multiple of 64. */
export function gemmWorkspace(): usize {
  return PACKED_A_BYTES + PACKED_B_BYTES + TILE_BYTES;
}

/**
 * One slice of C [M, N] = A [M, K] B [K, N]: a field of a grid, in whole tiles.
 * Slices beyond the grid are empty.
 *
 * Addresses are multiples of 4, strides count floats, sizes are 1 or more.
 *
 * | word | |
 * |---|---|
 * | 0, 1, 2 | A: address, stride, 1 if (i, k) lies at [k * stride + i] |
 * | 3, 4, 5 | B: address, stride, 1 if (k, j) lies at [j * stride + k] |
 * | 6, 7 | C: address, stride |
 * | 8, 9, 10 | M, N, K |
 * | 11 | 1: C += A B, 0: C = A B |
 * | 12, 13 | workspace: address, bytes for each thread |
 * | 14, 15 | the grid's rows and columns |
 */
export function gemm(args: usize, slice: i32, slices: i32, thread: i32): void {
  const a = load<usize>(args);
  const strideA = load<usize>(args, 4) * 4;
  const transposeA = load<i32>(args, 8) != 0;
  const b = load<usize>(args, 12);
  const strideB = load<usize>(args, 16) * 4;
  const transposeB = load<i32>(args, 20) != 0;
  const c = load<usize>(args, 24);
  const strideC = load<usize>(args, 28) * 4;
  const rows = load<i32>(args, 32);
  const cols = load<i32>(args, 36);
  const depth = load<i32>(args, 40);
  const accumulate = load<i32>(args, 44) != 0;
  const packedA = load<usize>(args, 48) + <usize>thread * load<usize>(args, 52);
  const packedB = packedA + PACKED_A_BYTES;

  const rowStepA: usize = transposeA ? 4 : strideA;
  const depthStepA: usize = transposeA ? strideA : 4;
  const depthStepB: usize = transposeB ? 4 : strideB;
  const colStepB: usize = transposeB ? strideB : 4;

  const gridRows = load<i32>(args, 56);
  const gridCols = load<i32>(args, 60);
  if (slice >= gridRows * gridCols) return;
  const row = slice / gridCols;
  const col = slice % gridCols;
  const firstRow = sliceStart(rows, TILE_ROWS, row, gridRows);
  const endRow = sliceStart(rows, TILE_ROWS, row + 1, gridRows);
  const firstCol = sliceStart(cols, TILE_COLS, col, gridCols);
  const endCol = sliceStart(cols, TILE_COLS, col + 1, gridCols);
  if (firstRow == endRow || firstCol == endCol) return;

  for (let j = firstCol; j < endCol; j += BLOCK_COLS) {
    const blockCols = min(BLOCK_COLS, endCol - j);
    for (let k = 0; k < depth; k += DEPTH) {
      const blockDepth = min(DEPTH, depth - k);
      const fromB = b + <usize>k * depthStepB + <usize>j * colStepB;
      pack(
        fromB,
        colStepB,
        depthStepB,
        blockCols,
        blockDepth,
        packedB,
        TILE_COLS,
      );
      for (let i = firstRow; i < endRow; i += BLOCK_ROWS) {
        const blockRows = min(BLOCK_ROWS, endRow - i);
        const fromA = a + <usize>i * rowStepA + <usize>k * depthStepA;
        pack(
          fromA,
          rowStepA,
          depthStepA,
          blockRows,
          blockDepth,
          packedA,
          TILE_ROWS,
        );
        const toC = c + <usize>i * strideC + <usize>j * 4;
        multiplyBlock(
          packedA,
          packedB,
          blockRows,
          blockCols,
          blockDepth,
          toC,
          strideC,
          accumulate || k > 0,
        );
      }
    }
  }
}

/** Where a slice of `size` begins, in whole multiples of `unit`. */
function sliceStart(size: i32, unit: i32, slice: i32, slices: i32): i32 {
  const units = (size + unit - 1) / unit;
  return min(size, <i32>(<i64>units * slice / slices) * unit);
}

/** A packed block of A times a packed block of B, tile by tile. */
function multiplyBlock(
  packedA: usize,
  packedB: usize,
  rows: i32,
  cols: i32,
  depth: i32,
  c: usize,
  strideC: usize,
  add: bool,
): void {
  // A tile that C does not hold whole is made here, behind B's panels.
  const edge = packedB + PACKED_B_BYTES;
  for (let j = 0; j < cols; j += TILE_COLS) {
    const panelB = packedB + <usize>j * depth * 4;
    for (let i = 0; i < rows; i += TILE_ROWS) {
      const panelA = packedA + <usize>i * depth * 4;
      const tile = c + <usize>i * strideC + <usize>j * 4;
      const tileRows = min(TILE_ROWS, rows - i);
      const tileCols = min(TILE_COLS, cols - j);
      if (tileRows == TILE_ROWS && tileCols == TILE_COLS) {
        multiplyTile(panelA, panelB, depth, tile, strideC, add);
      } else {
        multiplyTile(panelA, panelB, depth, edge, TILE_COLS * 4, false);
        storeEdge(edge, tile, strideC, tileRows, tileCols, add);
      }
    }
  }
}

/** One tile of C, from one panel of A and one of B. */
function multiplyTile(
  a: usize,
  b: usize,
  depth: i32,
  c: usize,
  strideC: usize,
  add: bool,
): void {
  let c00 = f32x4.splat(0), c01 = c00;
  let c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00;
  let c40 = c00, c41 = c00;
  let c50 = c00, c51 = c00;
  for (let k = 0; k < depth; k++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let ai = v128.load_splat<f32>(a);
    c00 = madd(ai, b0, c00);
    c01 = madd(ai, b1, c01);
    ai = v128.load_splat<f32>(a, 4);
    c10 = madd(ai, b0, c10);
    c11 = madd(ai, b1, c11);
    ai = v128.load_splat<f32>(a, 8);
    c20 = madd(ai, b0, c20);
    c21 = madd(ai, b1, c21);
    ai = v128.load_splat<f32>(a, 12);
    c30 = madd(ai, b0, c30);
    c31 = madd(ai, b1, c31);
    ai = v128.load_splat<f32>(a, 16);
    c40 = madd(ai, b0, c40);
    c41 = madd(ai, b1, c41);
    ai = v128.load_splat<f32>(a, 20);
    c50 = madd(ai, b0, c50);
    c51 = madd(ai, b1, c51);
    a += TILE_ROWS * 4;
    b += TILE_COLS * 4;
  }
  storeRow(c, c00, c01, add);
  storeRow(c + strideC, c10, c11, add);
  storeRow(c + 2 * strideC, c20, c21, add);
  storeRow(c + 3 * strideC, c30, c31, add);
  storeRow(c + 4 * strideC, c40, c41, add);
  storeRow(c + 5 * strideC, c50, c51, add);
}

/** One row of a tile. */
function storeRow(c: usize, left: v128, right: v128, add: bool): void {
  v128.store(c, add ? f32x4.add(v128.load(c), left) : left);
  v128.store(c, add ? f32x4.add(v128.load(c, 16), right) : right, 16);
}

/** What lies within C of a tile at its edge. */
function storeEdge(
  tile: usize,
  c: usize,
  strideC: usize,
  rows: i32,
  cols: i32,
  add: bool,
): void {
  for (let i = 0; i < rows; i++) {
    for (let j: usize = 0; j < <usize>cols * 4; j += 4) {
      const sum = load<f32>(tile + j);
      store<f32>(c + j, add ? load<f32>(c + j) + sum : sum);
    }
    tile += TILE_COLS * 4;
    c += strideC;
  }
}
