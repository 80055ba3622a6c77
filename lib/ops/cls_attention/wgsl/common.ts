/**
 * WGSL that the kernels of attention where only `<cls>` asks share.
 *
 * @module
 */
import { begin } from "../../attention/wgsl/common.ts";

/** What kernels are made for. */
export interface ClsShape {
  /** Features of a row, H. */
  width: number;
  /** Features of a head, d. */
  depth: number;
}

/** Lanes, and so keys of a round. */
export const LANES = 64;
/** Lanes that share a key's score. */
const SHARERS = 8;

/** Vectors of four that a row's features take. */
function vectorsOf({ width }: ClsShape): number {
  return Math.ceil(width / 4);
}

/** WGSL for each vector of a row that a lane may have, by its number. */
function forLane(shape: ClsShape, code: (n: number) => string): string[] {
  const count = Math.ceil(vectorsOf(shape) / LANES);
  return Array.from({ length: count }, (_, n) => code(n));
}

/** WGSL for each vector of a row that a lane does have. */
export function eachOwn(
  shape: ClsShape,
  code: (n: number) => string,
): string {
  const vectors = vectorsOf(shape);
  return forLane(shape, (n) => {
    const allHave = (n + 1) * LANES <= vectors;
    return allHave ? code(n) : `if (i${n} < ${vectors}u) { ${code(n)} }`;
  }).join("\n    ");
}

/** WGSL that declares a lane's vectors `NAME0`, `NAME1`, ... */
export function ownVectors(shape: ClsShape, name: string): string {
  return forLane(shape, (n) => `var ${name}${n} = vec4<f32>();`).join(" ");
}

/** WGSL of workgroup memory, and where vectors of features are. */
export function memory(shape: ClsShape): string {
  return `
var<workgroup> headVectors: array<vec4<f32>, ${vectorsOf(shape)}>;
var<workgroup> shares: array<f32, ${LANES * SHARERS}>;
var<workgroup> powers: array<f32, ${LANES}>;
var<workgroup> weights: array<f32, ${LANES}>;

fn rowAt(row: u32) -> u32 { return row * ${shape.width}u; }
/** Of the two kinds that an example has, one row a head each. */
fn headAt(example: u32, kind: u32, head: u32) -> u32 {
  return rowAt((2u * example + kind) * u.heads + head);
}
/** The lane's sum of what 8 lanes have of a key. */
fn sumOfShares(key: u32) -> f32 {
  return ${
    Array.from(
      { length: SHARERS },
      (_, s) => `shares[${SHARERS}u * key + ${s}u]`,
    ).join(" + ")
  };
}`;
}

/** WGSL: what both kernels begin with. */
export function beginLanes(shape: ClsShape): string {
  const own = forLane(shape, (n) => `let i${n} = lane + ${n * LANES}u;`);
  return `${begin(LANES)}
  let ownRow = (example * u.heads + head) * ${shape.depth}u;
  let firstWeight = head * ${shape.depth}u;
  let mask = maskRow(u.first + example, head << 16u);
  ${own.join(" ")}`;
}

/** WGSL of the products of `headVectors` and a round's rows of x, in `shares`. */
export function multiplyRows(shape: ClsShape): string {
  return `
    for (var j = lane / ${SHARERS}u; j < count; j += ${LANES / SHARERS}u) {
      let at = rowAt(first + start + j);
      var products = vec4<f32>();
      for (
        var i = lane % ${SHARERS}u;
        i < ${vectorsOf(shape)}u;
        i += ${SHARERS}u
      ) {
        products = fma(headVectors[i], read_x(at, i), products);
      }
      shares[${SHARERS}u * j + lane % ${SHARERS}u] =
        dot(products, vec4<f32>(1.0));
    }
    workgroupBarrier();`;
}

/** WGSL: a round of keys after another. */
export function eachRound(code: string): string {
  return `
  for (var start = 0u; start < rows; start += ${LANES}u) {
    let count = min(${LANES}u, rows - start);
    let at = (first + start + lane) * u.heads + head;
    ${code}
    workgroupBarrier();
  }`;
}
