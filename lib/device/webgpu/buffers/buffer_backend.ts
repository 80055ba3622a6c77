/**
 * Where the GPU device keeps tensors: in buffers that are used again and again.
 * A tensor that the device cannot bind is refused with both sizes.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { UserError } from "../../../base/errors.ts";
import { BufferPool, roundSize } from "./buffers.ts";
import { Uploads } from "./uploads.ts";

/** A tensor's values, on the device or not yet. */
export interface TensorData {
  values: tf.BackendValues | null | undefined;
  shape: number[];
  dtype: tf.DataType;
  resource?: GPUBuffer;
}

/** What tfjs 4.22 keeps until a submit. */
interface Pending {
  commandEncoder: GPUCommandEncoder | null;
  dispatchCountInPass: number;
  /** Tensors that commands not yet submitted use. */
  commandQueueOwnedIds: WeakSet<object>;
  /** Those of them that have been disposed. */
  tensorDataPendingDisposal: object[];
  uniformPendingDisposal: GPUBuffer[];
  stagingPendingDisposal: GPUBuffer[];
  releaseResource(dataId: object): void;
}

/** What buffers of tensors are used for. */
export function tensorUsage(): GPUBufferUsageFlags {
  const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
  return STORAGE | COPY_SRC | COPY_DST;
}

/** The tfjs WebGPU backend with buffers of our own. */
export class BufferBackend extends WebGPUBackend {
  protected readonly pool: BufferPool;
  readonly #uploads: Uploads;
  readonly #zeros = new Map<number, tf.TensorInfo>();
  /** What a tensor may take. */
  readonly #mostBytes: number;

  /** @param device The device. @param info What the adapter says it is. */
  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    this.pool = new BufferPool(device);
    this.#uploads = new Uploads(device);
    const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
    this.#mostBytes = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    this.bufferManager = this.pool as unknown as typeof this.bufferManager;
  }

  /** Buffers on the device, in use or free. */
  get buffers(): number {
    return this.pool.getNumUsedBuffers() + this.pool.getNumFreeBuffers();
  }

  /** A new tensor whose values are not set yet. */
  output(
    shape: number[],
    dtype: "float32" | "int32" = "float32",
  ): tf.TensorInfo {
    return this.makeTensorInfo(shape, dtype);
  }

  /** A tensor [length] of zeros, which are kept and always the same. */
  zeros(length: number): tf.TensorInfo {
    const shape = [length];
    let kept = this.#zeros.get(length);
    if (!kept) {
      kept = this.makeTensorInfo(shape, "float32", new Float32Array(length));
      this.#zeros.set(length, kept);
    }
    return this.alias(kept, shape);
  }

  /** Another tensor with the same values. */
  alias(info: tf.TensorInfo, shape: number[]): tf.TensorInfo {
    this.incRef(info.dataId);
    return { dataId: info.dataId, shape, dtype: info.dtype };
  }

  /** The buffer that has a tensor's values. */
  protected bufferOf(dataId: object): GPUBuffer {
    this.uploadToGPU(dataId);
    return (this.tensorMap.get(dataId) as TensorData).resource!;
  }

  /** Gives a tensor its buffer, with its values if it has any. */
  override uploadToGPU(dataId: object): void {
    const data = this.tensorMap.get(dataId) as TensorData;
    if (data.resource) return;
    const bytes = 4 * tf.util.sizeFromShape(data.shape);
    const buffer = this.acquire(roundSize(bytes, this.#mostBytes), dataId);
    if (data.values && data.values.length > 0) {
      this.#uploads.add(buffer, wordsOf(data));
      data.values = null;
      this.sent(dataId);
    }
    data.resource = buffer;
  }

  /** A buffer for a tensor. */
  protected acquire(size: number, _dataId: object): GPUBuffer {
    return this.pool.acquireBuffer(size, tensorUsage());
  }

  /** Notes that a tensor's values have been sent to the device. */
  protected sent(_dataId: object): void {}

  /** Gives the device what there is to do, after the values that it reads. */
  override submitQueue(): void {
    // As tfjs does it, which submits its own commands alone.
    const own = this as unknown as Pending;
    const uploads = this.#uploads.flush();
    this.queue.submit([...uploads, own.commandEncoder!.finish()]);
    own.commandEncoder = null;
    own.dispatchCountInPass = 0;
    own.commandQueueOwnedIds = new WeakSet();
    for (const dataId of own.tensorDataPendingDisposal) {
      own.releaseResource(dataId);
      this.tensorMap.delete(dataId);
    }
    for (const buffer of own.uniformPendingDisposal) {
      this.pool.releaseBuffer(buffer);
    }
    for (const buffer of own.stagingPendingDisposal) {
      this.pool.releaseBuffer(buffer, false);
    }
    own.tensorDataPendingDisposal = [];
    own.uniformPendingDisposal = [];
    own.stagingPendingDisposal = [];
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

/** Values as the device keeps them: 32 bits each. */
export type Words = ArrayBufferView<ArrayBuffer>;

/** A tensor's values as the device keeps them. */
export function wordsOf({ values, dtype }: TensorData): Words {
  const numbers = values as unknown as ArrayLike<number>;
  const Numbers = dtype === "float32" ? Float32Array : Int32Array;
  const fits = numbers instanceof Numbers &&
    numbers.buffer instanceof ArrayBuffer;
  return fits ? numbers as Words : Numbers.from(numbers);
}
