/**
 * What a piece of work had the device do: kernels in order, what they bound and
 * were told.
 *
 * Whether it can be played again is not taken on trust. It is recorded twice,
 * with different values, and what isn't the same both times can't.
 *
 * @module
 */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { Encoding } from "../dispatch.ts";
import type { Kernel, UniformValue } from "../kernels/kernel.ts";

/** A kernel that was run. */
export interface Recorded extends Encoding {
  kernel: Kernel;
  /** Which tensor each binding is, the inputs first and in their order. */
  roles: readonly number[];
}

/** A tensor that was there before, a parameter for example. */
export interface StateTensor {
  dataId: object;
  /** Its index in the work's state; -1 if it is the device's own. */
  index: number;
  buffer: GPUBuffer;
  written: boolean;
}

/** What a recording is of. */
export interface RecordingOf {
  /** The inputs' data. */
  inputs: readonly object[];
  /** The data of what else the work may use. */
  state: readonly object[];
  /** What uniforms are asked from. */
  numbers: object;
}

/** One recording of some work. */
export class Recording {
  /** In the order in which they were run. */
  readonly kernels: Recorded[] = [];
  /** What uniforms are asked from. */
  readonly numbers: object;
  readonly #inputs: readonly object[];
  readonly #stateIndices = new Map<object, number>();
  readonly #stateTensors = new Map<object, StateTensor>();
  readonly #created = new Set<object>();
  readonly #roles = new Map<object, number>();
  #nextRole: number;
  #failed = false;

  /** Starts one. */
  constructor({ inputs, state, numbers }: RecordingOf) {
    this.numbers = numbers;
    this.#inputs = inputs;
    inputs.forEach((dataId, i) => {
      this.noteCreated(dataId);
      this.#roles.set(dataId, i);
    });
    this.#nextRole = inputs.length;
    state.forEach((dataId, i) => this.#stateIndices.set(dataId, i));
  }

  /** Whether a tensor is an input. */
  isInput(dataId: object): boolean {
    return this.#inputs.includes(dataId);
  }

  /** The tensors that were there before, in the order of their first use. */
  get stateTensors(): StateTensor[] {
    return [...this.#stateTensors.values()];
  }

  /** Notes a tensor that the work has created. */
  noteCreated(dataId: object): void {
    this.#created.add(dataId);
  }

  /** Notes a tensor of the device's own, which never changes. */
  noteOwn(dataId: object): void {
    this.#stateIndices.set(dataId, -1);
  }

  /** Whether a tensor is an input, or one that the work has created. */
  wasCreated(dataId: object): boolean {
    return this.#created.has(dataId);
  }

  /** Notes that the work did what can't be played again. */
  fail(): void {
    this.#failed = true;
  }

  /** Notes a kernel that was run. */
  add(
    kernel: Kernel,
    encoding: Encoding,
    tensors: readonly TensorInfo[],
  ): void {
    const reads = Object.keys(kernel.reads).length;
    const roles = tensors.map(({ dataId }, i) => {
      const written = i >= reads;
      if (!this.#created.has(dataId)) {
        this.#useState(dataId, encoding.buffers[i], written);
      } else if (written && this.isInput(dataId)) this.fail();
      return this.#roleOf(dataId);
    });
    this.kernels.push({ kernel, roles, ...encoding });
  }

  /** Notes that the work uses a tensor that was there before. */
  #useState(dataId: object, buffer: GPUBuffer, written: boolean): void {
    const index = this.#stateIndices.get(dataId);
    // Nobody could tell whether it is the right one next time.
    if (index === undefined) return this.fail();
    const known = this.#stateTensors.get(dataId);
    if (known) known.written ||= written;
    else this.#stateTensors.set(dataId, { dataId, index, buffer, written });
  }

  #roleOf(dataId: object): number {
    const role = this.#roles.get(dataId) ?? this.#nextRole++;
    this.#roles.set(dataId, role);
    return role;
  }

  /**
   * Whether an earlier recording of the work had the device do the same, if
   * it is asked for the same numbers.
   */
  agrees(other: Recording): boolean {
    Object.assign(other.numbers, this.numbers);
    const [own, others] = [this.stateTensors, other.stateTensors];
    return !this.#failed && !other.#failed &&
      same(this.kernels, other.kernels, sameKernel) &&
      same(
        own,
        others,
        (a, b) => a.dataId === b.dataId && a.buffer === b.buffer,
      );
  }
}

function same<T>(
  a: readonly T[],
  b: readonly T[],
  equal: (a: T, b: T) => boolean,
): boolean {
  return a.length === b.length && a.every((value, i) => equal(value, b[i]));
}

function sameKernel(a: Recorded, b: Recorded): boolean {
  return a.kernel === b.kernel && same(a.roles, b.roles, Object.is) &&
    [0, 1, 2].every((i) => (a.groups[i] ?? 1) === (b.groups[i] ?? 1)) &&
    same(
      Object.values(a.uniforms),
      Object.values(b.uniforms),
      sameUniform,
    );
}

function sameUniform(a: UniformValue, b: UniformValue): boolean {
  return typeof a === "function" && typeof b === "function"
    ? Object.is(a(), b())
    : Object.is(a, b);
}
