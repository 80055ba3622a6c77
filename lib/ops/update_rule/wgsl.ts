/**
 * The WGSL around an optimiser's rule: on whole parameters, and on some rows of
 * a table.
 *
 * @module
 */
import {
  defineKernel,
  eachElement,
  FLAT_INDEX,
  type Kernel,
} from "../../device/webgpu/kernels/kernel.ts";
import type { RowUnits } from "../../device/webgpu/kernels/row_units.ts";
import type { RuleDefinition } from "./reference.ts";

/** A rule with its WGSL. */
export interface GpuUpdateRule {
  /** Which rule. */
  rule: RuleDefinition;
  /** How many factors a step has, at most 4. */
  factors: number;
  /**
   * WGSL of `fn update(x: Values, d: Unit, f: vec4<f32>) -> Values`: `x` has
   * the parameter `p` and the states by name, `d` is the scaled gradient. A
   * `Unit` is a float or a vector of floats.
   */
  code: string;
}

/** Invocations of a workgroup. */
export const SIZE = 256;

/** WGSL of the rule, for a kind of unit. */
function ruleCode(
  { rule: { state }, code }: GpuUpdateRule,
  element: RowUnits["element"],
): string {
  return `
alias Unit = ${element};
struct Values { p: Unit, ${state.map((name) => `${name}: Unit`).join(", ")} }
${code}
`;
}

/** WGSL of a step's factors, filled up to four. */
function fourOf(count: number, factor: (k: number) => string): string {
  const four = [0, 1, 2, 3].map((k) => k < count ? factor(k) : "0.0");
  return `vec4<f32>(${four.join(", ")})`;
}

/** Updates some whole parameters, one after the other by workgroups. */
export function wholeKernel(gpuRule: GpuUpdateRule, count: number): Kernel {
  const { rule } = gpuRule;
  const each = Array.from({ length: count }, (_, i) => i);
  const values = ["p", ...rule.state];
  const named = <T>(names: readonly string[], value: T) =>
    Object.fromEntries(
      each.flatMap((i) => names.map((name) => [`${name}${i}`, value] as const)),
    );
  const factors = Array.from({ length: gpuRule.factors }, (_, k) => k);
  return defineKernel<string, string, string>({
    name: `${rule.name.toLowerCase()}`,
    reads: { ...named(["g"], "vec4<f32>" as const), scale: "f32" },
    writes: named(values, "vec4<f32>" as const),
    uniforms: Object.fromEntries(each.flatMap((i) => [
      [`units${i}`, "u32" as const],
      [`end${i}`, "u32" as const],
      ...factors.map((k) => [`f${i}_${k}`, "f32" as const] as const),
    ])),
    code: `${ruleCode(gpuRule, "vec4<f32>")}${FLAT_INDEX}
@compute @workgroup_size(${SIZE})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let own = flatIndex(group, groups, 0u, 1u);
  ${
      each.map((i) => {
        const start = i === 0 ? "0u" : `u.end${i - 1}`;
        return `
  if (own >= ${start} && own < u.end${i}) {
    let i = (own - ${start}) * ${SIZE}u + lane;
    if (i < u.units${i}) {
      let x = update(
        Values(${values.map((name) => `${name}${i}[i]`).join(", ")}),
        g${i}[i] * scale[0],
        ${fourOf(gpuRule.factors, (k) => `u.f${i}_${k}`)},
      );
      ${values.map((name) => `${name}${i}[i] = x.${name};`).join(" ")}
    }
  }`;
      }).join("")
    }
}`,
  });
}

/** Updates rows of a table, step by step; only the last has a gradient. */
export function tableKernel(
  gpuRule: GpuUpdateRule,
  element: RowUnits["element"],
): Kernel {
  const { rule } = gpuRule;
  const values = ["p", ...rule.state];
  return defineKernel<string, string, string>({
    name: `${rule.name.toLowerCase()}.rows`,
    reads: {
      rows: "i32",
      since: "i32",
      factors: "f32",
      g: element,
      scale: "f32",
    },
    writes: Object.fromEntries(values.map((name) => [name, element])),
    uniforms: {
      count: "u32",
      units: "u32",
      steps: "u32",
      hasGradient: "u32",
    },
    code: ruleCode(gpuRule, element) + eachElement(
      SIZE,
      `if (i >= u.count * u.units) { return; }
  let row = i / u.units;
  if (rows[row] < 0) { return; }
  let at = u32(rows[row]) * u.units + i % u.units;
  var x = Values(${values.map((name) => `${name}[at]`).join(", ")});
  for (var step = u32(since[row]); step < u.steps; step++) {
    let f = step * ${gpuRule.factors}u;
    var d = Unit();
    if (u.hasGradient == 1u && step + 1u == u.steps) {
      d = g[i] * scale[0];
    }
    x = update(x, d, ${fourOf(gpuRule.factors, (k) => `factors[f + ${k}u]`)});
  }
  ${values.map((name) => `${name}[at] = x.${name};`).join(" ")}`,
    ),
  });
}
