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
export interface Held {
  dataId: object;
  /** Which of the work's state it is; -1 if it is the device's own. */
  place: number;
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
  readonly #places = new Map<object, number>();
  readonly #held = new Map<object, Held>();
  readonly #made = new Set<object>();
  readonly #roles = new Map<object, number>();
  #nextRole: number;
  #failed = false;

  /** Starts one. */
  constructor({ inputs, state, numbers }: RecordingOf) {
    this.numbers = numbers;
    this.#inputs = inputs;
    inputs.forEach((dataId, i) => {
      this.noteMade(dataId);
      this.#roles.set(dataId, i);
    });
    this.#nextRole = inputs.length;
    state.forEach((dataId, i) => this.#places.set(dataId, i));
  }

  /** Whether a tensor is an input. */
  isInput(dataId: object): boolean {
    return this.#inputs.includes(dataId);
  }

  /** The tensors that were there before, in the order of their first use. */
  get held(): Held[] {
    return [...this.#held.values()];
  }

  /** Notes a tensor that the work has made. */
  noteMade(dataId: object): void {
    this.#made.add(dataId);
  }

  /** Notes a tensor of the device's own, which never changes. */
  noteOwn(dataId: object): void {
    this.#places.set(dataId, -1);
  }

  /** Whether a tensor is an input, or one that the work has made. */
  made(dataId: object): boolean {
    return this.#made.has(dataId);
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
      if (!this.#made.has(dataId)) {
        this.#hold(dataId, encoding.buffers[i], written);
      } else if (written && this.isInput(dataId)) this.fail();
      return this.#roleOf(dataId);
    });
    this.kernels.push({ kernel, roles, ...encoding });
  }

  /** Notes that the work uses a tensor that was there before. */
  #hold(dataId: object, buffer: GPUBuffer, written: boolean): void {
    const place = this.#places.get(dataId);
    // Nobody could tell whether it is the right one next time.
    if (place === undefined) return this.fail();
    const held = this.#held.get(dataId);
    if (held) held.written ||= written;
    else this.#held.set(dataId, { dataId, place, buffer, written });
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
    const [held, others] = [this.held, other.held];
    return !this.#failed && !other.#failed &&
      same(this.kernels, other.kernels, sameKernel) &&
      same(
        held,
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
