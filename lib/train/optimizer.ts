/**
 * The optimiser of a training run: which rule updates which parameter, and
 * how strongly.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Parameters } from "../model/bert.ts";
import { adam } from "../ops/adam/mod.ts";
import {
  canUpdateRows,
  type UpdatedVariables,
  updateParameters,
  type UpdateRule,
} from "../ops/update_rule.ts";
import type { NamedArrays } from "../weights/arrays.ts";
import { LazyRows } from "./lazy_rows.ts";

/** Which optimisers there are. */
export type OptimizerName = "adam" | "adam-mxnet";

/** How parameters are updated. */
export interface OptimizerOptions {
  /** The rule: Adam as PyTorch or as MXNet computes it. */
  optimizer: OptimizerName;
}

/** What a step is computed from. */
export interface StepInputs {
  /** Every parameter by name; of the token table, the batch's rows may do. */
  parameters: Parameters;
  /** Row of that table of each token, [T]. */
  tokens: Int32Array;
}

/** The table whose rows are mostly not read by a batch. */
const TOKEN_TABLE = "embeddings.token.weight";

/** Updates a fixed set of parameters; holds what its rule keeps for each. */
export class Optimizer {
  readonly #parameters: ReadonlyMap<string, tf.Variable>;
  readonly #rule: UpdateRule;
  readonly #trained = new Map<string, UpdatedVariables>();
  readonly #rows: LazyRows | undefined;
  #steps = 0;

  /**
   * Starts at step 0.
   *
   * @param parameters What to update, by name.
   * @param options The rule.
   * @ignore tfjs, whose type this is, has no documentation to refer to.
   */
  constructor(
    parameters: ReadonlyMap<string, tf.Variable>,
    options: OptimizerOptions,
  ) {
    this.#parameters = parameters;
    const rule = adam(options.optimizer === "adam" ? "torch" : "mxnet");
    this.#rule = rule;
    for (const [name, parameter] of parameters) {
      const state = rule.state.map(() =>
        tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false))
      );
      this.#trained.set(name, { parameter, state });
    }
    const table = this.#trained.get(TOKEN_TABLE);
    if (table && canUpdateRows(rule)) {
      this.#rows = new LazyRows(table, { rule, decays: false });
    }
  }

  /** Updates so far. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * Gets what a step needs of the parameters. Call it inside `tf.tidy`.
   *
   * @param tokens Row of the token table of each token, [T].
   * @throws {RangeError} If there is no such row.
   * @ignore tfjs, whose type this gives, has no documentation to refer to.
   */
  begin(tokens: Int32Array): StepInputs {
    if (!this.#rows) return { parameters: this.#parameters, tokens };
    const { table, slots } = this.#rows.take(tokens);
    const parameters = new Map<string, tf.Tensor>(this.#parameters);
    return { parameters: parameters.set(TOKEN_TABLE, table), tokens: slots };
  }

  /**
   * Ends the step that {@link begin} began: updates every parameter.
   *
   * @param gradients By the parameters' names, of the shapes that
   *   {@link begin} gave.
   * @param learningRate The step size.
   * @ignore tfjs, whose type this is, has no documentation to refer to.
   */
  update(
    gradients: ReadonlyMap<string, tf.Tensor>,
    learningRate: number,
  ): void {
    const step = ++this.#steps;
    tf.tidy(() => {
      const scale = tf.scalar(1);
      const factors = this.#rule.factors({
        step,
        learningRate,
        weightDecay: 0,
      });
      const updates = [...this.#trained].map(([name, variables]) => {
        const gradient = gradients.get(name);
        if (!gradient) throw new Error(`there is no gradient of "${name}"`);
        return { name, ...variables, gradient, factors };
      });
      const isLazy = ({ name }: { name: string }) =>
        this.#rows !== undefined && name === TOKEN_TABLE;
      updateParameters(this.#rule, updates.filter((u) => !isLazy(u)), scale);
      for (const { gradient, factors } of updates.filter(isLazy)) {
        this.#rows!.update(gradient as tf.Tensor2D, scale, factors);
      }
    });
  }

  /**
   * Brings every parameter up to date: rows that no batch has read for a while
   * take the steps that they have missed. Call it before anything but a step
   * reads the parameters.
   */
  settle(): void {
    this.#rows?.settle();
  }

  /** What the rule keeps for each parameter, as `m.NAME` and `v.NAME`. */
  async save(): Promise<NamedArrays> {
    this.settle();
    const arrays: NamedArrays = new Map();
    for (const [name, { state }] of this.#trained) {
      for (const [i, prefix] of this.#rule.state.entries()) {
        arrays.set(`${prefix}.${name}`, {
          shape: state[i].shape,
          data: await state[i].data<"float32">(),
        });
      }
    }
    return arrays;
  }

  /**
   * Goes on from a saved state.
   *
   * @param arrays As {@link save} gave them.
   * @param steps Updates made by then.
   * @throws {Error} If an array is missing.
   */
  restore(arrays: NamedArrays, steps: number): void {
    for (const [name, { state }] of this.#trained) {
      for (const [i, prefix] of this.#rule.state.entries()) {
        const array = arrays.get(`${prefix}.${name}`);
        if (!array) throw new Error(`there is no array "${prefix}.${name}"`);
        tf.tidy(() => state[i].assign(tf.tensor(array.data, [...array.shape])));
      }
    }
    this.#rows?.restore(
      new Map([...arrays].filter(([name]) => name.endsWith(`.${TOKEN_TABLE}`))),
    );
    this.#steps = steps;
  }

  /** Frees what the rule keeps. */
  dispose(): void {
    for (const { state } of this.#trained.values()) tf.dispose([...state]);
  }
}
