/**
 * The GPU device: the tfjs WebGPU backend with the kernels of the ops
 * beside its own, guarded. Stock tfjs hands out zeros after a GPU error;
 * this one keeps the first error and hands out nothing after it.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { isSoftware } from "./adapter/software.ts";
import type { TensorData } from "./buffers/buffer_backend.ts";
import { hasTimestamps } from "./clock.ts";
import type { Internals } from "./command_backend.ts";
import { productGroups } from "./product/product.ts";
import type { Tile } from "./product/tile.ts";
import { type RunProduct, TileChoices, TILES } from "./product/tiles.ts";
import { fastestTiles } from "./product/tune.ts";
import { RecordingBackend } from "./record/recording_backend.ts";

/** The name that tfjs knows the backend by. */
export const GPU = "gpu";

// All that stock tfjs computes, this backend does too.
tf.copyRegisteredKernels("webgpu", GPU);

/** What is known of a device. */
export interface GpuFacts {
  /** What the adapter says it is. */
  info: GPUAdapterInfo;
  /** Neighbouring lanes that belong to a subgroup; 1 if none do. */
  subgroup: number;
}

/** The tfjs backend of the GPU device. */
export class GpuBackend extends RecordingBackend {
  readonly #tiles: TileChoices;

  /** Neighbouring lanes that belong to a subgroup; 1 if none do. */
  readonly subgroup: number;

  /** Tensors that a kernel can bind. */
  readonly mostBindings: number;

  /** Whether it is a program on the CPU. */
  readonly isSoftware: boolean;

  /** @param device The device. @param facts What is known of it. */
  constructor(device: GPUDevice, { info, subgroup }: GpuFacts) {
    super(device, info);
    this.subgroup = subgroup;
    this.mostBindings = device.limits.maxStorageBuffersPerShaderStage;
    this.isSoftware = isSoftware(info);
    this.#tiles = new TileChoices(this.isSoftware);
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
    if (!hasTimestamps(this.device)) return false;
    const found = await this.#tiles.tune((products) =>
      fastestTiles(this, products, TILES)
    );
    // What was recorded has the tiles of before.
    if (found) this.forget();
    return found;
  }

  /**
   * Reads a tensor's values.
   *
   * @throws {UserError} If the device has met an error.
   */
  override async read(dataId: object): ReturnType<WebGPUBackend["read"]> {
    const values = await this.guard.read(() => super.read(dataId));
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
   * Reads the values of several tensors of type float32, waiting once.
   *
   * @throws {UserError} If the device has met an error.
   */
  async readAll(tensors: readonly tf.TensorInfo[]): Promise<Float32Array[]> {
    const sizes = tensors.map(({ shape }) => tf.util.sizeFromShape(shape));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total === 0) return sizes.map(() => new Float32Array());
    const staging = this.device.createBuffer({
      label: "values",
      size: 4 * total,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    try {
      this.ensureCommandEncoderReady();
      this.endComputePassEncoder();
      const { commandEncoder } = this as unknown as Internals;
      let at = 0;
      tensors.forEach(({ dataId }, i) => {
        const bytes = 4 * sizes[i];
        const buffer = this.bufferOf(dataId);
        commandEncoder.copyBufferToBuffer(buffer, 0, staging, at, bytes);
        at += bytes;
      });
      this.submit();
      const values = await this.guard.read(async () => {
        await staging.mapAsync(GPUMapMode.READ);
        return new Float32Array(staging.getMappedRange().slice(0));
      });
      let from = 0;
      return sizes.map((size) => values.subarray(from, from += size));
    } finally {
      staging.destroy();
    }
  }
}
