/**
 * WGSL that the value and the gradient of attention share: where a head's
 * features are, how they are read and written, and the tiles of other rows.
 *
 * @module
 */
import type { Rows } from "../packing.ts";

/** Rows of a workgroup. */
export const ROWS = 32;

/** What kernels are made for. */
export interface Shape {
  /** Features of a head, d. */
  depth: number;
}

/** Vectors of four that a head's features take. */
export function vectorsOf({ depth }: Shape): number {
  return Math.ceil(depth / 4);
}

/** Rows of a tile: two matrices of them take at most 8 KiB. */
export function tileOf(shape: Shape): number {
  return Math.min(ROWS, Math.floor(256 / vectorsOf(shape)));
}

/** What the tensors are bound as. */
export function elementOf({ depth }: Shape): "f32" | "vec4<f32>" {
  return depth % 4 === 0 ? "vec4<f32>" : "f32";
}

/** WGSL for each vector of a row. */
export function eachVector(shape: Shape, code: (i: number) => string): string {
  return Array.from({ length: vectorsOf(shape) }, (_, i) => code(i)).join("\n");
}

/**
 * WGSL of the product of a row's variables and a tile's row j: sums of every
 * fourth feature, added up last, since a GPU waits for each sum before it can
 * add to it.
 */
export function product(shape: Shape, row: string, tile: string): string {
  const sums = Array.from({ length: vectorsOf(shape) }, (_, i) => i)
    .reduce(
      (sum, i) =>
        sum === ""
          ? `${row}${i} * ${tile}[j][${i}]`
          : `fma(${row}${i}, ${tile}[j][${i}], ${sum})`,
      "",
    );
  return `dot(${sums}, vec4(1.0))`;
}

/** WGSL: vector i of the head's features that begin at element `at`. */
export function read(shape: Shape, tensor: string): string {
  const code = elementOf(shape) === "f32"
    ? `
  let o = at + 4u * i;
  let left = ${shape.depth}u - 4u * i;
  return vec4(
    ${tensor}[o],
    select(0.0, ${tensor}[o + 1u], left > 1u),
    select(0.0, ${tensor}[o + 2u], left > 2u),
    select(0.0, ${tensor}[o + 3u], left > 3u),
  );`
    : `return ${tensor}[at / 4u + i];`;
  return `fn read_${tensor}(at: u32, i: u32) -> vec4<f32> {${code}}`;
}

/** WGSL that sets that vector. */
export function write(shape: Shape, tensor: string): string {
  const code = elementOf(shape) === "f32"
    ? `
  let o = at + 4u * i;
  let left = ${shape.depth}u - 4u * i;
  ${tensor}[o] = x.x;
  if (left > 1u) { ${tensor}[o + 1u] = x.y; }
  if (left > 2u) { ${tensor}[o + 2u] = x.z; }
  if (left > 3u) { ${tensor}[o + 3u] = x.w; }`
    : `${tensor}[at / 4u + i] = x;`;
  return `fn write_${tensor}(at: u32, i: u32, x: vec4<f32>) {${code}}`;
}

/** WGSL of where a head's features are, by the row of the tensor. */
export function places(shape: Shape, rows: Rows): string {
  const { depth } = shape;
  const query = rows === "all"
    ? `(3u * row * u.heads + head) * ${depth}u`
    : "rowAt(row, head)";
  const [parts, key] = rows === "all" ? [3, 1] : [2, 0];
  return `
fn rowAt(row: u32, head: u32) -> u32 {
  return (row * u.heads + head) * ${depth}u;
}
fn queryAt(row: u32, head: u32) -> u32 {
  return ${query};
}
fn keyAt(row: u32, head: u32) -> u32 {
  return ((${parts}u * row + ${key}u) * u.heads + head) * ${depth}u;
}
fn valueAt(row: u32, head: u32) -> u32 {
  return ((${parts}u * row + ${key + 1}u) * u.heads + head) * ${depth}u;
}`;
}

/** WGSL that fills workgroup memory with two vectors of each of some rows. */
export function fillTile(shape: Shape, code: { a: string; b: string }): string {
  const vectors = vectorsOf(shape);
  return `
    workgroupBarrier();
    let count = min(${tileOf(shape)}u, others - start);
    for (var n = lane; n < count * ${vectors}u; n += ${ROWS}u) {
      let j = n / ${vectors}u;
      let i = n % ${vectors}u;
      let row = firstOther + start + j;
      tileA[j][i] = ${code.a};
      tileB[j][i] = ${code.b};
    }`;
}

/** WGSL of the memory that tiles take. */
export function tiles(shape: Shape): string {
  const type = `array<array<vec4<f32>, ${vectorsOf(shape)}>, ${tileOf(shape)}>`;
  return `
var<workgroup> tileA: ${type};
var<workgroup> tileB: ${type};`;
}

/** WGSL: example, head, and how many rows ask and are asked. */
export function begin(rows: Rows): string {
  return `
@compute @workgroup_size(${ROWS})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let example = group.x;
  let head = group.y;
  let firstKey = u32(starts[example]);
  let keys = u32(starts[example + 1u]) - firstKey;
  let firstQuery = ${rows === "all" ? "firstKey" : "example"};
  let queries = ${rows === "all" ? "keys" : "1u"};`;
}
