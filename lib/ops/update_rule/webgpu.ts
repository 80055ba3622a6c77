/**
 * Registers the kernels of an optimiser's room (see ops/update_rule.ts).
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { UpdateAttributes } from "./mod.ts";
import {
  defineKernel,
  eachElement,
  FLAT_INDEX,
  flatGroups,
  type Kernel,
  kernelVariants,
  type UniformValue,
} from "../../device/webgpu/kernels/kernel.ts";
import { registerGpuKernel } from "../../device/webgpu/kernels/register.ts";
import {
  type RowUnits,
  rowUnits,
} from "../../device/webgpu/kernels/row_units.ts";

/** An optimiser's rule in WGSL. */
export interface GpuUpdateRule {
  /** The rule's name. */
  name: string;
  /** The names of its states. */
  state: readonly string[];
  /** How many factors a step has, at most 4. */
  factors: number;
  /**
   * WGSL of `fn update(x: Values, d: Unit, f: vec4<f32>) -> Values`: `x` has
   * the parameter `p` and the states by name, `d` is the scaled gradient. A
   * `Unit` is a float or a vector of floats.
   */
  code: string;
}

const SIZE = 256;
/** What a kernel can be told. */
const MOST_UNIFORMS = 64;

/** Registers `NAME`, as few dispatches as possible, and `NAMERows`. */
export function registerGpuUpdateRule(rule: GpuUpdateRule): void {
  const wholes = kernelVariants(({ count }: { count: number }) =>
    wholeKernel(rule, count)
  );
  const rows = kernelVariants(({ element }: Pick<RowUnits, "element">) =>
    rowsKernel(rule, element)
  );
  const values = ["p", ...rule.state];

  registerGpuKernel<UpdateAttributes>(
    rule.name,
    (backend, { scale }, { updates }) => {
      const most = Math.min(
        Math.floor(MOST_UNIFORMS / (2 + rule.factors)),
        Math.floor((backend.mostBindings - 1) / (values.length + 1)),
      );
      for (let first = 0; first < updates.length; first += most) {
        const part = updates.slice(first, first + most);
        const tensors: tf.TensorInfo[] = part.map(({ gradient }) => gradient);
        tensors.push(scale);
        const uniforms: UniformValue[] = [];
        let end = 0;
        for (const { parameter, state, factors } of part) {
          tensors.push(parameter, ...state);
          // Vectors of four; the last may reach past the tensors, in their
          // buffers.
          const units = Math.ceil(parameter.size / 4);
          end += Math.ceil(units / SIZE);
          uniforms.push(units, end);
          for (let k = 0; k < rule.factors; k++) {
            uniforms.push(() => factors[k]);
          }
        }
        backend.run(wholes({ count: part.length }), {
          tensors,
          uniforms,
          groups: flatGroups(end * SIZE, SIZE),
        });
      }
      return [];
    },
  );

  registerGpuKernel(`${rule.name}Rows`, (backend, inputs) => {
    const { p, factors, g, scale } = inputs;
    const { element, units } = rowUnits(p.shape[1]);
    const count = inputs.rows.shape[0];
    backend.run(rows({ element }), {
      // Without a gradient nothing is read in its place.
      tensors: { ...inputs, g: g ?? inputs.rows, scale: scale ?? factors },
      uniforms: {
        count,
        units,
        steps: factors.shape[0],
        hasGradient: g ? 1 : 0,
      },
      groups: flatGroups(count * units, SIZE),
    });
    return [];
  });
}

/** WGSL of the rule, for a kind of unit. */
function ruleCode(
  { state, code }: GpuUpdateRule,
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
function wholeKernel(rule: GpuUpdateRule, count: number): Kernel {
  const each = Array.from({ length: count }, (_, i) => i);
  const values = ["p", ...rule.state];
  const named = <T>(names: readonly string[], value: T) =>
    Object.fromEntries(
      each.flatMap((i) => names.map((name) => [`${name}${i}`, value] as const)),
    );
  const factors = Array.from({ length: rule.factors }, (_, k) => k);
  return defineKernel<string, string, string>({
    name: `${rule.name.toLowerCase()}`,
    reads: { ...named(["g"], "vec4<f32>" as const), scale: "f32" },
    writes: named(values, "vec4<f32>" as const),
    uniforms: Object.fromEntries(each.flatMap((i) => [
      [`units${i}`, "u32" as const],
      [`end${i}`, "u32" as const],
      ...factors.map((k) => [`f${i}_${k}`, "f32" as const] as const),
    ])),
    code: `${ruleCode(rule, "vec4<f32>")}${FLAT_INDEX}
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
        ${fourOf(rule.factors, (k) => `u.f${i}_${k}`)},
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
function rowsKernel(rule: GpuUpdateRule, element: RowUnits["element"]): Kernel {
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
    code: ruleCode(rule, element) + eachElement(
      SIZE,
      `if (i >= u.count * u.units) { return; }
  let row = i / u.units;
  if (rows[row] < 0) { return; }
  let at = u32(rows[row]) * u.units + i % u.units;
  var x = Values(${values.map((name) => `${name}[at]`).join(", ")});
  for (var step = u32(since[row]); step < u.steps; step++) {
    let f = step * ${rule.factors}u;
    var d = Unit();
    if (u.hasGradient == 1u && step + 1u == u.steps) {
      d = g[i] * scale[0];
    }
    x = update(x, d, ${fourOf(rule.factors, (k) => `factors[f + ${k}u]`)});
  }
  ${values.map((name) => `${name}[at] = x.${name};`).join(" ")}`,
    ),
  });
}
