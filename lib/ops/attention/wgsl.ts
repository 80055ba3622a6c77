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
import {
  begin,
  eachVector,
  elementOf,
  fillTile,
  places,
  product,
  read,
  ROWS,
  type Shape,
  tileOf,
  tiles,
  vectorsOf,
  write,
} from "./wgsl_parts.ts";

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
  var sums = vec4(0.0);
  for (var i = 0u; i < ${vectorsOf(shape)}u; i++) {
    sums = fma(read_dy(at, i), read_y(at, i), sums);
  }
  return dot(sums, vec4(1.0));
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
