/**
 * The WGSL of attention where only `<cls>` asks, after keys and values are
 * made.
 *
 * A workgroup has one example and head. With a single query there are no tiles
 * to share: 64 lanes take a key each for the scores, then 16 vectors of
 * features each, of every fourth key, for the sums over keys.
 *
 * @module
 */
import { defineKernel, kernelVariants } from "../../device/webgpu/kernel.ts";
import {
  begin,
  elementOf,
  places,
  read,
  type Shape,
  UNIFORMS,
  vectorsOf,
  write,
} from "../attention/wgsl_parts.ts";
import { KEEP_SCALE } from "../dropout/webgpu.ts";

/** Lanes, and so keys of a round. */
const LANES = 64;
/** Vectors that lanes take side by side, and lanes that take the same. */
const SIDE = 16;
const SHARERS = LANES / SIDE;

/** Vectors of a head's features that a lane has. */
function ownVectors(shape: Shape): number[] {
  const count = Math.ceil(vectorsOf(shape) / SIDE);
  return Array.from({ length: count }, (_, i) => i);
}

/** WGSL for each of these, and for those that the head does have. */
function eachOwn(
  shape: Shape,
  code: (n: number) => string,
  inside: (n: number) => string = () => "",
): string {
  return ownVectors(shape).map((n) => {
    const guarded = inside(n) &&
      `if (i${n} < ${vectorsOf(shape)}u) { ${inside(n)} }`;
    return `${code(n)} ${guarded}`;
  }).join("\n    ");
}

/** WGSL: what both kernels begin with. */
function beginLanes(shape: Shape): string {
  return `${begin(LANES)}
  let own = rowAt(example, head);
  let mask = maskRow(u.first + example, head << 16u);
  let sharer = lane / ${SIDE}u;
  ${eachOwn(shape, (n) => `let i${n} = lane % ${SIDE}u + ${n * SIDE}u;`)}`;
}

/** WGSL that adds up what the lanes have of each vector, and writes it. */
function writeSums(shape: Shape, sum: string, tensor: string): string {
  return `
  ${
    eachOwn(
      shape,
      (n) => `parts[${n * LANES}u + lane] = ${sum}${n};`,
    )
  }
  workgroupBarrier();
  if (sharer == 0u) {
    ${
    eachOwn(shape, () => "", (n) => {
      const parts = Array.from(
        { length: SHARERS },
        (_, s) => `parts[${n * LANES + s * SIDE}u + lane]`,
      );
      return `write_${tensor}(own, i${n}, ${parts.join(" + ")});`;
    })
  }
  }`;
}

function memory(shape: Shape): string {
  return `
var<workgroup> weights: array<f32, ${LANES}>;
var<workgroup> parts: array<vec4<f32>, ${ownVectors(shape).length * LANES}>;`;
}

function forwardCode(shape: Shape): string {
  return `
${KEEP_SCALE}
${["query", "projected"].map((x) => read(shape, x)).join("\n")}
${write(shape, "y")}
${places(shape, "cls")}
${memory(shape)}
var<workgroup> scores: array<f32, ${LANES}>;
${beginLanes(shape)}
  ${eachOwn(shape, (n) => `var y${n} = vec4<f32>();`)}
  var top = -3.4e38;
  var sum = 0.0;
  for (var start = 0u; start < rows; start += ${LANES}u) {
    let count = min(${LANES}u, rows - start);
    var score = -3.4e38;
    if (lane < count) {
      let at = keyAt(first + start + lane, head);
      var products = vec4<f32>();
      for (var i = 0u; i < ${vectorsOf(shape)}u; i++) {
        products = fma(read_query(own, i), read_projected(at, i), products);
      }
      score = u.scale * dot(products, vec4<f32>(1.0));
    }
    workgroupBarrier();
    scores[lane] = score;
    workgroupBarrier();
    var higher = top;
    for (var j = 0u; j < count; j++) { higher = max(higher, scores[j]); }
    let fade = exp(top - higher);
    top = higher;
    let power = select(0.0, exp(score - top), lane < count);
    workgroupBarrier();
    scores[lane] = power;
    weights[lane] = power * keepScale(mask, start + lane);
    workgroupBarrier();
    sum *= fade;
    for (var j = 0u; j < count; j++) { sum += scores[j]; }
    ${eachOwn(shape, (n) => `y${n} *= fade;`)}
    for (var j = sharer; j < count; j += ${SHARERS}u) {
      let at = valueAt(first + start + j, head);
      ${
    eachOwn(
      shape,
      () => "",
      (n) => `y${n} += weights[j] * read_projected(at, i${n});`,
    )
  }
    }
  }
  let share = 1.0 / sum;
  if (lane == 0u) { logSums[example * u.heads + head] = top + log(sum); }
  ${eachOwn(shape, (n) => `y${n} *= share;`)}${writeSums(shape, "y", "y")}
}`;
}

function gradientCode(shape: Shape): string {
  return `
${KEEP_SCALE}
${["query", "projected", "dy", "y"].map((x) => read(shape, x)).join("\n")}
${["dQuery", "dProjected"].map((x) => write(shape, x)).join("\n")}
${places(shape, "cls")}
${memory(shape)}
var<workgroup> slopes: array<f32, ${LANES}>;
${beginLanes(shape)}
  ${
    eachOwn(
      shape,
      (n) =>
        `var q${n} = vec4<f32>(); var g${n} = vec4<f32>(); ` +
        `var d${n} = vec4<f32>();`,
      (n) => `q${n} = read_query(own, i${n}); g${n} = read_dy(own, i${n});`,
    )
  }
  var means = vec4<f32>();
  for (var i = 0u; i < ${vectorsOf(shape)}u; i++) {
    means = fma(read_dy(own, i), read_y(own, i), means);
  }
  let mean = dot(means, vec4<f32>(1.0));
  let logSum = logSums[example * u.heads + head];
  for (var start = 0u; start < rows; start += ${LANES}u) {
    let count = min(${LANES}u, rows - start);
    workgroupBarrier();
    if (lane < count) {
      let key = first + start + lane;
      var scores = vec4<f32>();
      var products = vec4<f32>();
      for (var i = 0u; i < ${vectorsOf(shape)}u; i++) {
        scores =
          fma(read_query(own, i), read_projected(keyAt(key, head), i), scores);
        products =
          fma(read_dy(own, i), read_projected(valueAt(key, head), i), products);
      }
      let power = exp(u.scale * dot(scores, vec4<f32>(1.0)) - logSum);
      let keep = keepScale(mask, start + lane);
      weights[lane] = keep * power;
      slopes[lane] =
        u.scale * power * (keep * dot(products, vec4<f32>(1.0)) - mean);
    }
    workgroupBarrier();
    for (var j = sharer; j < count; j += ${SHARERS}u) {
      let key = keyAt(first + start + j, head);
      let value = valueAt(first + start + j, head);
      ${
    eachOwn(
      shape,
      () => "",
      (n) => `
        d${n} += slopes[j] * read_projected(key, i${n});
        write_dProjected(key, i${n}, slopes[j] * q${n});
        write_dProjected(value, i${n}, weights[j] * g${n});`,
    )
  }
    }
  }${writeSums(shape, "d", "dQuery")}
}`;
}

/** The value, [B, H], and the log of each query's sum, [B, heads]. */
export const clsAttentionForward = kernelVariants((shape: Shape) => {
  const element = elementOf(shape);
  return defineKernel({
    name: "attention.cls",
    reads: { query: element, projected: element, starts: "i32" },
    writes: { y: element, logSums: "f32" },
    uniforms: UNIFORMS,
    code: forwardCode(shape),
  });
});

/** The gradients of queries, and of keys and values, in one dispatch. */
export const clsAttentionGradient = kernelVariants((shape: Shape) => {
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
    uniforms: UNIFORMS,
    code: gradientCode(shape),
  });
});
