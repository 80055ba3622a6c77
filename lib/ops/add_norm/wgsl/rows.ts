/**
 * WGSL that the value and the gradient of layer norms share: which rows a
 * workgroup has, how a lane goes through its units of one, and the sums over
 * a row.
 *
 * @module
 */
import { sumOfNeighbours } from "../../../device/webgpu/adapter/subgroups.ts";
import type { RowUnits } from "../../../device/webgpu/kernels/row_units.ts";
import { KEEP_SCALE } from "../../dropout/webgpu.ts";

const SIZE = 64;

/** What kernels are made for. */
export interface NormShape extends RowUnits {
  /** Neighbouring lanes that belong to a subgroup; 1 if none do. */
  subgroup: number;
}

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

export function eachUnit(shape: RowUnits): EachUnit {
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
export function variables(shape: RowUnits, ...names: string[]): string {
  const count = Math.ceil(shape.units / lanesOf(shape));
  return names.flatMap((name) =>
    Array.from(
      { length: count },
      (_, k) => `var ${name}${k} = ${shape.element}();`,
    )
  ).join("\n");
}

/**
 * WGSL of the sums over a row's lanes, in a fixed order: within subgroups, and
 * of what these make through workgroup memory.
 */
export function rowSums(shape: NormShape): string {
  const lanes = lanesOf(shape);
  const together = Math.min(lanes, shape.subgroup);
  const subgroups = lanes / together;
  const all = Array.from({ length: subgroups }, (_, i) => `sums[slot][${i}]`);
  const throughMemory = `
var<workgroup> sums: array<array<vec2<f32>, ${subgroups}>, ${SIZE / lanes}>;

fn sumsOfRow(slot: u32, lane: u32, own: vec2<f32>) -> vec2<f32> {
  let near = sumOfNeighbours(own);
  workgroupBarrier();
  if (lane % ${together}u == 0u) { sums[slot][lane / ${together}u] = near; }
  workgroupBarrier();
  return ${all.join(" + ")};
}
`;
  const withinSubgroup = `
fn sumsOfRow(slot: u32, lane: u32, own: vec2<f32>) -> vec2<f32> {
  return sumOfNeighbours(own);
}
`;
  return `${sumOfNeighbours(together, "vec2<f32>")}
${subgroups > 1 ? throughMemory : withinSubgroup}
fn sumOfRow(slot: u32, lane: u32, own: f32) -> f32 {
  return sumsOfRow(slot, lane, vec2(own, 0.0)).x;
}

fn total(unit: ${shape.element}) -> f32 {
  return ${shape.element === "f32" ? "unit" : "dot(unit, vec4(1.0))"};
}`;
}

/** WGSL of the dropout of one unit. */
export function keepUnit({ element }: RowUnits): string {
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
export function main(
  shape: RowUnits,
  code: { each: string; end?: string },
): string {
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
