/**
 * Registers the GPU's kernels of an optimiser's rule.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import {
  flatGroups,
  kernelVariants,
  type UniformValue,
} from "../../device/webgpu/kernels/kernel.ts";
import { registerGpuKernel } from "../../device/webgpu/kernels/register.ts";
import {
  type RowUnits,
  rowUnits,
} from "../../device/webgpu/kernels/row_units.ts";
import { rowsKernel, type UpdateAttributes } from "./reference.ts";
import { type GpuUpdateRule, SIZE, tableKernel, wholeKernel } from "./wgsl.ts";

/** What a kernel can be told. */
const MOST_UNIFORMS = 64;

/** Registers `NAME`, as few dispatches as possible, and `NAMERows`. */
export function registerGpuUpdateRule(gpuRule: GpuUpdateRule): void {
  const { rule } = gpuRule;
  const wholes = kernelVariants(({ count }: { count: number }) =>
    wholeKernel(gpuRule, count)
  );
  const rows = kernelVariants(({ element }: Pick<RowUnits, "element">) =>
    tableKernel(gpuRule, element)
  );
  const values = ["p", ...rule.state];

  registerGpuKernel<UpdateAttributes>(
    rule.name,
    (backend, { scale }, { updates }) => {
      const most = Math.min(
        Math.floor(MOST_UNIFORMS / (2 + gpuRule.factors)),
        Math.floor((backend.mostBindings - 1) / (values.length + 1)),
      );
      for (let first = 0; first < updates.length; first += most) {
        const together = updates.slice(first, first + most);
        const tensors: tf.TensorInfo[] = together.map(({ gradient }) =>
          gradient
        );
        tensors.push(scale);
        const uniforms: UniformValue[] = [];
        let end = 0;
        for (const { parameter, state, factors } of together) {
          tensors.push(parameter, ...state);
          // Vectors of four; the last may reach past the tensors, in their
          // buffers.
          const units = Math.ceil(parameter.size / 4);
          end += Math.ceil(units / SIZE);
          uniforms.push(units, end);
          for (let k = 0; k < gpuRule.factors; k++) {
            uniforms.push(() => factors[k]);
          }
        }
        backend.run(wholes({ count: together.length }), {
          tensors,
          uniforms,
          groups: flatGroups(end * SIZE, SIZE),
        });
      }
      return [];
    },
  );

  registerGpuKernel(rowsKernel(rule), (backend, inputs) => {
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
