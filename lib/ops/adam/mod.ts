/**
 * Adam (Kingma and Ba, 2014), as the two frameworks compute it at step t:
 *
 *     m = b1 m + (1 - b1) g        v = b2 v + (1 - b2) g^2
 *     PyTorch:  p -= lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + eps)
 *     MXNet:    p -= lr sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps)
 *
 * They differ in where eps counts: in MXNet's form it is larger by
 * 1 / sqrt(1 - b2^t), which shows in the first steps.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { hasKernel, runKernel } from "../../device/define_op.ts";
import type { NamedArrays } from "../../weights/arrays.ts";
import "./native.ts";

/** Whose Adam. */
export type AdamForm = "adam" | "adam-mxnet";

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** One step's factors, bias correction folded in. */
export interface AdamAttributes {
  /** Of m over the root. */
  rate: number;
  /** Of sqrt(v), before epsilon is added. */
  rootScale: number;
}

/** Adam over a fixed set of parameters; holds both moments of each. */
export class Adam {
  readonly #parameters: ReadonlyMap<string, tf.Variable>;
  readonly #form: AdamForm;
  readonly #moments = new Map<string, [tf.Variable, tf.Variable]>();
  #steps = 0;

  /**
   * Starts with moments of zero.
   *
   * @param parameters What to update, by name.
   * @param form Whose Adam.
   */
  constructor(parameters: ReadonlyMap<string, tf.Variable>, form: AdamForm) {
    this.#parameters = parameters;
    this.#form = form;
    for (const [name, parameter] of parameters) {
      const zero = () =>
        tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false));
      this.#moments.set(name, [zero(), zero()]);
    }
  }

  /** Updates so far. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * Updates every parameter.
   *
   * @param gradients By the parameters' names, of their shapes.
   * @param learningRate The step size.
   * @ignore tfjs, whose type this is, has no documentation to refer to.
   */
  update(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: number) {
    const t = ++this.#steps;
    const correction1 = 1 - BETA1 ** t;
    const correction2 = Math.sqrt(1 - BETA2 ** t);
    const [rate, rootScale] = this.#form === "adam"
      ? [learningRate / correction1, 1 / correction2]
      : [learningRate * correction2 / correction1, 1];
    for (const [name, parameter] of this.#parameters) {
      const gradient = gradients.get(name);
      if (!gradient) throw new Error(`there is no gradient of "${name}"`);
      const [first, second] = this.#moments.get(name)!;
      if (hasKernel("Adam")) {
        const inputs = { p: parameter, m: first, v: second, g: gradient };
        runKernel("Adam", inputs, { rate, rootScale });
        continue;
      }
      tf.tidy(() => {
        const m = tf.add(tf.mul(first, BETA1), tf.mul(gradient, 1 - BETA1));
        const v = tf.add(
          tf.mul(second, BETA2),
          tf.mul(tf.square(gradient), 1 - BETA2),
        );
        const root = tf.add(tf.mul(tf.sqrt(v), rootScale), EPSILON);
        first.assign(m);
        second.assign(v);
        parameter.assign(tf.sub(parameter, tf.mul(tf.div(m, root), rate)));
      });
    }
  }

  /** Both moments of each parameter, as `m.NAME` and `v.NAME`. */
  async save(): Promise<NamedArrays> {
    const arrays: NamedArrays = new Map();
    for (const [name, moments] of this.#moments) {
      for (const [i, prefix] of ["m", "v"].entries()) {
        arrays.set(`${prefix}.${name}`, {
          shape: moments[i].shape,
          data: await moments[i].data<"float32">(),
        });
      }
    }
    return arrays;
  }

  /**
   * Goes on from saved moments.
   *
   * @param arrays As {@link save} gave them.
   * @param steps Updates made by then.
   * @throws {Error} If an array is missing.
   */
  restore(arrays: NamedArrays, steps: number): void {
    for (const [name, moments] of this.#moments) {
      for (const [i, prefix] of ["m", "v"].entries()) {
        const array = arrays.get(`${prefix}.${name}`);
        if (!array) throw new Error(`there is no array "${prefix}.${name}"`);
        tf.tidy(() =>
          moments[i].assign(tf.tensor(array.data, [...array.shape]))
        );
      }
    }
    this.#steps = steps;
  }

  /** Frees the moments. */
  dispose(): void {
    for (const moments of this.#moments.values()) tf.dispose(moments);
  }
}
