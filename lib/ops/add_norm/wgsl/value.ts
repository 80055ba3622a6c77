/**
 * The WGSL of layer norms.
 *
 * A workgroup has several rows at a time, each on some lanes; a lane keeps its
 * units of the row, every so manyth, in variables of their own, so that each
 * is read once. What belongs to a row is summed within subgroups where there
 * are any, and through workgroup memory.
 *
 * @module
 */
import {
  defineKernel,
  kernelVariants,
} from "../../../device/webgpu/kernels/kernel.ts";
import { DROPOUT_UNIFORMS } from "../../dropout/webgpu.ts";
import {
  eachUnit,
  keepUnit,
  main,
  type NormShape,
  rowsOfGroup,
  rowSums,
  variables,
} from "./rows.ts";

/** WGSL that makes a row z normal, given its row. */
function normalise(shape: NormShape): string {
  const each = eachUnit(shape);
  const width = shape.units * (shape.element === "f32" ? 1 : 4);
  return `
  var own = 0.0;
  ${each((k) => `own += total(z${k});`)}
  let mean = sumOfRow(slot, lane, own) / ${width}.0;
  own = 0.0;
  ${each((k) => `z${k} -= mean; own += total(z${k} * z${k});`)}
  let variance = sumOfRow(slot, lane, own) / ${width}.0;
  let inverse = 1.0 / sqrt(variance + u.epsilon);
  ${each((k) => `z${k} *= inverse;`)}`;
}

function forwardCode(shape: NormShape, hasResidual: boolean): string {
  const each = eachUnit(shape);
  const sum = hasResidual
    ? `
  let mask = maskRow(u32(examples[row]), u32(positions[row]));
  ${
      each((k, unit) =>
        `z${k} = x[start + ${unit}] + keepUnit(mask, ${unit}) * r[start + ${unit}];`
      )
    }
  if (inside) {
    ${each((k, unit) => `z[start + ${unit}] = z${k};`)}
  }`
    : each((k, unit) => `z${k} = x[start + ${unit}];`);
  return `${rowSums(shape)}
${hasResidual ? keepUnit(shape) : ""}
${
    main(shape, {
      each: `
  ${variables(shape, "z")}
  ${sum}
  ${normalise(shape)}
  if (inside) {
    ${
        each((k, unit) =>
          `y[start + ${unit}] = z${k} * weight[${unit}] + bias[${unit}];`
        )
      }
  }`,
    })
  }`;
}

function backwardCode(shape: NormShape, hasResidual: boolean): string {
  const each = eachUnit(shape);
  const width = shape.units * (shape.element === "f32" ? 1 : 4);
  return `${rowSums(shape)}
${hasResidual ? keepUnit(shape) : ""}
${
    main(shape, {
      each: `
  ${variables(shape, "z", "d")}
  ${each((k, unit) => `z${k} = z[start + ${unit}];`)}
  ${normalise(shape)}
  var owns = vec2(0.0);
  ${
        each((k, unit) => `
    let dy${k} = dy[start + ${unit}];
    if (inside) { dWeight${k} += dy${k} * z${k}; dBias${k} += dy${k}; }
    d${k} = dy${k} * weight[${unit}];
    owns += vec2(total(d${k}), total(d${k} * z${k}));`)
      }
  let means = sumsOfRow(slot, lane, owns) / ${width}.0;
  ${
        hasResidual
          ? "let mask = maskRow(u32(examples[row]), u32(positions[row]));"
          : ""
      }
  if (inside) {
    ${
        each((k, unit) => `
    d${k} = inverse * (d${k} - means.x - z${k} * means.y);
    dx[start + ${unit}] = d${k};
    ${
          hasResidual
            ? `dr[start + ${unit}] = keepUnit(mask, ${unit}) * d${k};`
            : ""
        }`)
      }
  }`,
      end: `
  let at = (group.x * ${rowsOfGroup(shape)}u + slot) * ${2 * shape.units}u;
  ${
        each((k, unit) => `
  partial[at + ${unit}] = dWeight${k};
  partial[at + ${shape.units}u + ${unit}] = dBias${k};`)
      }`,
    })
  }`;
}

const UNIFORMS = { rows: "u32", epsilon: "f32" } as const;

/** y = LN(z) and z = x + dropout(r), for the gradient. */
export const addNormForward = kernelVariants(
  (shape: NormShape) => {
    const { element } = shape;
    return defineKernel({
      name: "add_norm",
      reads: {
        x: element,
        r: element,
        weight: element,
        bias: element,
        examples: "i32",
        positions: "i32",
      },
      writes: { y: element, z: element },
      uniforms: { ...UNIFORMS, ...DROPOUT_UNIFORMS },
      code: forwardCode(shape, true),
    });
  },
);

/** y = LN(x). */
export const layerNormForward = kernelVariants((shape: NormShape) => {
  const { element } = shape;
  return defineKernel({
    name: "layer_norm",
    reads: { x: element, weight: element, bias: element },
    writes: { y: element },
    uniforms: UNIFORMS,
    code: forwardCode(shape, false),
  });
});

/** The gradients of x and r, and sums over some rows of those of the rest. */
export const addNormBackward = kernelVariants((shape: NormShape) => {
  const { element } = shape;
  return defineKernel({
    name: "add_norm.gradient",
    reads: {
      dy: element,
      z: element,
      weight: element,
      examples: "i32",
      positions: "i32",
    },
    writes: { dx: element, dr: element, partial: element },
    uniforms: { ...UNIFORMS, ...DROPOUT_UNIFORMS },
    code: backwardCode(shape, true),
  });
});

/** The gradient of x, and sums over some rows of those of the rest. */
export const layerNormBackward = kernelVariants((shape: NormShape) => {
  const { element } = shape;
  return defineKernel({
    name: "layer_norm.gradient",
    reads: { dy: element, z: element, weight: element },
    writes: { dx: element, partial: element },
    uniforms: UNIFORMS,
    code: backwardCode(shape, false),
  });
});

/** Columns that a workgroup of {@link sumPartials} sums. */
export const SUMMED_COLUMNS = 16;
const WALKERS = 16;

/** Sums the columns of [rows, 2H]; some lanes walk down each, side by side. */
export const sumPartials = defineKernel({
  name: "add_norm.sums",
  reads: { partial: "f32" },
  writes: { dWeight: "f32", dBias: "f32" },
  uniforms: { rows: "u32", width: "u32" },
  code: `
var<workgroup> sums: array<array<f32, ${SUMMED_COLUMNS}>, ${WALKERS}>;

@compute @workgroup_size(${SUMMED_COLUMNS}, ${WALKERS})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) id: vec3<u32>,
) {
  let column = group.x * ${SUMMED_COLUMNS}u + id.x;
  let columns = 2u * u.width;
  var own = 0.0;
  if (column < columns) {
    for (var row = id.y; row < u.rows; row += ${WALKERS}u) {
      own += partial[row * columns + column];
    }
  }
  sums[id.y][id.x] = own;
  workgroupBarrier();
  if (id.y > 0u || column >= columns) { return; }
  let all = ${
    Array.from({ length: WALKERS }, (_, i) => `sums[${i}][id.x]`).join(" + ")
  };
  if (column < u.width) { dWeight[column] = all; }
  else { dBias[column - u.width] = all; }
}`,
});
