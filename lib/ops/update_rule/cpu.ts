/**
 * Registers the kernels of an optimiser's room (see ops/update_rule.ts).
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { UpdateAttributes } from "./mod.ts";
import { registerNativeKernel } from "../../device/cpu/register.ts";

/**
 * Registers `NAME` and `NAMERows`. They run the kernels `nameUpdate`, whose
 * words are the addresses of parameter, states, gradient and scale, the
 * elements and the factors, and `nameRows`, whose words are the addresses of
 * table, states, rows, since, factors, gradient and scale (0 if there are
 * none), and then U, S and H.
 *
 * @param name The rule's name.
 * @param state The names of its states.
 */
export function registerUpdateRule(
  name: string,
  state: readonly string[],
): void {
  const kernel = name.toLowerCase();

  registerNativeKernel<UpdateAttributes>(
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

  registerNativeKernel(`${name}Rows`, (backend, inputs) => {
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
