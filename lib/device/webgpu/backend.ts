/**
 * The GPU device: the tfjs WebGPU backend with the kernels of the operation
 * rooms beside its own, guarded. Stock tfjs hands out zeros after a GPU error;
 * this one keeps the first error and hands out nothing after it.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { UserError } from "../../errors.ts";
import { BufferPool, roundSize } from "./buffers.ts";
import {
  hasTimestamps,
  KernelClock,
  type KernelTicks,
  secondsPerTick,
} from "./clock.ts";
import { Dispatcher } from "./dispatch.ts";
import { Guard } from "./guard.ts";
import type { Groups, Kernel } from "./kernel.ts";
import { productGroups, type Tile } from "./product.ts";
import { isSoftware } from "./software.ts";
import { type RunProduct, TileChoices, TILES } from "./tiles.ts";
import { fastestTiles } from "./tune.ts";

/** The name that tfjs knows the backend by. */
export const GPU = "gpu";

// All that stock tfjs computes, this backend does too.
tf.copyRegisteredKernels("webgpu", GPU);

/** Dispatches after which the device is given what there is to do. */
const SUBMIT_EVERY = 64;

/** How a kernel is run. */
export interface Dispatch<Name extends string, Uniform extends string> {
  /** A tensor for each name that the kernel binds, each only once. */
  tensors: Readonly<Record<Name, tf.TensorInfo>>;
  /** A number for each uniform. */
  uniforms: Readonly<Record<Uniform, number>>;
  /** Workgroups. */
  groups: Groups;
}

/** What tfjs 4.22 keeps private, and a backend within it needs. */
interface Internals {
  commandEncoder: GPUCommandEncoder;
  computePassEncoder: GPUComputePassEncoder | null;
  commandQueueOwnedIds: WeakSet<object>;
  dispatchCountInPass: number;
}

/** A tensor's values, on the device or not yet. */
interface TensorData {
  values: tf.BackendValues | null | undefined;
  shape: number[];
  dtype: tf.DataType;
  resource?: GPUBuffer;
}

/** What is known of a device. */
export interface GpuFacts {
  /** What the adapter says it is. */
  info: GPUAdapterInfo;
  /** Neighbouring lanes that belong to a subgroup; 1 if none do. */
  subgroup: number;
}

/** The tfjs backend of the GPU device. */
export class GpuBackend extends WebGPUBackend {
  readonly #guard: Guard;
  readonly #pool: BufferPool;
  readonly #dispatcher: Dispatcher;
  readonly #tiles: TileChoices;
  #dispatches = 0;
  /** The last one counts. */
  readonly #clocks: KernelClock[] = [];
  #secondsPerTick: number | undefined;
  #label: string | undefined;

  /** Neighbouring lanes that belong to a subgroup; 1 if none do. */
  readonly subgroup: number;

  /** @param device The device. @param facts What is known of it. */
  constructor(device: GPUDevice, { info, subgroup }: GpuFacts) {
    super(device, info);
    this.subgroup = subgroup;
    this.#guard = new Guard(device);
    this.#tiles = new TileChoices(isSoftware(info));
    this.#pool = new BufferPool(device);
    this.bufferManager = this.#pool as unknown as typeof this.bufferManager;
    this.#dispatcher = new Dispatcher(device, {
      number: (buffer) => this.#pool.number(buffer),
      compile: (kernel, work) => this.#guard.compile(kernel, work),
    });
  }

  /** Kernels run so far, stock ones included. */
  get dispatches(): number {
    return this.#dispatches;
  }

  /** Buffers on the device, in use or free. */
  get buffers(): number {
    return this.#pool.getNumUsedBuffers() + this.#pool.getNumFreeBuffers();
  }

  /** Throws the first error that the device met, if any. */
  check(): void {
    this.#guard.check();
  }

  /** Whether the device has met an error. */
  get failed(): boolean {
    return this.#guard.failed;
  }

  /** A new tensor whose values are not set yet. */
  output(
    shape: number[],
    dtype: "float32" | "int32" = "float32",
  ): tf.TensorInfo {
    return this.makeTensorInfo(shape, dtype);
  }

  /** Another tensor with the same values. */
  alias(info: tf.TensorInfo, shape: number[]): tf.TensorInfo {
    this.incRef(info.dataId);
    return { dataId: info.dataId, shape, dtype: info.dtype };
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
    if (this.#dispatcher.full || this.#clocks.at(-1)?.full) this.#submit();
    const buffers = this.#dispatcher.tensorsOf(kernel).map((name) => {
      const { dataId } = tensors[name as Read | Write];
      this.uploadToGPU(dataId);
      const data = this.tensorMap.get(dataId) as TensorData;
      // A copy on the host would be read in place of what the kernel writes.
      if (name in kernel.writes) data.values = null;
      // So that the buffer is not used again before this has been submitted.
      internals.commandQueueOwnedIds.add(dataId);
      return data.resource!;
    });
    this.ensureCommandEncoderReady();
    const clock = this.#clocks.at(-1);
    const timestampWrites = clock?.timestampsOf(this.#label ?? kernel.name);
    if (timestampWrites) this.endComputePassEncoder();
    const pass = internals.computePassEncoder ??= internals.commandEncoder
      .beginComputePass(timestampWrites && { timestampWrites });
    this.#dispatcher.encode(pass, kernel, { buffers, uniforms, groups });
    if (timestampWrites) this.endComputePassEncoder();
    this.#guard.encoded(kernel.name);
    this.#dispatches++;
    if (++internals.dispatchCountInPass >= SUBMIT_EVERY) this.#submit();
  }

  /**
   * Has the device compute a matrix product, with the tile that is fastest as
   * far as is known. All tiles give the same bits.
   */
  runProduct(product: RunProduct): void {
    this.runProductWith(product, this.#tiles.tileFor(product));
  }

  /** Has the device compute a matrix product with a tile. */
  runProductWith(product: RunProduct, tile: Tile): void {
    const { inner, chunk = inner } = product.size;
    this.run(product.kernelOf(tile), {
      tensors: product.tensors,
      uniforms: { ...product.uniforms, inner, chunk },
      groups: productGroups(tile, product.size),
    });
  }

  /** The tiles chosen for products. */
  get tiles(): TileChoices {
    return this.#tiles;
  }

  /**
   * Finds the fastest tile of each large product that was run since the last
   * time, which takes a second or so, where the device can time its kernels.
   * Call it after the first step.
   *
   * @return Whether there was anything to find out.
   */
  async tune(): Promise<boolean> {
    return hasTimestamps(this.device) &&
      await this.#tiles.tune((products) => fastestTiles(this, products, TILES));
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
    this.#submit();
    this.#clocks.push(new KernelClock(this.device, most));
    return true;
  }

  /**
   * Stops timing.
   *
   * @return What kernels took since {@link startClock}, by their names or what
   *   they were {@link labelled}.
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

  /** Runs kernels that the clock is to know by another name. */
  labelled(label: string, work: () => void): void {
    this.#label = label;
    try {
      work();
    } finally {
      this.#label = undefined;
    }
  }

  /**
   * Waits until the device has done all that it was told.
   *
   * @throws {UserError} If the device has met an error.
   */
  async finish(): Promise<void> {
    this.ensureCommandEncoderReady();
    this.#submit();
    await this.#guard.read(() => this.queue.onSubmittedWorkDone());
  }

  #submit(): void {
    this.endComputePassEncoder();
    this.submitQueue();
  }

  /** Gives the device what there is to do. */
  override submitQueue(): void {
    this.#dispatcher.flush();
    this.#clocks.at(-1)?.resolve(
      (this as unknown as Internals).commandEncoder,
    );
    super.submitQueue();
    this.#guard.submitted();
  }

  /** Runs a stock kernel. */
  override runWebGPUProgram(
    ...args: Parameters<WebGPUBackend["runWebGPUProgram"]>
  ): ReturnType<WebGPUBackend["runWebGPUProgram"]> {
    this.#dispatches++;
    this.#guard.encoded(args[0].constructor.name);
    return super.runWebGPUProgram(...args);
  }

  /**
   * Reads a tensor's values.
   *
   * @throws {UserError} If the device has met an error.
   */
  override async read(dataId: object): ReturnType<WebGPUBackend["read"]> {
    const values = await this.#guard.read(() => super.read(dataId));
    const data = this.tensorMap.get(dataId) as TensorData | undefined;
    if (!data) return values;
    // Buffers are longer than their tensors.
    const count = tf.util.sizeFromShape(data.shape);
    if (values.length === count) return values;
    const own = values.slice(0, count);
    data.values = own as tf.BackendValues;
    return own as typeof values;
  }

  /**
   * Reads the first value of each of some tensors, waiting once.
   *
   * @throws {UserError} If the device has met an error.
   */
  async readFirsts(tensors: readonly tf.TensorInfo[]): Promise<number[]> {
    if (tensors.length === 0) return [];
    const staging = this.device.createBuffer({
      label: "first values",
      size: 4 * tensors.length,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    try {
      this.ensureCommandEncoderReady();
      this.endComputePassEncoder();
      const { commandEncoder } = this as unknown as Internals;
      tensors.forEach(({ dataId }, i) => {
        this.uploadToGPU(dataId);
        const { resource } = this.tensorMap.get(dataId) as TensorData;
        commandEncoder.copyBufferToBuffer(resource!, 0, staging, 4 * i, 4);
      });
      this.#submit();
      return await this.#guard.read(async () => {
        await staging.mapAsync(GPUMapMode.READ);
        return [...new Float32Array(staging.getMappedRange())];
      });
    } finally {
      staging.destroy();
    }
  }

  /** Gives a tensor its buffer, with its values if it has any. */
  override uploadToGPU(dataId: object): void {
    const data = this.tensorMap.get(dataId) as TensorData;
    if (data.resource) return;
    const bytes = 4 * tf.util.sizeFromShape(data.shape);
    const buffer = this.#pool.acquireBuffer(
      roundSize(bytes, this.#mostBytes),
      GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC |
        GPUBufferUsage.COPY_DST,
    );
    if (data.values && bytes > 0) {
      this.queue.writeBuffer(buffer, 0, wordsOf(data));
      data.values = null;
    }
    data.resource = buffer;
  }

  /**
   * Makes a tensor.
   *
   * @throws {UserError} If it is more than the device can bind.
   */
  override write(
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
  ): object {
    this.#checkSize(shape);
    return super.write(values, shape, dtype);
  }

  /**
   * Makes a tensor of another backend's.
   *
   * @throws {UserError} If it is more than the device can bind.
   */
  override move(...args: Parameters<WebGPUBackend["move"]>): void {
    this.#checkSize(args[2]);
    super.move(...args);
  }

  get #mostBytes(): number {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.device.limits;
    return Math.min(maxStorageBufferBindingSize, maxBufferSize);
  }

  #checkSize(shape: number[]): void {
    const bytes = 4 * tf.util.sizeFromShape(shape);
    if (bytes <= this.#mostBytes) return;
    throw new UserError(
      `The GPU cannot hold a tensor of ${shape.join(" x ")} (${
        megabytes(bytes)
      }): it binds at most ${megabytes(this.#mostBytes)}`,
      {
        code: "device-too-small",
        hint: "run with --device cpu, or on a larger GPU",
        exitCode: 1,
      },
    );
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A tensor's values as the device keeps them: 32 bits each. */
function wordsOf({ values, dtype }: TensorData): ArrayBufferView<ArrayBuffer> {
  const numbers = values as unknown as ArrayLike<number>;
  const Words = dtype === "float32" ? Float32Array : Int32Array;
  const fits = numbers instanceof Words &&
    numbers.buffer instanceof ArrayBuffer;
  return fits ? numbers as ArrayBufferView<ArrayBuffer> : Words.from(numbers);
}
