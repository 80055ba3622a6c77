/**
 * The CPU device: a tfjs backend on one shared memory, with the kernels of the
 * ops and the few that tfjs' tape needs.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { type Blas, openBlas } from "./blas/blas.ts";
import { SGEMM } from "./blas/sgemm.ts";
import { adviseHugePages } from "./huge_pages.ts";
import type { Kernel } from "./kernel.ts";
import { bytes as binary } from "./kernels/kernels.embedded.ts";
import { Arena } from "./memory.ts";
import { Pool } from "./pool.ts";
import { Word } from "./pool_words.ts";

/**
 * The name that tfjs knows the backend by. It is not `cpu`, which is tfjs' own
 * backend in plain JavaScript: `doctor` compares this one with it. No file and
 * no event has the name; there the device is `cpu`.
 */
export const CPU = "native";

/** Where a tensor's values are. */
interface Block {
  address: number;
  bytes: number;
  dtype: tf.DataType;
  references: number;
}

/** Most words that a kernel takes. */
const MOST_WORDS = 64;
/** Multiply-adds, or floats moved, below which one thread is faster. */
const WORTH_SPLITTING = 1 << 18;
/**
 * Scratch memory is handed out in multiples of this many bytes, so that the next
 * batch, which needs a little more or less, fits where the last one did.
 */
const SCRATCH_UNIT = 4096;
/** Slices of a kernel for each thread: more balance, but also cost, more. */
const SLICES_A_THREAD = 4;

/** How the CPU computes. */
export interface CpuOptions {
  /** Threads; the cores if not given. */
  threads?: number | undefined;
  /** A BLAS library's path, or `none`; if not given, the first one found. */
  blas?: string | undefined;
}

/** The tfjs backend of the CPU device. */
export class CpuBackend extends tf.KernelBackend {
  readonly #arena = new Arena();
  readonly #blocks = new Map<object, Block>();
  readonly #module = new WebAssembly.Module(binary());
  #kernels: Record<string, Kernel>;
  readonly #constants: Record<string, unknown>;
  readonly #words = this.#arena.alloc(4 * MOST_WORDS);
  readonly #control = this.#arena.alloc(4 * Word.Count);
  #pool: Pool | undefined;
  #blas: Blas | undefined;
  /** Bytes that the matrix product needs for each thread. */
  readonly gemmWorkspace: number;

  constructor() {
    super();
    adviseHugePages(this.#arena.memory);
    const { exports } = new WebAssembly.Instance(this.#module, {
      env: { memory: this.#arena.memory },
    });
    const { gemmWorkspace, ...others } = exports;
    this.gemmWorkspace = (gemmWorkspace as () => number)();
    this.#constants = others;
    this.#kernels = Object.fromEntries(
      Object.entries(others).filter(([, value]) => typeof value === "function"),
    ) as Record<string, Kernel>;
  }

  /**
   * Starts the threads and opens the BLAS library, in place of earlier ones.
   *
   * @throws {UserError} If a thread or a library that is asked for fails.
   */
  async configure(options: CpuOptions): Promise<void> {
    const threads = options.threads ?? navigator.hardwareConcurrency;
    const { memory } = this.#arena;
    const before = this.#blas?.library.path;
    const { [SGEMM]: _, ...kernels } = this.#kernels;
    const blas = openBlas({ library: options.blas, memory });
    this.#blas = blas;
    this.#kernels = blas ? { ...kernels, [SGEMM]: blas.sgemm } : kernels;
    if (threads === this.threads && blas?.library.path === before) return;
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.stop();
    this.#pool = threads === 1 ? undefined : await Pool.start({
      memory,
      module: this.#module,
      kernels: this.#kernels,
      control: this.#control,
      threads,
      blas: blas?.library,
    });
  }

  /** Threads that compute, the caller's included. */
  get threads(): number {
    return this.#pool?.threads ?? 1;
  }

  /** Bytes of the memory that have ever been in use at once. */
  get arenaBytes(): number {
    return this.#arena.bytes;
  }

  /** The BLAS library in use, if any. */
  get blas(): Blas | undefined {
    return this.#blas;
  }

  /**
   * Runs a kernel, on all threads if that is worth it. The result doesn't
   * depend on their number.
   *
   * @param name The kernel's name.
   * @param work About how many multiply-adds, or floats moved, it takes.
   * @param ints Its words: addresses and numbers.
   * @param floats The words after them, as 32-bit floats.
   * @param last The words after those.
   */
  run(
    name: string,
    work: number,
    ints: readonly number[],
    floats: readonly number[] = [],
    last: readonly number[] = [],
  ): void {
    let at = this.#words;
    this.#arena.ints(at, ints.length).set(ints);
    at += 4 * ints.length;
    this.#arena.floats(at, floats.length).set(floats);
    at += 4 * floats.length;
    this.#arena.ints(at, last.length).set(last);
    const kernel = this.#kernels[name];
    if (kernel === undefined) {
      throw new Error(
        `There is no CPU kernel "${name}": export it in ` +
          "lib/ops/kernels.as.ts, and run deno task build",
      );
    }
    const slices = this.slicesFor(work);
    if (this.#pool && slices > 1) this.#pool.run(name, this.#words, slices);
    else kernel(this.#words, 0, 1, 0);
  }

  /**
   * A number that kernels and their callers share, as the blocks of a sum.
   *
   * @param name Of a constant that an `.as.ts` file of kernels exports.
   */
  constant(name: string): number {
    return (this.#constants[name] as WebAssembly.Global).value;
  }

  /** Into how many slices {@link run} splits some amount of work. */
  slicesFor(work: number): number {
    return this.threads > 1 && work >= WORTH_SPLITTING
      ? SLICES_A_THREAD * this.threads
      : 1;
  }

  /** A new tensor whose values are not set yet. */
  output(shape: number[], dtype: "float32" | "int32" = "float32") {
    const dataId = {};
    this.#take(dataId, tf.util.sizeFromShape(shape), dtype, 1);
    return { dataId, shape, dtype };
  }

  /** A new tensor of zeros. */
  zeros(shape: number[]): tf.TensorInfo {
    const info = this.output(shape);
    this.floats(info).fill(0);
    return info;
  }

  /** The address of a tensor's values. */
  address(info: tf.TensorInfo): number {
    return this.#block(info.dataId).address;
  }

  /** A tensor's values; valid until the next tensor is made. */
  floats(info: tf.TensorInfo): Float32Array {
    const { address } = this.#block(info.dataId);
    return this.#arena.floats(address, tf.util.sizeFromShape(info.shape));
  }

  /** An int32 tensor's values; valid until the next tensor is made. */
  ints(info: tf.TensorInfo): Int32Array {
    const { address } = this.#block(info.dataId);
    return this.#arena.ints(address, tf.util.sizeFromShape(info.shape));
  }

  /**
   * Gives a function scratch memory.
   *
   * @param bytes How much.
   * @param use Gets its address.
   */
  withScratch<T>(bytes: number, use: (address: number) => T): T {
    const whole = Math.ceil(bytes / SCRATCH_UNIT) * SCRATCH_UNIT;
    const address = this.#arena.alloc(whole);
    try {
      return use(address);
    } finally {
      this.#arena.free(address, whole);
    }
  }

  /** Integers at an address. */
  intsAt(address: number, count: number): Int32Array {
    return this.#arena.ints(address, count);
  }

  /** Float64 numbers at an address. */
  doublesAt(address: number, count: number): Float64Array {
    return new Float64Array(this.#arena.memory.buffer, address, count);
  }

  /** Another tensor with the same values. */
  alias(info: tf.TensorInfo, shape: number[]): tf.TensorInfo {
    this.incRef(info.dataId);
    return { dataId: info.dataId, shape, dtype: info.dtype };
  }

  override write(
    values: tf.BackendValues | null,
    shape: number[],
    dtype: tf.DataType,
  ): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: object,
    values: tf.BackendValues | null,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    const count = tf.util.sizeFromShape(shape);
    const { address } = this.#take(dataId, count, dtype, references);
    if (values === null) return;
    const target = dtype === "float32"
      ? this.#arena.floats(address, count)
      : this.#arena.ints(address, count);
    target.set(values as Float32Array);
  }

  override readSync(dataId: object): tf.BackendValues {
    const { address, bytes, dtype } = this.#block(dataId);
    // Copied out of the shared memory: it is used again.
    return dtype === "float32"
      ? Float32Array.from(this.#arena.floats(address, bytes / 4))
      : dtype === "int32"
      ? Int32Array.from(this.#arena.ints(address, bytes / 4))
      : Uint8Array.from(this.#arena.ints(address, bytes / 4));
  }

  override read(dataId: object): Promise<tf.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override disposeData(dataId: object, force = false): boolean {
    const block = this.#blocks.get(dataId);
    if (!block) return true;
    block.references--;
    if (!force && block.references > 0) return false;
    this.#arena.free(block.address, block.bytes);
    this.#blocks.delete(dataId);
    return true;
  }

  override incRef(dataId: object): void {
    this.#block(dataId).references++;
  }

  override refCount(dataId: object): number {
    return this.#blocks.get(dataId)?.references ?? 0;
  }

  override numDataIds(): number {
    return this.#blocks.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return true;
  }

  override time(work: () => void): Promise<tf.BackendTimingInfo> {
    const begun = performance.now();
    work();
    return Promise.resolve({ kernelMs: performance.now() - begun });
  }

  override dispose(): void {
    this.#pool?.stop();
    this.#blocks.clear();
  }

  #take(
    dataId: object,
    count: number,
    dtype: tf.DataType,
    references: number,
  ): Block {
    // Booleans take a word each too: only tfjs' own ops make them.
    const bytes = 4 * Math.max(1, count);
    const address = this.#arena.alloc(bytes);
    const block = { address, bytes: 4 * count, dtype, references };
    this.#blocks.set(dataId, block);
    return block;
  }

  #block(dataId: object): Block {
    const block = this.#blocks.get(dataId);
    if (!block) throw new Error("the tensor is not on the CPU device");
    return block;
  }
}

/** Registers the backend with tfjs, once. */
export function registerCpuBackend(): void {
  if (tf.findBackendFactory(CPU)) return;
  tf.registerBackend(CPU, () => new CpuBackend());
}
