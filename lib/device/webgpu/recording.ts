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
import type { Encoding } from "./dispatch.ts";
import type { Kernel } from "./kernel.ts";

/** A kernel that was run. */
export interface Recorded extends Encoding {
  kernel: Kernel;
  /** Which tensor each binding is, counted in the order of their first use. */
  roles: readonly number[];
}

/** A tensor that was there before, a parameter for example. */
export interface Held {
  dataId: object;
  buffer: GPUBuffer;
  written: boolean;
}

/** One recording of some work. */
export class Recording {
  /** In the order in which they were run. */
  readonly kernels: Recorded[] = [];
  readonly #held = new Map<object, Held>();
  readonly #made = new Set<object>();
  readonly #roles = new Map<object, number>();
  #failed = false;

  /**
   * Starts one.
   *
   * @param inputs The inputs' data.
   * @param numbers What uniforms are asked from.
   */
  constructor(inputs: readonly object[], readonly numbers: object) {
    for (const dataId of inputs) this.make(dataId);
  }

  /** The tensors that were there before, in the order of their first use. */
  get held(): Held[] {
    return [...this.#held.values()];
  }

  /** Notes a tensor that the work has made. */
  make(dataId: object): void {
    this.#made.add(dataId);
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
      if (!this.#made.has(dataId)) {
        const held = this.#held.get(dataId) ??
          { dataId, buffer: encoding.buffers[i], written: false };
        held.written ||= i >= reads;
        this.#held.set(dataId, held);
      }
      const role = this.#roles.get(dataId) ?? this.#roles.size;
      this.#roles.set(dataId, role);
      return role;
    });
    this.kernels.push({ kernel, roles, ...encoding });
  }

  /** Whether another recording of the work had the device do the same. */
  agrees(other: Recording): boolean {
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
      // Functions are asked again.
      (x, y) =>
        Object.is(x, y) ||
        typeof x === "function" && typeof y === "function",
    );
}
