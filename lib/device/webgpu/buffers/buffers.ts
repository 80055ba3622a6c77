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

/** Buffers of one size and usage that nobody uses, the first created first. */
interface Shelf {
  size: number;
  usage: GPUBufferUsageFlags;
  free: PooledBuffer[];
}

/** A buffer; ; its own take the host long to ask for. */
interface PooledBuffer {
  buffer: GPUBuffer;
  size: number;
  /** How many were created before it. */
  number: number;
  /** Where it goes when nobody uses it. */
  shelf: Shelf | undefined;
}

/** Whoever else creates buffers for tensors. */
export interface BufferOwner {
  /** Takes a buffer back when nobody uses it. */
  takeBack(buffer: GPUBuffer): void;
}

const owners = new WeakMap<GPUBuffer, BufferOwner>();

/** Has a buffer go back to whoever created it, whichever pool is given it. */
export function setOwner(buffer: GPUBuffer, owner: BufferOwner): void {
  owners.set(buffer, owner);
}

/** Hands out buffers; stands in for the `BufferManager` of tfjs. */
export class BufferPool {
  readonly #device: GPUDevice;
  /** Every shelf there is. */
  readonly #shelves: Shelf[] = [];
  /** The shelves that sizes are served from, by usage, until there is another. */
  readonly #served = new Map<GPUBufferUsageFlags, Map<number, Shelf>>();
  readonly #pooled = new WeakMap<GPUBuffer, PooledBuffer>();
  /** Those on the shelves, the one that waits longest first. */
  readonly #free = new Set<PooledBuffer>();
  #created = 0;
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

  /** Buffers created so far. */
  get created(): number {
    return this.#created;
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
    const shelf = reuse ? this.#shelfOf(size, usage) : undefined;
    let pooled = shelf?.free.shift();
    if (pooled) this.#free.delete(pooled);
    else pooled = this.#make(shelf ?? { size, usage }, shelf, mapped);
    this.#used++;
    this.numBytesUsed += pooled.size;
    this.#mostBytesUsed = Math.max(this.#mostBytesUsed, this.numBytesUsed);
    return pooled.buffer;
  }

  #make(
    { size, usage }: Pick<Shelf, "size" | "usage">,
    shelf: Shelf | undefined,
    mappedAtCreation: boolean,
  ): PooledBuffer {
    const buffer = this.#device.createBuffer({ size, usage, mappedAtCreation });
    const pooled = { buffer, size, number: this.#created++, shelf };
    this.#pooled.set(buffer, pooled);
    this.numBytesAllocated += size;
    return pooled;
  }

  /** Takes a buffer back, to be used again or not. */
  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    const owner = owners.get(buffer);
    if (owner) return owner.takeBack(buffer);
    const pooled = this.#pooled.get(buffer)!;
    this.#used--;
    this.numBytesUsed -= pooled.size;
    if (!reuse || !pooled.shelf) return this.#destroy(pooled);
    const { free } = pooled.shelf;
    const at = free.findIndex(({ number }) => number > pooled.number);
    free.splice(at < 0 ? free.length : at, 0, pooled);
    this.#free.add(pooled);
    for (const oldest of this.#free) {
      const bytes = this.numBytesAllocated - this.numBytesUsed;
      if (bytes <= this.#mostBytesUsed) break;
      this.#free.delete(oldest);
      const { free } = oldest.shelf!;
      free.splice(free.indexOf(oldest), 1);
      this.#destroy(oldest);
    }
  }

  /** The shelf of the largest buffers that may serve a size. */
  #shelfOf(size: number, usage: GPUBufferUsageFlags): Shelf {
    let served = this.#served.get(usage);
    if (!served) this.#served.set(usage, served = new Map());
    let shelf = served.get(size);
    if (!shelf) {
      const most = size * (1 + MOST_SURPLUS);
      shelf = this.#shelves
        .filter((other) =>
          other.usage === usage && other.size >= size && other.size <= most
        )
        .reduce<Shelf | undefined>(
          (a, b) => a && a.size > b.size ? a : b,
          undefined,
        );
      if (!shelf) {
        this.#shelves.push(shelf = { size, usage, free: [] });
        served.clear();
      }
      served.set(size, shelf);
    }
    return shelf;
  }

  #destroy({ buffer, size }: PooledBuffer): void {
    this.numBytesAllocated -= size;
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
    for (const pooled of this.#free) this.#destroy(pooled);
    for (const shelf of this.#shelves) shelf.free = [];
    this.#free.clear();
  }
}
