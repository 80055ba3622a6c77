/**
 * WGSL that the kernels of attention where only `<cls>` asks share.
 *
 * @module
 */
import { begin } from "../attention/wgsl_parts.ts";

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

/** WGSL for each vector of a row's features that a lane has. */
export function eachOwn(
  { width }: ClsShape,
  code: (n: number) => string,
): string {
  const vectors = Math.ceil(width / 4);
  const count = Math.ceil(vectors / LANES);
  return Array.from({ length: count }, (_, n) => {
    const whole = (n + 1) * LANES <= vectors;
    return whole ? code(n) : `if (i${n} < ${vectors}u) { ${code(n)} }`;
  }).join("\n    ");
}

/** WGSL that declares a vector of a lane's for each of its features. */
export function ownVectors(shape: ClsShape, name: string): string {
  const count = Math.ceil(shape.width / 4 / LANES);
  return Array.from(
    { length: count },
    (_, n) => `var ${name}${n} = vec4<f32>();`,
  ).join(" ");
}

/** WGSL of workgroup memory, and where vectors of features are. */
export function memory(shape: ClsShape): string {
  const vectors = Math.ceil(shape.width / 4);
  return `
var<workgroup> asked: array<vec4<f32>, ${vectors}>;
var<workgroup> shares: array<f32, ${LANES * SHARERS}>;
var<workgroup> powers: array<f32, ${LANES}>;
var<workgroup> weights: array<f32, ${LANES}>;

fn rowAt(row: u32) -> u32 { return row * ${shape.width}u; }
/** Of the two kinds that an example has, one row a head each. */
fn placeAt(example: u32, kind: u32, head: u32) -> u32 {
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
  const count = Math.ceil(shape.width / 4 / LANES);
  const own = Array.from(
    { length: count },
    (_, n) => `let i${n} = lane + ${n * LANES}u;`,
  ).join(" ");
  return `${begin(LANES)}
  let ownRow = (example * u.heads + head) * ${shape.depth}u;
  let firstWeight = head * ${shape.depth}u;
  let mask = maskRow(u.first + example, head << 16u);
  ${own}`;
}

/** WGSL of the products of `asked` and a round's rows of x, in `shares`. */
export function multiplyRows({ width }: ClsShape): string {
  return `
    for (var j = lane / ${SHARERS}u; j < count; j += ${LANES / SHARERS}u) {
      let at = rowAt(first + start + j);
      var products = vec4<f32>();
      for (
        var i = lane % ${SHARERS}u;
        i < ${Math.ceil(width / 4)}u;
        i += ${SHARERS}u
      ) {
        products = fma(asked[i], read_x(at, i), products);
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
