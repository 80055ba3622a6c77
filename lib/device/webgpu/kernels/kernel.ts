/**
 * What a WGSL kernel is: its code, the tensors that it binds and the numbers
 * that it is told.
 *
 * The declarations of bindings and uniforms are written from the kernel's
 * definition, so that code and caller can't disagree. The code sees each
 * tensor as an array of that name and the uniforms as `u.NAME`. A bound array
 * can be longer than its tensor: a kernel is told its sizes as uniforms, and
 * never asks `arrayLength`.
 *
 * @module
 */

/** A number of WGSL that a uniform can be. */
export type Scalar = "f32" | "i32" | "u32";

/**
 * What a uniform is told: a number, or how to get it where it is another one
 * when the same dispatch is played again (see recording.ts).
 */
export type UniformValue = number | (() => number);

/** What a tensor is seen as an array of. */
export type Element = Scalar | "vec4<f32>" | "vec4<i32>" | "vec4<u32>";

/** A kernel of one entry point, `main`. */
export interface Kernel<
  Read extends string = string,
  Write extends string = string,
  Uniform extends string = string,
> {
  /** As errors, profiles and debuggers call it: `op.step`. */
  readonly name: string;
  /** Tensors that it reads only, in the order of their bindings. */
  readonly reads: Readonly<Record<Read, Element>>;
  /** Tensors that it writes, and may read, bound after those. */
  readonly writes: Readonly<Record<Write, Element>>;
  /** The numbers that it is told at each dispatch, at most 64. */
  readonly uniforms: Readonly<Record<Uniform, Scalar>>;
  /** WGSL: constants, workgroup memory, functions, and `main`. */
  readonly code: string;
}

/**
 * Defines a kernel; the compiler then knows the names that a dispatch needs.
 *
 * @example
 * ```ts
 * import { defineKernel, wgslOf } from "./kernel.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const scale = defineKernel({
 *   name: "example.scale",
 *   reads: {},
 *   writes: { y: "f32" },
 *   uniforms: { count: "u32", factor: "f32" },
 *   code: `
 *     @compute @workgroup_size(64)
 *     fn main(@builtin(global_invocation_id) id: vec3<u32>) {
 *       if (id.x < u.count) { y[id.x] *= u.factor; }
 *     }`,
 * });
 * assertStringIncludes(wgslOf(scale), "var<storage, read_write> y: array<f32>");
 * ```
 */
export function defineKernel<
  Read extends string,
  Write extends string,
  Uniform extends string,
>(
  kernel: Kernel<Read, Write, Uniform>,
): Kernel<Read, Write, Uniform> {
  return kernel;
}

/**
 * Kernels that differ by compile-time constants, each made once.
 *
 * @param make Makes the kernel of some constants.
 * @return The kernel of some constants, always the same object.
 */
export function kernelVariants<
  Constants extends object,
  K extends Kernel,
>(make: (constants: Constants) => K): (constants: Constants) => K {
  const made = new Map<string, K>();
  return (constants) => {
    let key = "";
    for (const name in constants) key += `${constants[name]},`;
    let kernel = made.get(key);
    if (!kernel) made.set(key, kernel = make(constants));
    return kernel;
  };
}

/** A kernel's whole WGSL: the declarations, then its code. */
export function wgslOf(kernel: Kernel): string {
  const storage = [
    ...Object.entries(kernel.reads).map(([name, element]) =>
      `var<storage, read> ${name}: array<${element}>;`
    ),
    ...Object.entries(kernel.writes).map(([name, element]) =>
      `var<storage, read_write> ${name}: array<${element}>;`
    ),
  ];
  const uniforms = Object.entries(kernel.uniforms)
    .map(([name, type]) => `  ${name}: ${type},\n`).join("");
  const declarations = uniforms === ""
    ? storage
    : [...storage, "var<uniform> u: Uniforms;"];
  return (uniforms === "" ? "" : `struct Uniforms {\n${uniforms}}\n`) +
    declarations.map((declaration, i) =>
      `@group(0) @binding(${i}) ${declaration}\n`
    ).join("") + kernel.code;
}

/**
 * WGSL for kernels with one invocation an element: `flatIndex(workgroup_id,
 * num_workgroups, local_invocation_index, size)` counts the invocations of a
 * dispatch over {@link flatGroups}.
 */
export const FLAT_INDEX = `
fn flatIndex(group: vec3<u32>, groups: vec3<u32>, lane: u32, size: u32) -> u32 {
  return (group.y * groups.x + group.x) * size + lane;
}
`;

/**
 * WGSL of a kernel with one invocation an element, to be run on
 * {@link flatGroups}.
 *
 * @param size Invocations of a workgroup.
 * @param code For element `i`, which may lie past the last one.
 */
export function eachElement(size: number, code: string): string {
  return `
${FLAT_INDEX}
@compute @workgroup_size(${size})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = flatIndex(group, groups, lane, ${size}u);
  ${code}
}`;
}

/** Invocations of a workgroup of {@link eachVector}. */
const VECTOR_SIZE = 256;

/** What kernels of {@link eachVector} are told. */
export const VECTOR_UNIFORMS = { vectors: "u32" } as const;

/** Workgroups of {@link eachVector}. */
export function vectorGroups(vectors: number): Groups {
  return flatGroups(vectors, VECTOR_SIZE);
}

/**
 * WGSL of a kernel with an invocation for each vector of four of some tensors
 * of one size. The last may reach past the tensors, in their buffers.
 *
 * @param code For vector `i`.
 */
export function eachVector(code: string): string {
  return eachElement(VECTOR_SIZE, `if (i < u.vectors) { ${code} }`);
}

/**
 * WGSL of `sumOverGroup(lane, value)`, which a kernel calls once: it gives
 * lane 0 the sum of a workgroup's values, added up in a fixed order.
 *
 * @param size Invocations of the workgroup, a power of 2.
 */
export function sumOverGroup(size: number): string {
  return `
var<workgroup> sums: array<f32, ${size}>;

fn sumOverGroup(lane: u32, value: f32) -> f32 {
  sums[lane] = value;
  for (var half = ${size / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (lane < half) { sums[lane] += sums[lane + half]; }
  }
  return sums[0];
}
`;
}

/** Values by name, as `x0`, `x1`, ..., for kernels that bind many. */
export function numbered<T>(
  prefix: string,
  values: readonly T[],
): Record<string, T> {
  const named: Record<string, T> = {};
  for (let i = 0; i < values.length; i++) named[`${prefix}${i}`] = values[i];
  return named;
}

/** Workgroups in one dimension that every device takes. */
const MOST_GROUPS = 65535;

/**
 * Workgroups for one invocation an element, in two dimensions if one doesn't
 * hold them. The last ones may have nothing to do.
 *
 * @param elements How many.
 * @param size Invocations of a workgroup.
 */
export function flatGroups(elements: number, size: number): Groups {
  const groups = Math.max(1, Math.ceil(elements / size));
  const rows = Math.ceil(groups / MOST_GROUPS);
  return [Math.ceil(groups / rows), rows];
}

/** Workgroups in x, y and z. */
export type Groups = readonly [x: number, y?: number, z?: number];
