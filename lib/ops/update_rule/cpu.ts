/**
 * Registers the CPU's kernels of an optimiser's rule.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { registerCpuKernel } from "../../device/cpu/register.ts";
import {
  rowsKernel,
  type RuleDefinition,
  type UpdateAttributes,
} from "./reference.ts";

/**
 * Registers `NAME` and `NAMERows`. They run the kernels `nameUpdate`, whose
 * words are the addresses of parameter, states, gradient and scale, the
 * elements and the factors, and `nameRows`, whose words are the addresses of
 * table, states, rows, since, factors, gradient and scale (0 if there are
 * none), and then U, S and H.
 *
 * @param rule The rule.
 */
export function registerUpdateRule(rule: RuleDefinition): void {
  const { name, state } = rule;
  const kernel = name.toLowerCase();

  registerCpuKernel<UpdateAttributes>(
    name,
    (backend, { scale }, { updates }) => {
      for (const { parameter, state, gradient, factors } of updates) {
        const elements = tf.util.sizeFromShape(parameter.shape);
        backend.run(`${kernel}Update`, 4 * elements, [
          ...[parameter, ...state, gradient, scale]
            .map((tensor) => backend.address(tensor)),
          elements,
        ], factors);
      }
      return [];
    },
  );

  registerCpuKernel(rowsKernel(rule), (backend, inputs) => {
    const { p, rows, since, factors, g, scale } = inputs;
    const [count, steps] = [rows.shape[0], factors.shape[0]];
    const width = p.shape[1];
    backend.run(`${kernel}Rows`, 4 * count * width, [
      ...["p", ...state].map((key) => backend.address(inputs[key])),
      ...[rows, since, factors].map((tensor) => backend.address(tensor)),
      g ? backend.address(g) : 0,
      g ? backend.address(scale) : 0,
      count,
      steps,
      width,
    ]);
    return [];
  });
}
