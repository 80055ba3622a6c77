/**
 * The WGSL of the gradient of attention where only `<cls>` asks (see wgsl.ts).
 *
 * @module
 */
import {
  defineKernel,
  kernelVariants,
} from "../../../device/webgpu/kernels/kernel.ts";
import {
  eachUnit,
  type RowUnits,
  rowUnits,
  UNIT_UNIFORMS,
} from "../../../device/webgpu/kernels/row_units.ts";
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

function gradientCode(shape: ClsShape): string {
  return `
${KEEP_SCALE}
${["x", "valueWeight"].map((name) => read(shape.width, name)).join("\n")}
${write(shape.width, "dSums")}
${memory(shape)}
${beginLanes(shape)}
  ${ownVectors(shape, "dz")}
  var byBias = 0.0;
  for (var k = 0u; k < ${shape.depth}u; k++) {
    let d = dy[ownRow + k];
    byBias = fma(d, valueBias[firstWeight + k], byBias);
    let at = rowAt(firstWeight + k);
    ${
    eachOwn(
      shape,
      (n) => `dz${n} = fma(vec4<f32>(d), read_valueWeight(at, i${n}), dz${n});`,
    )
  }
  }
  let dzAt = headAt(example, 1u, head);
  ${
    eachOwn(
      shape,
      (n) => `headVectors[i${n}] = dz${n}; write_dSums(dzAt, i${n}, dz${n});`,
    )
  }
  workgroupBarrier();
  // First what each key's weight should have been, then less their mean.
  var ownMean = 0.0;${
    eachRound(`${multiplyRows(shape)}
    if (lane < count) {
      let keep = keepScale(mask, start + lane);
      let slope = keep * (sumOfShares(lane) + byBias);
      ownMean = fma(slope, probabilities[at], ownMean);
      slopes[2u * at] = slope;
      slopes[2u * at + 1u] = keep * probabilities[at];
    }`)
  }
  powers[lane] = ownMean;
  workgroupBarrier();
  var mean = 0.0;
  for (var j = 0u; j < ${LANES}u; j++) { mean += powers[j]; }
  ${ownVectors(shape, "du")}${
    eachRound(`
    if (lane < count) {
      let slope = u.scale * probabilities[at] * (slopes[2u * at] - mean);
      slopes[2u * at] = slope;
      weights[lane] = slope;
    }
    workgroupBarrier();
    for (var j = 0u; j < count; j++) {
      let row = rowAt(first + start + j);
      let slope = vec4<f32>(weights[j]);
      ${
      eachOwn(shape, (n) => `du${n} = fma(slope, read_x(row, i${n}), du${n});`)
    }
    }`)
  }
  let duAt = headAt(example, 0u, head);
  ${eachOwn(shape, (n) => `write_dSums(duAt, i${n}, du${n});`)}
}`;
}

/**
 * The gradients of u and z, [B, 2, heads, H], and of each key the score's
 * gradient and what dropout left of the probability, [T, heads, 2].
 */
export const clsGradient = kernelVariants((shape: ClsShape) => {
  const { element } = rowUnits(shape.width);
  return defineKernel({
    name: "attention.cls.gradient",
    reads: {
      dy: "f32",
      x: element,
      valueWeight: element,
      valueBias: "f32",
      starts: "i32",
      probabilities: "f32",
    },
    writes: { dSums: element, slopes: "f32" },
    uniforms: UNIFORMS,
    code: gradientCode(shape),
  });
});

/** The gradient of x. */
export const clsRows = kernelVariants(
  ({ element }: Pick<RowUnits, "element">) =>
    defineKernel({
      name: "attention.cls.rows",
      reads: {
        sums: element,
        dSums: element,
        slopes: "f32",
        examples: "i32",
      },
      writes: { dx: element },
      uniforms: { ...UNIT_UNIFORMS, heads: "u32", first: "u32" },
      code: eachUnit(`
  let example = u32(examples[row]) - u.first;
  var sum = ${element}();
  for (var head = 0u; head < u.heads; head++) {
    let at = 2u * (row * u.heads + head);
    let u0 = (2u * example * u.heads + head) * u.units + unit;
    let z0 = u0 + u.heads * u.units;
    sum += slopes[at] * sums[u0] + slopes[at + 1u] * dSums[z0];
  }
  dx[i] = sum;`),
    }),
);
