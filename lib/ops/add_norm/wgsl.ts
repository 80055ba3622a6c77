/**
 * The WGSL of layer norms.
 *
 * A workgroup has several rows at a time, each on some lanes; a lane keeps its
 * units of the row, every so manyth, in variables of their own, so that each
 * is read once. What belongs to a row is summed through workgroup memory.
 *
 * @module
 */
import { defineKernel, kernelVariants } from "../../device/webgpu/kernel.ts";
import type { RowUnits } from "../../device/webgpu/row_units.ts";
import { DROPOUT_UNIFORMS, KEEP_SCALE } from "../dropout/webgpu.ts";

const SIZE = 64;

/** Lanes that share a row: so many that each has few units of it. */
function lanesOf({ units }: RowUnits): number {
  return units <= 96 ? 16 : units <= 256 ? 32 : SIZE;
}

/** Rows that a workgroup has at a time. */
export function rowsOfGroup(shape: RowUnits): number {
  return SIZE / lanesOf(shape);
}

/** WGSL for each of a lane's units, only where the row has that unit. */
type EachUnit = (code: (k: number, unit: string) => string) => string;

function eachUnit(shape: RowUnits): EachUnit {
  const lanes = lanesOf(shape);
  const count = Math.ceil(shape.units / lanes);
  return (code) =>
    Array.from({ length: count }, (_, k) => {
      const unit = `(lane + ${k * lanes}u)`;
      const line = code(k, unit);
      const isWhole = (k + 1) * lanes <= shape.units;
      return isWhole ? line : `if (${unit} < ${shape.units}u) { ${line} }`;
    }).join("\n");
}

/** WGSL of variables, one a unit, that start at 0. */
function variables(shape: RowUnits, ...names: string[]): string {
  const count = Math.ceil(shape.units / lanesOf(shape));
  return names.flatMap((name) =>
    Array.from(
      { length: count },
      (_, k) => `var ${name}${k} = ${shape.element}();`,
    )
  ).join("\n");
}

/** WGSL of the sums over a row's lanes, in a fixed order. */
function rowSums(shape: RowUnits): string {
  const lanes = lanesOf(shape);
  const all = Array.from({ length: lanes }, (_, i) => `sums[slot][${i}]`);
  return `
var<workgroup> sums: array<array<vec2<f32>, ${lanes}>, ${SIZE / lanes}>;

fn sumsOfRow(slot: u32, lane: u32, own: vec2<f32>) -> vec2<f32> {
  workgroupBarrier();
  sums[slot][lane] = own;
  workgroupBarrier();
  return ${all.join(" + ")};
}

fn sumOfRow(slot: u32, lane: u32, own: f32) -> f32 {
  return sumsOfRow(slot, lane, vec2(own, 0.0)).x;
}

fn total(unit: ${shape.element}) -> f32 {
  return ${shape.element === "f32" ? "unit" : "dot(unit, vec4(1.0))"};
}`;
}

/** WGSL of the dropout of one unit. */
function keepUnit({ element }: RowUnits): string {
  const scale = (i: string) => `keepScale(mask, ${i})`;
  return `${KEEP_SCALE}
fn keepUnit(mask: u32, unit: u32) -> ${element} {
  return ${
    element === "f32"
      ? scale("unit")
      : `vec4(${[0, 1, 2, 3].map((i) => scale(`4u * unit + ${i}u`))})`
  };
}
`;
}

/** WGSL: which rows a workgroup has, and, within a row, where a lane is. */
function main(shape: RowUnits, code: { each: string; end?: string }): string {
  const lanes = lanesOf(shape);
  const rows = SIZE / lanes;
  return `
@compute @workgroup_size(${SIZE})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let lane = index % ${lanes}u;
  let slot = index / ${lanes}u;
  ${code.end === undefined ? "" : variables(shape, "dWeight", "dBias")}
  for (
    var first = group.x * ${rows}u;
    first < u.rows;
    first += groups.x * ${rows}u
  ) {
    let row = min(first + slot, u.rows - 1u);
    let inside = first + slot < u.rows;
    let start = row * ${shape.units}u;
    ${code.each}
  }
  ${code.end ?? ""}
}`;
}

/** WGSL that makes a row z normal, given its row. */
function normalise(shape: RowUnits): string {
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

function forwardCode(shape: RowUnits, hasResidual: boolean): string {
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

function backwardCode(shape: RowUnits, hasResidual: boolean): string {
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
  let part = (group.x * ${rowsOfGroup(shape)}u + slot) * ${2 * shape.units}u;
  ${
        each((k, unit) => `
  partial[part + ${unit}] = dWeight${k};
  partial[part + ${shape.units}u + ${unit}] = dBias${k};`)
      }`,
    })
  }`;
}

const UNIFORMS = { rows: "u32", epsilon: "f32" } as const;

/** y = LN(z) and z = x + dropout(r), for the gradient. */
export const addNormForward = kernelVariants(
  (shape: RowUnits) => {
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
export const layerNormForward = kernelVariants((shape: RowUnits) => {
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
export const addNormBackward = kernelVariants((shape: RowUnits) => {
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
export const layerNormBackward = kernelVariants((shape: RowUnits) => {
  const { element } = shape;
  return defineKernel({
    name: "layer_norm.gradient",
    reads: { dy: element, z: element, weight: element },
    writes: { dx: element, partial: element },
    uniforms: UNIFORMS,
    code: backwardCode(shape, false),
  });
});

/** Columns that a workgroup of {@link sumParts} sums. */
export const SUMMED_COLUMNS = 16;
const WALKERS = 16;

/** Sums the columns of [parts, 2H]; some lanes walk down each, side by side. */
export const sumParts = defineKernel({
  name: "add_norm.sums",
  reads: { partial: "f32" },
  writes: { dWeight: "f32", dBias: "f32" },
  uniforms: { parts: "u32", width: "u32" },
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
    for (var part = id.y; part < u.parts; part += ${WALKERS}u) {
      own += partial[part * columns + column];
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
