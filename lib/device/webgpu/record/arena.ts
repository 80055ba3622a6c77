/**
 * The buffers that recorded work computes in. All recordings share them, since
 * one is played at a time and nothing in them outlives it; so what was once
 * made stays until all recordings are forgotten.
 *
 * @module
 */
import { lend, type Lender } from "../buffers/buffers.ts";

/** How much larger than asked for a buffer may be. */
const MOST_TIMES = 2;

/** A buffer of an arena. */
interface Lent {
  buffer: GPUBuffer;
  size: number;
}

/** Buffers of one device and usage. */
export class Arena implements Lender {
  readonly #device: GPUDevice;
  readonly #usage: GPUBufferUsageFlags;
  readonly #all = new Map<GPUBuffer, Lent>();
  /** Those that nobody uses, the smallest first. */
  readonly #free: Lent[] = [];
  #used = 0;
  #mostUsed = 0;
  #made = 0;

  /** @param device Where they are. @param usage Flags of `GPUBufferUsage`. */
  constructor(device: GPUDevice, usage: GPUBufferUsageFlags) {
    this.#device = device;
    this.#usage = usage;
  }

  /** How many there are. */
  get buffers(): number {
    return this.#all.size;
  }

  /** Bytes of those in use. */
  get bytesUsed(): number {
    return this.#used;
  }

  /** Bytes of those that were in use at once, at most. */
  get mostBytesUsed(): number {
    return this.#mostUsed;
  }

  /** Bytes of all. */
  get bytes(): number {
    return this.#made;
  }

  /**
   * A buffer, with whatever is in it.
   *
   * @param size In bytes; the buffer may be twice as large.
   */
  acquire(size: number): GPUBuffer {
    const at = this.#free.findIndex((lent) => lent.size >= size);
    const fits = at >= 0 && this.#free[at].size <= MOST_TIMES * size;
    const lent = fits ? this.#free.splice(at, 1)[0] : this.#make(size);
    this.#used += lent.size;
    this.#mostUsed = Math.max(this.#mostUsed, this.#used);
    return lent.buffer;
  }

  #make(size: number): Lent {
    const usage = this.#usage;
    const lent = { buffer: this.#device.createBuffer({ size, usage }), size };
    lend(lent.buffer, this);
    this.#all.set(lent.buffer, lent);
    this.#made += size;
    return lent;
  }

  /** Takes a buffer back when nobody uses it. */
  takeBack(buffer: GPUBuffer): void {
    const lent = this.#all.get(buffer)!;
    this.#used -= lent.size;
    const at = this.#free.findIndex(({ size }) => size >= lent.size);
    this.#free.splice(at < 0 ? this.#free.length : at, 0, lent);
  }

  /** Frees the buffers that nobody uses. */
  dispose(): void {
    for (const { buffer, size } of this.#free) {
      this.#all.delete(buffer);
      this.#made -= size;
      buffer.destroy();
    }
    this.#free.length = 0;
    this.#mostUsed = this.#used;
  }
}
