/**
 * How the GPU device is told what to do: kernels are encoded into passes, and
 * given to the device some dozens at a time, guarded and if asked for timed.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { BufferBackend, type TensorData } from "./buffers/buffer_backend.ts";
import {
  hasTimestamps,
  KernelClock,
  type KernelTicks,
  secondsPerTick,
} from "./clock.ts";
import { Dispatcher, type Encoding } from "./dispatch.ts";
import { Guard } from "./guard.ts";
import type { Groups, Kernel, UniformValue } from "./kernels/kernel.ts";

/** Dispatches after which the device is given what there is to do. */
const SUBMIT_EVERY = 64;

/** Kernels that are timed together. */
const MOST_TOGETHER = 32;

/** How a kernel is run. */
export interface Dispatch<Name extends string, Uniform extends string> {
  /**
   * A tensor for each name that the kernel binds, or for all in the order in
   * which it names them; what is written only once.
   */
  tensors: Readonly<Record<Name, tf.TensorInfo>> | readonly tf.TensorInfo[];
  /** A number for each uniform, likewise. */
  uniforms: Readonly<Record<Uniform, UniformValue>> | readonly UniformValue[];
  /** Workgroups. */
  groups: Groups;
}

/** What tfjs 4.22 keeps private, and a backend within it needs. */
export interface Internals {
  commandEncoder: GPUCommandEncoder;
  computePassEncoder: GPUComputePassEncoder | null;
  commandQueueOwnedIds: WeakSet<object>;
  dispatchCountInPass: number;
}

/** The tfjs WebGPU backend with kernels of our own. */
export class CommandBackend extends BufferBackend {
  protected readonly guard: Guard;
  protected readonly dispatcher: Dispatcher;
  #dispatches = 0;
  /** The last one counts. */
  readonly #clocks: KernelClock[] = [];
  #secondsPerTick: number | undefined;
  /** Whether what runs now is timed together. */
  #isTogether = false;

  /** @param device The device. @param info What the adapter says it is. */
  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    this.guard = new Guard(device);
    this.dispatcher = new Dispatcher(device, {
      compile: (kernel, work) => this.guard.compile(kernel, work),
    });
  }

  /** Kernels run so far, stock ones included. */
  get dispatches(): number {
    return this.#dispatches;
  }

  /** Throws the first error that the device met, if any. */
  check(): void {
    this.guard.check();
  }

  /** Whether the device has met an error. */
  get failed(): boolean {
    return this.guard.failed;
  }

  /**
   * Has the device run a kernel, after all that it was told before.
   *
   * @param kernel The kernel.
   * @param dispatch Its tensors, uniforms and workgroups.
   */
  run<Read extends string, Write extends string, Uniform extends string>(
    kernel: Kernel<Read, Write, Uniform>,
    { tensors, uniforms, groups }: Dispatch<Read | Write, Uniform>,
  ): void {
    const internals = this as unknown as Internals;
    if (!this.#isTogether) this.#submitIfFull();
    const names = this.dispatcher.programOf(kernel).tensors;
    const listed = tensors instanceof Array
      ? tensors
      : names.map((name) => tensors[name as Read | Write]);
    const buffers: GPUBuffer[] = [];
    for (let i = 0; i < names.length; i++) {
      const { dataId } = listed[i];
      const data = this.tensorMap.get(dataId) as TensorData;
      if (!data.resource) this.uploadToGPU(dataId);
      // A copy on the host would be read in place of what the kernel writes.
      if (names[i] in kernel.writes) data.values = null;
      // So that the buffer is not used again before this has been submitted.
      internals.commandQueueOwnedIds.add(dataId);
      buffers.push(data.resource!);
    }
    this.ensureCommandEncoderReady();
    const isTimed = !this.#isTogether && this.#beginTimedPass(kernel.name);
    const pass = internals.computePassEncoder ??= internals.commandEncoder
      .beginComputePass();
    const encoding = { buffers, uniforms, groups };
    this.dispatcher.encode(pass, kernel, encoding);
    if (isTimed) this.endComputePassEncoder();
    this.encoded(kernel, encoding, listed);
  }

  /** Notes a kernel that has been encoded. */
  protected encoded(
    kernel: Kernel,
    _encoding: Encoding,
    _tensors: readonly tf.TensorInfo[],
  ): void {
    this.noteKernel(kernel.name);
  }

  /** Counts a kernel; an error from now on may be its. */
  protected noteKernel(name: string): void {
    this.guard.encoded(name);
    this.#dispatches++;
    (this as unknown as Internals).dispatchCountInPass++;
  }

  /** Whether a clock runs. */
  protected get isTimed(): boolean {
    return this.#clocks.length > 0;
  }

  /** Submits if that must come before some more dispatches. */
  #submitIfFull(dispatches = 1): void {
    const left = SUBMIT_EVERY -
      (this as unknown as Internals).dispatchCountInPass;
    if (dispatches > left || this.#clocks.at(-1)?.full) this.submit();
  }

  /** Begins a pass with timestamps, if a clock runs. */
  #beginTimedPass(name: string): boolean {
    const timestampWrites = this.#clocks.at(-1)?.timestampsOf(name);
    if (!timestampWrites) return false;
    this.ensureCommandEncoderReady();
    this.endComputePassEncoder();
    const internals = this as unknown as Internals;
    internals.computePassEncoder = internals.commandEncoder
      .beginComputePass({ timestampWrites });
    return true;
  }

  /**
   * Times kernels on the device itself, each in a pass of its own, which slows
   * all of them down. A clock that runs already stands still meanwhile.
   *
   * @param most Kernels that are timed; those after them are not.
   * @return Whether the device can.
   */
  startClock(most?: number): boolean {
    if (!hasTimestamps(this.device)) return false;
    this.ensureCommandEncoderReady();
    this.submit();
    this.#clocks.push(new KernelClock(this.device, most));
    return true;
  }

  /**
   * Stops timing.
   *
   * @return What kernels took since {@link startClock}, by their names or what
   *   they were {@link timedAs}.
   * @throws {UserError} If the device has met an error.
   */
  async stopClock(): Promise<Map<string, KernelTicks>> {
    try {
      await this.finish();
      return await this.#clocks.at(-1)?.read() ?? new Map();
    } finally {
      this.#clocks.pop()?.stop();
    }
  }

  /** Seconds of a tick of the device's clock. */
  async secondsPerTick(): Promise<number> {
    await this.finish();
    return this.#secondsPerTick ??= await secondsPerTick(this.device);
  }

  /**
   * Runs kernels that the clock times together, without what lies between
   * kernels that are timed apart.
   *
   * @param name What the clock is to call them.
   * @param work Runs a few kernels, at most 32.
   */
  timedAs(name: string, work: () => void): void {
    this.#submitIfFull(MOST_TOGETHER);
    const isTimed = this.#beginTimedPass(name);
    this.#isTogether = true;
    try {
      work();
    } finally {
      this.#isTogether = false;
      if (isTimed) this.endComputePassEncoder();
    }
  }

  /**
   * Waits until the device has done all that it was told.
   *
   * @throws {UserError} If the device has met an error.
   */
  async finish(): Promise<void> {
    this.ensureCommandEncoderReady();
    this.submit();
    await this.guard.read(() => this.queue.onSubmittedWorkDone());
  }

  /** Ends the running pass, and gives the device what there is to do. */
  protected submit(): void {
    this.endComputePassEncoder();
    this.submitQueue();
  }

  /** Gives the device what there is to do. */
  override submitQueue(): void {
    this.dispatcher.flush();
    this.#clocks.at(-1)?.resolve(
      (this as unknown as Internals).commandEncoder,
    );
    super.submitQueue();
    this.guard.submitted();
  }

  /** Runs a stock kernel. */
  override runWebGPUProgram(
    ...args: Parameters<WebGPUBackend["runWebGPUProgram"]>
  ): ReturnType<WebGPUBackend["runWebGPUProgram"]> {
    this.#dispatches++;
    this.guard.encoded(args[0].constructor.name);
    return super.runWebGPUProgram(...args);
  }
}
