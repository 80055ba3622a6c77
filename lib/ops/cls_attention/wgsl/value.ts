/**
 * The WGSL of attention where only `<cls>` asks. Keys and values are never
 * made; of the steps in mod.ts these kernels do, with z and du as sums over
 * keys,
 *
 *     forward    u = q Wk,  p = softmax(u x^T / sqrt(d)),  z = dropout(p) x
 *     gradient   dz = dy Wv,  ds = the scores' gradient,  du = ds x
 *     rows       dx = ds u + dropout(p) dz
 *
 * the first of which is here, and wgsl_products.ts has the products of all
 * examples.
 *
 * A workgroup has one example and head. A lane has some vectors of features for
 * u, z, dz and du; for the scores, 8 lanes side by side share a key.
 *
 * @module
 */
import {
  defineKernel,
  kernelVariants,
} from "../../../device/webgpu/kernels/kernel.ts";
import { rowUnits } from "../../../device/webgpu/kernels/row_units.ts";
import { read, UNIFORMS, write } from "../../attention/wgsl/common.ts";
import { KEEP_SCALE } from "../../dropout/webgpu.ts";
import {
  beginLanes,
  type ClsShape,
  eachOwn,
  eachRound,
  LANES,
  memory,
  multiplyRows,
  ownVectors,
} from "./common.ts";

function forwardCode(shape: ClsShape): string {
  return `
${KEEP_SCALE}
${["x", "keyWeight"].map((name) => read(shape.width, name)).join("\n")}
${write(shape.width, "sums")}
${memory(shape)}
${beginLanes(shape)}
  ${ownVectors(shape, "u")}
  for (var k = 0u; k < ${shape.depth}u; k++) {
    let q = vec4<f32>(query[ownRow + k]);
    let at = rowAt(firstWeight + k);
    ${
    eachOwn(shape, (n) => `u${n} = fma(q, read_keyWeight(at, i${n}), u${n});`)
  }
  }
  let uAt = headAt(example, 0u, head);
  ${
    eachOwn(
      shape,
      (n) => `headVectors[i${n}] = u${n}; write_sums(uAt, i${n}, u${n});`,
    )
  }
  workgroupBarrier();
  ${ownVectors(shape, "z")}
  var top = -3.4e38;
  var sum = 0.0;
  var kept = 0.0;${
    eachRound(`${multiplyRows(shape)}
    var score = -3.4e38;
    if (lane < count) {
      score = u.scale * sumOfShares(lane);
      probabilities[at] = score;
    }
    powers[lane] = score;
    workgroupBarrier();
    var higher = top;
    for (var j = 0u; j < count; j++) { higher = max(higher, powers[j]); }
    let fade = exp(top - higher);
    top = higher;
    let power = select(0.0, exp(score - top), lane < count);
    workgroupBarrier();
    powers[lane] = power;
    weights[lane] = power * keepScale(mask, start + lane);
    workgroupBarrier();
    sum *= fade;
    kept *= fade;
    for (var j = 0u; j < count; j++) {
      sum += powers[j];
      kept += weights[j];
    }
    ${eachOwn(shape, (n) => `z${n} *= fade;`)}
    for (var j = 0u; j < count; j++) {
      let row = rowAt(first + start + j);
      let weight = vec4<f32>(weights[j]);
      ${
      eachOwn(shape, (n) => `z${n} = fma(weight, read_x(row, i${n}), z${n});`)
    }
    }`)
  }
  let share = 1.0 / sum;
  let logSum = top + log(sum);
  for (var j = lane; j < rows; j += ${LANES}u) {
    let at = (first + j) * u.heads + head;
    probabilities[at] = exp(probabilities[at] - logSum);
  }
  if (lane == 0u) { kepts[example * u.heads + head] = kept * share; }
  let zAt = headAt(example, 1u, head);
  ${eachOwn(shape, (n) => `write_sums(zAt, i${n}, share * z${n});`)}
}`;
}

/**
 * Of each example and head u and z, [B, 2, heads, H], and the sum of what
 * dropout left of the probabilities; these without dropout, [T, heads].
 */
export const clsForward = kernelVariants((shape: ClsShape) => {
  const { element } = rowUnits(shape.width);
  return defineKernel({
    name: "attention.cls",
    reads: { query: "f32", x: element, keyWeight: element, starts: "i32" },
    writes: { sums: element, kepts: "f32", probabilities: "f32" },
    uniforms: UNIFORMS,
    code: forwardCode(shape),
  });
});
