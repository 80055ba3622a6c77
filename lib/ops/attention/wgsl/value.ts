/**
 * The WGSL of attention. A workgroup has up to 32 queries of one example and
 * head, and takes the keys tile by tile:
 *
 *     S = scale Q K^T    top' = max(top, S)    P = exp(S - top')
 *     sum = sum exp(top - top') + P    y = y exp(top - top') + R P V
 *
 * with R the scales of dropout (Milakov and Gimelshein, 2018). Scores are
 * nowhere stored: what is kept is the log of each query's sum of exponentials,
 * from which the gradient computes them again (Dao et al., 2022).
 *
 * @module
 */
import {
  defineKernel,
  kernelVariants,
} from "../../../device/webgpu/kernels/kernel.ts";
import { KEEP_SCALE } from "../../dropout/webgpu.ts";
import {
  elementOf,
  featureAddresses,
  read,
  type Shape,
  UNIFORMS,
  vectorsOf,
  write,
} from "./common.ts";
import { addRows } from "./sums.ts";
import {
  addProducts,
  beginTiles,
  eachQuery,
  fillChunk,
  INSIDE,
  KEEP,
  KEYS,
  QUERIES,
  TILE,
  VALUES,
} from "./tiles.ts";

/** WGSL of what all of a query's numbers in an array of a tile come to. */
function ofQuery(r: number, array: string, code: (four: string) => string) {
  return `for (var n = 0u; n < 8u; n++) {
        let four = ${array}[8u * (2u * ty + ${r}u) + n];
        ${code("four")}
      }`;
}

function code(shape: Shape): string {
  return `
${KEEP_SCALE}
${["projected", "y"].map((x) => read(shape.depth, x)).join("\n")}
${write(shape.depth, "y")}
${featureAddresses(shape)}
${beginTiles(["scores", "weights"])}
  let firstQuery = ${TILE}u * group.z;
  if (firstQuery >= rows) { return; }
  ${eachQuery((r) => `var top${r} = -3.4e38; var sum${r} = 0.0;`)}
  for (var firstKey = 0u; firstKey < rows; firstKey += ${TILE}u) {
    ${eachQuery((r) => `var s${r} = vec4<f32>();`)}
    for (var start = 0u; start < ${vectorsOf(shape)}u; start += 4u) {
      ${fillChunk(shape, [QUERIES, KEYS])}
      ${addProducts("s", 0, 1)}
    }
    let isLast = firstKey + ${TILE}u >= rows;
    ${
    eachQuery((r) => `
    {
      let query = firstQuery + 2u * ty + ${r}u;${INSIDE}
      s${r} = select(vec4<f32>(-3.4e38), u.scale * s${r}, inside);
      scores[8u * (2u * ty + ${r}u) + tx] = s${r};
    }`)
  }
    workgroupBarrier();
    ${
    eachQuery((r) => `
    var fade${r} = top${r};
    {
      ${ofQuery(r, "scores", (x) => `top${r} = max(top${r}, highest(${x}));`)}
      fade${r} = exp(fade${r} - top${r});
    }`)
  }
    workgroupBarrier();
    ${
    eachQuery((r) => `
    {
      let query = firstQuery + 2u * ty + ${r}u;${INSIDE}${KEEP}
      // Not left to exp(): scores that are all -inf must not count others.
      let power = select(vec4<f32>(), exp(s${r} - top${r}), inside);
      scores[8u * (2u * ty + ${r}u) + tx] = power;
      weights[8u * (2u * ty + ${r}u) + tx] = keep * power;
    }`)
  }
    workgroupBarrier();
    ${
    eachQuery((r) => `
    {
      var powers = vec4<f32>();
      ${ofQuery(r, "scores", (x) => `powers += ${x};`)}
      sum${r} = sum${r} * fade${r} + dot(powers, vec4<f32>(1.0));
      if (firstKey == 0u) { fade${r} = 0.0; }
    }`)
  }
    ${
    addRows(shape, {
      of: VALUES,
      to: "firstQuery",
      weights: "weights",
      put: (r) => `
          var sum = d;
          if (firstKey > 0u) {
            sum = fma(vec4<f32>(fade${r}), read_y(rowAt(row, head), i), sum);
          }
          if (isLast) { sum /= sum${r}; }
          write_y(rowAt(row, head), i, sum);`,
    })
  }
  }
  if (tx == 0u) {
    ${
    eachQuery((r) => `
    if (firstQuery + 2u * ty + ${r}u < rows) {
      let row = first + firstQuery + 2u * ty + ${r}u;
      logSums[row * u.heads + head] = top${r} + log(sum${r});
    }`)
  }
  }
}

fn highest(x: vec4<f32>) -> f32 {
  return max(max(x.x, x.y), max(x.z, x.w));
}`;
}

/** The value, [T, H], and the log of each row's sum, [T, heads]. */
export const attentionForward = kernelVariants((shape: Shape) => {
  const element = elementOf(shape);
  return defineKernel({
    name: "attention",
    reads: { projected: element, starts: "i32" },
    writes: { y: element, logSums: "f32" },
    uniforms: UNIFORMS,
    code: code(shape),
  });
});
