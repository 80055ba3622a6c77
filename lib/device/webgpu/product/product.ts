/**
 * Matrix products in WGSL: C[m, n] = the sum over k of A[m, k] B[k, n].
 *
 * A workgroup computes a tile of C. In steps of a few k it copies the rows of A
 * and the columns of B that it needs to workgroup memory, k by k, and each
 * invocation multiplies its block, from 4 x 4 to 16 x 16, in registers. Shader
 * compilers check every index that they cannot prove, so that all is unrolled:
 * indices are constants, or do not change in the loop, and the accumulators
 * have names. Nothing inside asks for edges: operands are zero past the last k,
 * and what lies outside C is computed from anything, and dropped.
 *
 * An element's terms are added in the order of k whatever the tile, so that
 * all tiles give the same bits.
 *
 * @module
 */
import { tileLoads } from "./product_loads.ts";
import type { ProductForm, ProductSize, Tile } from "./tile.ts";

/** Into how many slices the terms of the sums are cut. */
export function productSlices({ inner, chunk = inner }: ProductSize): number {
  return Math.ceil(inner / chunk);
}

/** The workgroups of a product: columns, rows, slices or products. */
export function productGroups(
  tile: Tile,
  size: ProductSize,
): [number, number, number] {
  return [
    Math.ceil(size.columns / tile.columns),
    Math.ceil(size.rows / tile.rows),
    size.batches ?? productSlices(size),
  ];
}

/**
 * What of a kernel's code is the same for all products.
 *
 * It needs these functions, with `outer` an m or an n:
 *
 * - `a4(row, column)` and `b4(row, column)`: four elements side by side in
 *   memory, 0 past the last k, anything past the last m or n; a row is an m or n
 *   if the operand lies along k, and a k if not;
 * - `store4(m, n, slice, values)`: takes four elements of a row of C, of a slice
 *   or of a product;
 * - `storeSums4(m, slice, values)` if sums are wanted, `begin4(n)` if they begin.
 *
 * and the uniforms `inner`, the number of terms, and `chunk`: slice s of the
 * grid's third dimension adds the terms from s chunk to (s + 1) chunk, unless
 * that dimension is of products.
 *
 * @param tile The tile.
 * @param form How the operands lie.
 */
export function productCode(tile: Tile, form: ProductForm): string {
  const { rows, columns, step, ahead } = tile;
  const [width, height] = [columns / tile.blockColumns, rows / tile.blockRows];
  const fours = upTo(tile.blockColumns / 4);
  const blockRows = upTo(tile.blockRows);
  const { variables, fetch, put } = tileLoads(tile, form);
  return `
var<workgroup> tileA: array<array<vec4<f32>, ${rows / 4}>, ${step}>;
var<workgroup> tileB: array<array<vec4<f32>, ${columns / 4}>, ${step}>;
${form.batched ? "var<private> batch: u32;" : ""}

@compute @workgroup_size(${width}, ${height})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let firstRow = group.y * ${rows}u;
  let firstColumn = group.x * ${columns}u;
  let tx = local.x;
  let ty = local.y;
${form.batched ? "  batch = group.z;\n" : ""}${
    fours.map((f) =>
      `  let begin${f} = ${
        form.begins ? `begin4(${column(f, width)})` : "vec4<f32>()"
      };\n` + blockRows.map((r) => `  var c${r}_${f} = begin${f};\n`).join("")
    ).join("")
  }${form.sums ? "  var sums = vec4<f32>();\n" : ""}${variables}
  let start = ${form.batched ? "0u" : "group.z * u.chunk"};
  let end = ${form.batched ? "u.inner" : "min(u.inner, start + u.chunk)"};
  ${ahead ? fetch("start") : ""}
  for (var k = start; k < end; k += ${step}u) {
    ${ahead ? "" : fetch("k")}
    ${put}
    workgroupBarrier();
    ${ahead ? fetch(`k + ${step}u`) : ""}
${form.sums ? addSums(tile) : ""}${
    Array.from({ length: step }, (_, k) => multiplyAdd(k, tile)).join("")
  }
    workgroupBarrier();
  }
${
    blockRows.flatMap((r) =>
      fours.map((f) =>
        `  store4(${row(r, height)}, ${
          column(f, width)
        }, group.z, c${r}_${f});\n`
      )
    ).join("")
  }${
    form.sums
      ? `  if (group.x == 0u && lane < ${rows / 4}u) {
    storeSums4(firstRow + 4u * lane, group.z, sums);
  }
`
      : ""
  }}
`;
}

/** The m of an invocation's row: blocks are fours, spread over the tile. */
function row(r: number, height: number): string {
  return `firstRow + 4u * ty + ${4 * height * (r >> 2) + (r & 3)}u`;
}

/** The n of an invocation's four columns. */
function column(four: number, width: number): string {
  return `firstColumn + 4u * tx + ${4 * width * four}u`;
}

/** One k of the block: an outer product. */
function multiplyAdd(k: number, tile: Tile): string {
  const width = tile.columns / tile.blockColumns;
  const height = tile.rows / tile.blockRows;
  const fours = upTo(tile.blockColumns / 4);
  const loads = [
    ...upTo(tile.blockRows / 4).map((f) =>
      `let a${f} = tileA[${k}][ty + ${f * height}u];`
    ),
    ...fours.map((f) => `let b${f} = tileB[${k}][tx + ${f * width}u];`),
  ];
  const sums = upTo(tile.blockRows).flatMap((r) =>
    fours.map((f) => {
      const a = `a${r >> 2}.${"xyzw"[r & 3]}`;
      return `c${r}_${f} = fma(vec4<f32>(${a}), b${f}, c${r}_${f});`;
    })
  );
  return `    {
      ${[...loads, ...sums].join("\n      ")}
    }
`;
}

/** The first workgroup of a row of tiles adds up A, a vector a lane. */
function addSums({ rows, step }: Tile): string {
  const terms = Array.from(
    { length: step },
    (_, k) => `      sums += tileA[${k}][lane];\n`,
  ).join("");
  return `    if (group.x == 0u && lane < ${rows / 4}u) {
${terms}    }
`;
}

/** 0, 1, ... below a count. */
function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
