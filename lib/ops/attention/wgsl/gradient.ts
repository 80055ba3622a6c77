/**
 * The WGSL of attention's gradient. A workgroup has one example and head; of a
 * tile of queries and keys it first computes what the gradients are sums of,
 *
 *     S = scale Q K^T    P = exp(S - logSum)    W = R P
 *     D = scale P (R (dY V^T) - mean)           mean[q] = dy[q] . y[q]
 *
 * with R the scales of dropout, element by element. The probabilities are
 * computed again rather than kept (Dao et al., 2022). W and D then lie in
 * workgroup memory, and
 *
 *     dQ += D K    dK += D^T Q    dV += W^T dY
 *
 * A lane adds to the same elements of the result in every tile, so that none
 * waits for what another has written.
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
  slotOfQuery,
  TILE,
  type TileRows,
  VALUES,
} from "./tiles.ts";

const slope: TileRows = {
  from: "firstQuery",
  value: "read_dy(rowAt(row, head), i)",
};
const addMeans = "mean += dot(x, read_y(rowAt(row, head), i));";

/** Adds to the gradient from some element of the row on, after the first tile. */
function addAt(element: string, over: string): () => string {
  return () => `
          var sum = d;
          if (${over} > 0u) { sum += read_dProjected(${element}, i); }
          write_dProjected(${element}, i, sum);`;
}

function code(shape: Shape): string {
  const tiles = (first: string) =>
    `for (var ${first} = 0u; ${first} < rows; ${first} += ${TILE}u)`;
  return `
${KEEP_SCALE}
${
    ["projected", "dy", "y", "dProjected"].map((x) => read(shape.depth, x))
      .join("\n")
  }
${write(shape.depth, "dProjected")}
${featureAddresses(shape)}
${beginTiles(["slopes", "weights"])}
  ${tiles("firstKey")} { ${tiles("firstQuery")} {
    ${eachQuery((r) => `var s${r} = vec4<f32>(); var p${r} = vec4<f32>();`)}
    var mean = 0.0;
    for (var start = 0u; start < ${vectorsOf(shape)}u; start += 4u) {
      ${fillChunk(shape, [QUERIES, KEYS, { ...slope, seen: addMeans }, VALUES])}
      ${addProducts("s", 0, 1)}
      ${addProducts("p", 2, 3)}
    }
    // The terms of a query's mean, in the order of the chunk.
    workgroupBarrier();
    chunk[lane].x = mean;
    workgroupBarrier();
    ${
    eachQuery((r) =>
      `{
      let query = firstQuery + 2u * ty + ${r}u;${INSIDE}${KEEP}
      let row = first + min(query, rows - 1u);
      let term = 4u * ${slotOfQuery(r)};
      let mean = chunk[term].x + chunk[term + 1u].x + chunk[term + 2u].x +
        chunk[term + 3u].x;
      let power = exp(u.scale * s${r} - logSums[row * u.heads + head]);
      let share = select(vec4<f32>(), power, inside);
      weights[8u * (2u * ty + ${r}u) + tx] = keep * share;
      slopes[8u * (2u * ty + ${r}u) + tx] =
        u.scale * share * (keep * p${r} - mean);
    }`
    )
  }
    ${
    addRows(shape, {
      of: KEYS,
      to: "firstQuery",
      weights: "slopes",
      put: addAt("queryAt(row, head)", "firstKey"),
    })
  }${
    addRows(shape, {
      of: QUERIES,
      to: "firstKey",
      weights: "slopes",
      put: addAt("keyAt(row, head)", "firstQuery"),
    })
  }${
    addRows(shape, {
      of: slope,
      to: "firstKey",
      weights: "weights",
      put: addAt("valueAt(row, head)", "firstQuery"),
    })
  }
  } }
}`;
}

/** The gradients of queries, keys and values, in one dispatch. */
export const attentionGradient = kernelVariants((shape: Shape) => {
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
    uniforms: UNIFORMS,
    code: code(shape),
  });
});
