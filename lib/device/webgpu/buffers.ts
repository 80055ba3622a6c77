/**
 * Buffers of tensors, used again and again.
 *
 * Packed batches differ a little in size. Sizes are rounded up to eight steps
 * a power of two, and a size that is a little smaller than one there has been
 * is served like that one, so that a batch finds the buffers of those before
 * it, whichever side of a step it falls on; of several free ones it gets the
 * oldest, so that equal steps bind equal buffers. What is free never exceeds
 * what has been in use at once.
 *
 * @module
 */

/** Smallest size, in bytes: what a storage binding's offset may need. */
const SMALLEST = 256;

/**
 * The size of the buffer that a tensor gets.
 *
 * @param bytes The tensor's.
 * @param most What a binding holds; at least `bytes`.
 * @return At least `bytes`, at most an eighth more, a multiple of 16.
 *
 * @example
 * ```ts
 * import { roundSize } from "./buffers.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(roundSize(1_000_000, 2 ** 27), 1_048_576);
 * assertEquals(roundSize(1_050_000, 2 ** 27), 1_179_648);
 * ```
 */
export function roundSize(bytes: number, most: number): number {
  if (bytes <= SMALLEST) return SMALLEST;
  const step = Math.max(SMALLEST, 2 ** Math.floor(Math.log2(bytes)) / 8);
  const rounded = Math.ceil(bytes / step) * step;
  return rounded <= most ? rounded : Math.ceil(bytes / 16) * 16;
}

/** How much larger a buffer may be than the size that was asked for. */
const MOST_SURPLUS = 1 / 8;

/** Buffers of one size and usage that nobody uses, by their number. */
type Shelf = GPUBuffer[];

/** Hands out buffers; stands in for the `BufferManager` of tfjs. */
export class BufferPool {
  readonly #device: GPUDevice;
  readonly #shelves = new Map<string, Shelf>();
  /** Every size there has been, by usage. */
  readonly #sizes = new Map<GPUBufferUsageFlags, Set<number>>();
  /** The sizes that sizes are served as, until there is another one. */
  readonly #served = new Map<string, number>();
  readonly #numbers = new WeakMap<GPUBuffer, number>();
  /** Those on the shelves, the one that waits longest first. */
  readonly #free = new Set<GPUBuffer>();
  #made = 0;
  #used = 0;
  #mostBytesUsed = 0;
  /** Bytes in use. */
  numBytesUsed = 0;
  /** Bytes in use or free. */
  numBytesAllocated = 0;

  /** @param device Where the buffers are. */
  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Buffers made so far. */
  get made(): number {
    return this.#made;
  }

  /** What tells a buffer from all others; never given twice. */
  number(buffer: GPUBuffer): number {
    let number = this.#numbers.get(buffer);
    if (number === undefined) {
      this.#numbers.set(buffer, number = this.#made++);
    }
    return number;
  }

  /**
   * A buffer, with whatever is in it.
   *
   * @param size In bytes; the buffer may be an eighth larger.
   * @param usage Flags of `GPUBufferUsage`.
   * @param mapped Whether to map a new one for writing.
   * @param reuse Whether an old one will do.
   */
  acquireBuffer(
    size: number,
    usage: GPUBufferUsageFlags,
    mapped = false,
    reuse = true,
  ): GPUBuffer {
    if (reuse) size = this.#servedSize(size, usage);
    let buffer = reuse
      ? this.#shelves.get(`${size} ${usage}`)?.shift()
      : undefined;
    if (buffer) this.#free.delete(buffer);
    else {
      buffer = this.#device.createBuffer({
        size,
        usage,
        mappedAtCreation: mapped,
      });
      this.number(buffer);
      this.numBytesAllocated += size;
    }
    this.#used++;
    this.numBytesUsed += size;
    this.#mostBytesUsed = Math.max(this.#mostBytesUsed, this.numBytesUsed);
    return buffer;
  }

  /** Takes a buffer back, to be used again or not. */
  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    this.#used--;
    this.numBytesUsed -= buffer.size;
    if (!reuse) return this.#destroy(buffer);
    const shelf = this.#shelfOf(buffer);
    const number = this.number(buffer);
    const at = shelf.findIndex((other) => this.number(other) > number);
    shelf.splice(at < 0 ? shelf.length : at, 0, buffer);
    this.#free.add(buffer);
    for (const oldest of this.#free) {
      const free = this.numBytesAllocated - this.numBytesUsed;
      if (free <= this.#mostBytesUsed) break;
      this.#free.delete(oldest);
      const shelf = this.#shelfOf(oldest);
      shelf.splice(shelf.indexOf(oldest), 1);
      this.#destroy(oldest);
    }
  }

  #servedSize(size: number, usage: GPUBufferUsageFlags): number {
    const key = `${size} ${usage}`;
    let served = this.#served.get(key);
    if (served === undefined) {
      let sizes = this.#sizes.get(usage);
      if (!sizes) this.#sizes.set(usage, sizes = new Set());
      const most = size * (1 + MOST_SURPLUS);
      served = Math.max(size, ...[...sizes].filter((other) => other <= most));
      if (!sizes.has(served)) {
        sizes.add(served);
        this.#served.clear();
      }
      this.#served.set(key, served);
    }
    return served;
  }

  #shelfOf({ size, usage }: GPUBuffer): Shelf {
    const key = `${size} ${usage}`;
    let shelf = this.#shelves.get(key);
    if (!shelf) this.#shelves.set(key, shelf = []);
    return shelf;
  }

  #destroy(buffer: GPUBuffer): void {
    this.numBytesAllocated -= buffer.size;
    buffer.destroy();
  }

  /** Buffers in use. */
  getNumUsedBuffers(): number {
    return this.#used;
  }

  /** Buffers that wait to be used. */
  getNumFreeBuffers(): number {
    return this.#free.size;
  }

  /** Frees the buffers that nobody uses. */
  dispose(): void {
    for (const buffer of this.#free) this.#destroy(buffer);
    this.#shelves.clear();
    this.#free.clear();
  }
}
