/**
 * WGSL that all kernels of attention share: where a head's features are, and
 * how they are read and written.
 *
 * @module
 */
import {
  type RowUnits,
  rowUnits,
} from "../../../device/webgpu/kernels/row_units.ts";
import { DROPOUT_UNIFORMS } from "../../dropout/webgpu.ts";

/** What they are told. */
export const UNIFORMS = {
  heads: "u32",
  /** The first example's index in the batch that this micro-batch is of. */
  first: "u32",
  /** 1 / sqrt(d). */
  scale: "f32",
  ...DROPOUT_UNIFORMS,
} as const;

/** What kernels are made for. */
export interface Shape {
  /** Features of a head, d. */
  depth: number;
}

/** Vectors of four that a head's features take. */
export function vectorsOf({ depth }: Shape): number {
  return Math.ceil(depth / 4);
}

/** What the tensors are bound as. */
export function elementOf({ depth }: Shape): RowUnits["element"] {
  return rowUnits(depth).element;
}

/**
 * WGSL of `read_TENSOR(at, i)`: vector i of the features, a head's or a row's,
 * that begin at element `at`.
 */
export function read(features: number, tensor: string): string {
  const code = rowUnits(features).element === "f32"
    ? `
  let o = at + 4u * i;
  let left = ${features}u - 4u * i;
  return vec4(
    ${tensor}[o],
    select(0.0, ${tensor}[o + 1u], left > 1u),
    select(0.0, ${tensor}[o + 2u], left > 2u),
    select(0.0, ${tensor}[o + 3u], left > 3u),
  );`
    : `return ${tensor}[at / 4u + i];`;
  return `fn read_${tensor}(at: u32, i: u32) -> vec4<f32> {${code}}`;
}

/** WGSL of `write_TENSOR(at, i, x)`, which sets that vector. */
export function write(features: number, tensor: string): string {
  const code = rowUnits(features).element === "f32"
    ? `
  let o = at + 4u * i;
  let left = ${features}u - 4u * i;
  ${tensor}[o] = x.x;
  if (left > 1u) { ${tensor}[o + 1u] = x.y; }
  if (left > 2u) { ${tensor}[o + 2u] = x.z; }
  if (left > 3u) { ${tensor}[o + 3u] = x.w; }`
    : `${tensor}[at / 4u + i] = x;`;
  return `fn write_${tensor}(at: u32, i: u32, x: vec4<f32>) {${code}}`;
}

/** WGSL of where a head's features are, by the row of the tensor. */
export function featureAddresses({ depth }: Shape): string {
  return `
fn rowAt(row: u32, head: u32) -> u32 {
  return (row * u.heads + head) * ${depth}u;
}
fn queryAt(row: u32, head: u32) -> u32 {
  return (3u * row * u.heads + head) * ${depth}u;
}
fn keyAt(row: u32, head: u32) -> u32 {
  return ((3u * row + 1u) * u.heads + head) * ${depth}u;
}
fn valueAt(row: u32, head: u32) -> u32 {
  return ((3u * row + 2u) * u.heads + head) * ${depth}u;
}`;
}

/** WGSL of `main` up to where an example's rows are. */
export function begin(lanes: number): string {
  return `
@compute @workgroup_size(${lanes})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let example = group.x;
  let head = group.y;
  let first = u32(starts[example]);
  let rows = u32(starts[example + 1u]) - first;`;
}
