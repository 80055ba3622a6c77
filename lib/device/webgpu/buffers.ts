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

/** How a pool deals with its buffers. */
export interface PoolOptions {
  /** Whether to keep what is free, however much it is; not if not given. */
  keepsAll?: boolean;
  /**
   * How much larger a buffer may be than the size that was asked for, as a
   * share of it; an eighth if not given.
   */
  mostSurplus?: number;
}

/** Buffers of one size and usage that nobody uses, the first made first. */
interface Shelf {
  size: number;
  usage: GPUBufferUsageFlags;
  free: Made[];
}

/** A buffer; its own properties take the host long to ask for. */
interface Made {
  buffer: GPUBuffer;
  size: number;
  /** Which pool it is of. */
  pool: BufferPool;
  /** How many were made before it. */
  number: number;
  /** Where it goes when nobody uses it. */
  shelf: Shelf | undefined;
}

/** The buffers of all pools. */
const facts = new WeakMap<GPUBuffer, Made>();

/** Hands out buffers; stands in for the `BufferManager` of tfjs. */
export class BufferPool {
  readonly #device: GPUDevice;
  readonly #keepsAll: boolean;
  readonly #mostSurplus: number;
  /** Every shelf there is. */
  readonly #shelves: Shelf[] = [];
  /** The shelves that sizes are served from, by usage, until there is another. */
  readonly #served = new Map<GPUBufferUsageFlags, Map<number, Shelf>>();
  /** Those on the shelves, the one that waits longest first. */
  readonly #free = new Set<Made>();
  #made = 0;
  #used = 0;
  #mostBytesUsed = 0;
  /** Bytes in use. */
  numBytesUsed = 0;
  /** Bytes in use or free. */
  numBytesAllocated = 0;

  /**
   * @param device Where the buffers are.
   * @param options How it deals with its buffers.
   */
  constructor(
    device: GPUDevice,
    { keepsAll = false, mostSurplus = 1 / 8 }: PoolOptions = {},
  ) {
    this.#device = device;
    this.#keepsAll = keepsAll;
    this.#mostSurplus = mostSurplus;
  }

  /** Buffers made so far. */
  get made(): number {
    return this.#made;
  }

  /**
   * A buffer, with whatever is in it.
   *
   * @param size In bytes; the buffer may be a little larger.
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
    let made = shelf?.free.shift();
    if (made) this.#free.delete(made);
    else made = this.#make(shelf ?? { size, usage }, shelf, mapped);
    this.#used++;
    this.numBytesUsed += made.size;
    this.#mostBytesUsed = Math.max(this.#mostBytesUsed, this.numBytesUsed);
    return made.buffer;
  }

  #make(
    { size, usage }: Pick<Shelf, "size" | "usage">,
    shelf: Shelf | undefined,
    mappedAtCreation: boolean,
  ): Made {
    const buffer = this.#device.createBuffer({ size, usage, mappedAtCreation });
    const made = { buffer, size, pool: this, number: this.#made++, shelf };
    facts.set(buffer, made);
    this.numBytesAllocated += size;
    return made;
  }

  /** Takes a buffer of any pool back, to be used again or not. */
  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    const made = facts.get(buffer)!;
    made.pool.#release(made, reuse);
  }

  #release(made: Made, reuse: boolean): void {
    this.#used--;
    this.numBytesUsed -= made.size;
    if (!reuse || !made.shelf) return this.#destroy(made);
    const { free } = made.shelf;
    const at = free.findIndex(({ number }) => number > made.number);
    free.splice(at < 0 ? free.length : at, 0, made);
    this.#free.add(made);
    if (this.#keepsAll) return;
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
      const most = size * (1 + this.#mostSurplus);
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

  #destroy({ buffer, size }: Made): void {
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
    for (const made of this.#free) this.#destroy(made);
    for (const shelf of this.#shelves) shelf.free = [];
    this.#free.clear();
  }
}
