/**
 * Registers the kernels of an optimiser's room (see ops/update_rule.ts).
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { registerNativeKernel } from "./register.ts";

/** What the kernel of whole parameters is told. */
interface UpdateAttributes {
  /** A list for each parameter. */
  factors: number[][];
}

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
    (backend, inputs, { factors }) => {
      const address = (key: string) => backend.address(inputs[key]);
      factors.forEach((numbers, i) => {
        const elements = tf.util.sizeFromShape(inputs[`p${i}`].shape);
        backend.run(`${kernel}Update`, 4 * elements, [
          ...["p", ...state, "g"].map((key) => address(`${key}${i}`)),
          address("scale"),
          elements,
        ], numbers);
      });
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
