/**
 * The optimiser of a training run: which rule updates which parameter, and
 * how strongly.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { type Parameters, TABLES } from "../ops/batch/place_batch.ts";
import {
  canUpdateRows,
  type ParameterUpdate,
  type UpdatedVariables,
  updateParameters,
  type UpdateRule,
} from "../ops/update_rule/mod.ts";
import type { NamedArrays } from "../weights/formats/arrays.ts";
import { LazyRows } from "./lazy_rows.ts";
import {
  defaultDecay,
  type OptimizerOptions,
  ruleOf,
} from "./optimizer_options.ts";
import { countBlocks, depthBelowTop } from "./parameter_groups.ts";

/** A parameter, what the rule keeps for it, and how it is updated. */
interface Trained extends UpdatedVariables {
  /** What the learning rate is multiplied by. */
  rateScale: number;
  weightDecay: number;
  /** Of the running step, by the rule: always the same array. */
  readonly factors: number[];
}

/** How a step begins. */
export interface StepBeginning {
  /** The step size. */
  learningRate: number;
  /** Whether sizes are rounded, so that the step can be recorded. */
  rounded?: boolean | undefined;
}

/** What a step is computed from. */
export interface StepInputs {
  /** Of each token, its row in {@link Optimizer.parameters}' token table, [T]. */
  tableSlots: Int32Array;
  /** Rows of that table. */
  slotCount: number;
  /** What else it has put on the device. */
  placed: tf.Tensor[];
}

/** The table whose rows are mostly not read by a batch. */
const [TOKEN_TABLE] = TABLES;

/** Updates a fixed set of parameters; holds what its rule keeps for each. */
export class Optimizer {
  readonly #parameters: ReadonlyMap<string, tf.Variable>;
  readonly #rule: UpdateRule;
  readonly #trained = new Map<string, Trained>();
  readonly #rows: LazyRows | undefined;
  /** The scale of gradients that are not scaled. */
  readonly #one = tf.keep(tf.scalar(1));
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
    const rule = ruleOf(options);
    this.#rule = rule;
    const blocks = countBlocks(parameters.keys());
    const { layerDecay, frozen } = options;
    const weightDecay = options.weightDecay ?? defaultDecay(options.optimizer);
    for (const [name, parameter] of parameters) {
      parameter.trainable = !frozen.has(name);
      if (!parameter.trainable) continue;
      const state = rule.state.map(() =>
        tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false))
      );
      this.#trained.set(name, {
        parameter,
        state,
        rateScale: layerDecay ** depthBelowTop(name, blocks),
        weightDecay: parameter.rank > 1 ? weightDecay : 0,
        factors: [],
      });
    }
    const table = this.#trained.get(TOKEN_TABLE);
    if (table && canUpdateRows(rule)) {
      const decays = table.weightDecay > 0;
      this.#rows = new LazyRows(table, { rule, decays });
    }
  }

  /** Updates so far. */
  get steps(): number {
    return this.#steps;
  }

  /** The names of the parameters that are trained. */
  get trained(): string[] {
    return [...this.#trained.keys()];
  }

  /**
   * What it holds on the device.
   *
   * @ignore tfjs, whose type this is, has no documentation to refer to.
   */
  get tensors(): tf.Tensor[] {
    const all = [...this.#trained.values()];
    return [...all.flatMap(({ state }) => state), this.#one];
  }

  /** Whether a parameter is trained. */
  trains(name: string): boolean {
    return this.#trained.has(name);
  }

  /**
   * Begins a step, which {@link end} ends; between the two, what is done is
   * the device's alone. Call it inside `tf.tidy`.
   *
   * @param tokenIds Of the batch, [T].
   * @param options The step.
   * @throws {RangeError} If the token table has no row of such an id.
   * @ignore tfjs, whose type this gives, has no documentation to refer to.
   */
  begin(
    tokenIds: Int32Array,
    { learningRate, rounded }: StepBeginning,
  ): StepInputs {
    for (const { factors, rateScale, weightDecay } of this.#trained.values()) {
      const own = this.#rule.factors({
        step: this.#steps + 1,
        learningRate: learningRate * rateScale,
        weightDecay,
      });
      for (let k = 0; k < own.length; k++) factors[k] = own[k];
    }
    if (!this.#rows) {
      // The whole table is in use.
      const slotCount = this.#parameters.get(TOKEN_TABLE)?.shape[0] ?? 0;
      return { tableSlots: tokenIds, slotCount, placed: [] };
    }
    const { factors } = this.#trained.get(TOKEN_TABLE)!;
    const { tableSlots, steps } = this.#rows.take(tokenIds, {
      factors,
      rounded,
    });
    const placed = Object.values(steps);
    return { tableSlots, slotCount: steps.rows.size, placed };
  }

  /**
   * Every parameter by name, in the running step; of the token table, the
   * batch's rows may do. Call it inside `tf.tidy`.
   *
   * @ignore tfjs, whose type this gives, has no documentation to refer to.
   */
  parameters(): Parameters {
    const parameters = new Map<string, tf.Tensor>(this.#parameters);
    if (this.#rows) parameters.set(TOKEN_TABLE, this.#rows.read());
    return parameters;
  }

  /**
   * Updates every parameter.
   *
   * @param gradients By the parameters' names, of the shapes that
   *   {@link parameters} gave.
   * @param scale A scalar that all gradients are multiplied by; 1 if not
   *   given.
   * @ignore tfjs, whose type this is, has no documentation to refer to.
   */
  update(gradients: ReadonlyMap<string, tf.Tensor>, scale?: tf.Scalar): void {
    const factor = scale ?? this.#one;
    const updates: ParameterUpdate[] = [];
    for (const [name, trained] of this.#trained) {
      const gradient = gradients.get(name);
      if (!gradient) throw new Error(`there is no gradient of "${name}"`);
      if (this.#rows && name === TOKEN_TABLE) {
        this.#rows.update(gradient as tf.Tensor2D, factor);
      } else updates.push({ ...trained, gradient });
    }
    updateParameters(this.#rule, updates, factor);
  }

  /** Ends a step that has updated the parameters. */
  end(): void {
    this.#steps++;
    this.#rows?.end(this.#trained.get(TOKEN_TABLE)!.factors);
  }

  /**
   * Brings every parameter up to date: rows that no batch has read for a while
   * take the steps that they have missed. Call it before anything but a step
   * reads the parameters.
   */
  settle(): void {
    this.#rows?.settle();
  }

  /**
   * A copy, on the host, of what the rule keeps for each parameter: Adam as
   * `m.NAME` and `v.NAME`, gradient descent as `momentum.NAME`.
   */
  async copyState(): Promise<NamedArrays> {
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
   * @param arrays As {@link copyState} gave them.
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
    this.#one.dispose();
    for (const { state } of this.#trained.values()) tf.dispose([...state]);
  }
}
