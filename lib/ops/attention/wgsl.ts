/**
 * The WGSL of attention.
 *
 * A workgroup has some rows of one example and head, a lane each: queries in
 * the value and in their own gradient, keys in the gradients of keys and
 * values. It goes through the example's other rows, keys or queries, tile by
 * tile in workgroup memory; a row's vectors are variables of their own. Scores
 * are nowhere stored: the value keeps the log of each row's sum of
 * exponentials, from which the gradient computes the probabilities again (Dao
 * et al., 2022).
 *
 * @module
 */
import { defineKernel, kernelVariants } from "../../device/webgpu/kernel.ts";
import { DROPOUT_UNIFORMS, KEEP_SCALE } from "../dropout/webgpu.ts";
import type { Rows } from "../packing.ts";

/** Rows of a workgroup. */
export const ROWS = 32;

/** What kernels are made for. */
interface Shape {
  /** Features of a head, d. */
  depth: number;
}

/** Vectors of four that a head's features take. */
function vectorsOf({ depth }: Shape): number {
  return Math.ceil(depth / 4);
}

/** Rows of a tile: two matrices of them take at most 8 KiB. */
function tileOf(shape: Shape): number {
  return Math.min(ROWS, Math.floor(256 / vectorsOf(shape)));
}

/** What the tensors are bound as. */
function elementOf({ depth }: Shape): "f32" | "vec4<f32>" {
  return depth % 4 === 0 ? "vec4<f32>" : "f32";
}

/** WGSL for each vector of a row. */
function eachVector(shape: Shape, code: (i: number) => string): string {
  return Array.from({ length: vectorsOf(shape) }, (_, i) => code(i)).join("\n");
}

/** WGSL of the product of a row's variables and a tile's row j. */
function product(shape: Shape, row: string, tile: string): string {
  return Array.from(
    { length: vectorsOf(shape) },
    (_, i) => `dot(${row}${i}, ${tile}[j][${i}])`,
  ).join(" + ");
}

/** WGSL: vector i of the head's features that begin at element `at`. */
function read(shape: Shape, tensor: string): string {
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
function write(shape: Shape, tensor: string): string {
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
function places(shape: Shape, rows: Rows): string {
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
function fillTile(shape: Shape, code: { a: string; b: string }): string {
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
function tiles(shape: Shape): string {
  const type = `array<array<vec4<f32>, ${vectorsOf(shape)}>, ${tileOf(shape)}>`;
  return `
var<workgroup> tileA: ${type};
var<workgroup> tileB: ${type};`;
}

/** WGSL: example, head, and how many rows ask and are asked. */
function begin(rows: Rows): string {
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

function forwardCode(shape: Shape, rows: Rows): string {
  const asking = rows === "all" ? "projected" : "query";
  const each = (code: (i: number) => string) => eachVector(shape, code);
  return `
${KEEP_SCALE}
${[...new Set([asking, "projected"])].map((x) => read(shape, x)).join("\n")}
${write(shape, "y")}
${places(shape, rows)}
${tiles(shape)}
${begin(rows)}
  if (group.z * ${ROWS}u >= queries) { return; }
  let query = group.z * ${ROWS}u + lane;
  let inside = query < queries;
  let own = firstQuery + min(query, queries - 1u);
  let ownAt = queryAt(own, head);
  ${each((i) => `let q${i} = u.scale * read_${asking}(ownAt, ${i}u);`)}
  ${each((i) => `var y${i} = vec4(0.0);`)}
  var top = -3.4e38;
  var sum = 0.0;
  let mask = maskRow(u.first + example, (head << 16u) | query);
  let others = keys;
  let firstOther = firstKey;
  for (var start = 0u; start < others; start += ${tileOf(shape)}u) {
    ${
    fillTile(shape, {
      a: "read_projected(keyAt(row, head), i)",
      b: "read_projected(valueAt(row, head), i)",
    })
  }
    workgroupBarrier();
    let mine = select(0u, count, inside);
    for (var j = 0u; j < mine; j++) {
      let score = ${product(shape, "q", "tileA")};
      let higher = max(top, score);
      let fade = exp(top - higher);
      let power = exp(score - higher);
      top = higher;
      sum = sum * fade + power;
      let weight = power * keepScale(mask, start + j);
      ${each((i) => `y${i} = y${i} * fade + weight * tileB[j][${i}];`)}
    }
  }
  if (inside) {
    let at = rowAt(own, head);
    let share = 1.0 / sum;
    ${each((i) => `write_y(at, ${i}u, share * y${i});`)}
    logSums[own * u.heads + head] = top + log(sum);
  }
}`;
}

// The rows of a workgroup are queries in turn 0, which computes dq, and keys
// in turns 1 and 2, which compute dk and dv. Of a query, vector a is q and b
// is dy; of a key they are k and v. So in any turn the score is a . a' and the
// probability's slope b . b'.
function backwardCode(shape: Shape, rows: Rows): string {
  const asking = rows === "all" ? "projected" : "query";
  const toQuery = rows === "all" ? "dProjected" : "dQuery";
  const inputs = new Set([asking, "projected", "dy", "y"]);
  const outputs = new Set([toQuery, "dProjected"]);
  const each = (code: (i: number) => string) => eachVector(shape, code);
  return `
${KEEP_SCALE}
${[...inputs].map((x) => read(shape, x)).join("\n")}
${[...outputs].map((x) => write(shape, x)).join("\n")}
${places(shape, rows)}
${tiles(shape)}
var<workgroup> logSum: array<f32, ${tileOf(shape)}>;
var<workgroup> mean: array<f32, ${tileOf(shape)}>;

fn readA(isQuery: bool, row: u32, head: u32, i: u32) -> vec4<f32> {
  if (isQuery) { return read_${asking}(queryAt(row, head), i); }
  return read_projected(keyAt(row, head), i);
}
fn readB(isQuery: bool, row: u32, head: u32, i: u32) -> vec4<f32> {
  if (isQuery) { return read_dy(rowAt(row, head), i); }
  return read_projected(valueAt(row, head), i);
}
// The mean slope of a query's probabilities, weighted by these.
fn meanSlope(row: u32, head: u32) -> f32 {
  let at = rowAt(row, head);
  var sum = 0.0;
  for (var i = 0u; i < ${vectorsOf(shape)}u; i++) {
    sum += dot(read_dy(at, i), read_y(at, i));
  }
  return sum;
}
${begin(rows)}
  let turn = group.z / u.tiles;
  let asks = turn == 0u;
  let first = (group.z % u.tiles) * ${ROWS}u;
  let owns = select(keys, queries, asks);
  let others = select(queries, keys, asks);
  if (first >= owns) { return; }
  let firstOther = select(firstQuery, firstKey, asks);
  let place = first + lane;
  let inside = place < owns;
  let own = select(firstKey, firstQuery, asks) + min(place, owns - 1u);
  ${each((i) => `let a${i} = readA(asks, own, head, ${i}u);`)}
  ${each((i) => `let b${i} = readB(asks, own, head, ${i}u);`)}
  ${each((i) => `var d${i} = vec4(0.0);`)}
  var ownLogSum = 0.0;
  var ownMean = 0.0;
  if (asks) {
    ownLogSum = logSums[own * u.heads + head];
    ownMean = meanSlope(own, head);
  }
  for (var start = 0u; start < others; start += ${tileOf(shape)}u) {
    ${
    fillTile(shape, {
      a: "readA(!asks, row, head, i)",
      b: "readB(!asks, row, head, i)",
    })
  }
    if (!asks && lane < count) {
      let row = firstOther + start + lane;
      logSum[lane] = logSums[row * u.heads + head];
      mean[lane] = meanSlope(row, head);
    }
    workgroupBarrier();
    let mine = select(0u, count, inside);
    for (var j = 0u; j < mine; j++) {
      let score = u.scale * (${product(shape, "a", "tileA")});
      let query = select(start + j, place, asks);
      let key = select(place, start + j, asks);
      let mask = maskRow(u.first + example, (head << 16u) | query);
      let keep = keepScale(mask, key);
      if (turn == 2u) {
        let weight = keep * exp(score - logSum[j]);
        ${each((i) => `d${i} += weight * tileB[j][${i}];`)}
      } else {
        let power = exp(score - select(logSum[j], ownLogSum, asks));
        let slope = keep * (${product(shape, "b", "tileB")});
        let weight = u.scale * power *
          (slope - select(mean[j], ownMean, asks));
        ${each((i) => `d${i} += weight * tileA[j][${i}];`)}
      }
    }
  }
  if (!inside) { return; }
  if (asks) {
    let at = queryAt(own, head);
    ${each((i) => `write_${toQuery}(at, ${i}u, d${i});`)}
  } else {
    let at = select(keyAt(own, head), valueAt(own, head), turn == 2u);
    ${each((i) => `write_dProjected(at, ${i}u, d${i});`)}
  }
}`;
}

const UNIFORMS = {
  heads: "u32",
  first: "u32",
  scale: "f32",
  ...DROPOUT_UNIFORMS,
} as const;

/** The value, and the log of each row's sum, [T, heads]. */
export const attentionForward = kernelVariants((shape: Shape) => {
  const element = elementOf(shape);
  return defineKernel({
    name: "attention",
    reads: { projected: element, starts: "i32" },
    writes: { y: element, logSums: "f32" },
    uniforms: UNIFORMS,
    code: forwardCode(shape, "all"),
  });
});

/** The same where only `<cls>` asks. */
export const clsAttentionForward = kernelVariants((shape: Shape) => {
  const element = elementOf(shape);
  return defineKernel({
    name: "attention.cls",
    reads: { query: element, projected: element, starts: "i32" },
    writes: { y: element, logSums: "f32" },
    uniforms: UNIFORMS,
    code: forwardCode(shape, "cls"),
  });
});

/** The gradients of queries, keys and values, in one dispatch. */
export const attentionBackward = kernelVariants((shape: Shape) => {
  const element = elementOf(shape);
  return defineKernel({
    name: "attention.gradient",
    reads: {
      projected: element,
      starts: "i32",
      y: element,
      logSums: "f32",
      dy: element,
    },
    writes: { dProjected: element },
    uniforms: { ...UNIFORMS, tiles: "u32" },
    code: backwardCode(shape, "all"),
  });
});

/** The same where only `<cls>` asks. */
export const clsAttentionBackward = kernelVariants((shape: Shape) => {
  const element = elementOf(shape);
  return defineKernel({
    name: "attention.cls.gradient",
    reads: {
      query: element,
      projected: element,
      starts: "i32",
      y: element,
      logSums: "f32",
      dy: element,
    },
    writes: { dQuery: element, dProjected: element },
    uniforms: { ...UNIFORMS, tiles: "u32" },
    code: backwardCode(shape, "cls"),
  });
});
