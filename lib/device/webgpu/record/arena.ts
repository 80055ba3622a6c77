/**
 * The buffers that recorded work computes in. All recordings share them, since
 * one is played at a time and nothing in them outlives it; so what was once
 * made stays until all recordings are forgotten.
 *
 * @module
 */
import { type BufferOwner, setOwner } from "../buffers/buffers.ts";

/** How much larger than asked for a buffer may be. */
const MOST_TIMES = 2;

/** A buffer of an arena. */
interface ArenaBuffer {
  buffer: GPUBuffer;
  size: number;
}

/** Buffers of one device and usage. */
export class Arena implements BufferOwner {
  readonly #device: GPUDevice;
  readonly #usage: GPUBufferUsageFlags;
  readonly #all = new Map<GPUBuffer, ArenaBuffer>();
  /** Those that nobody uses, the smallest first. */
  readonly #free: ArenaBuffer[] = [];
  #used = 0;
  #mostUsed = 0;
  #allocated = 0;

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
    return this.#allocated;
  }

  /**
   * A buffer, with whatever is in it.
   *
   * @param size In bytes; the buffer may be twice as large.
   */
  acquire(size: number): GPUBuffer {
    const at = this.#free.findIndex((entry) => entry.size >= size);
    const fits = at >= 0 && this.#free[at].size <= MOST_TIMES * size;
    const entry = fits ? this.#free.splice(at, 1)[0] : this.#make(size);
    this.#used += entry.size;
    this.#mostUsed = Math.max(this.#mostUsed, this.#used);
    return entry.buffer;
  }

  #make(size: number): ArenaBuffer {
    const usage = this.#usage;
    const entry = { buffer: this.#device.createBuffer({ size, usage }), size };
    setOwner(entry.buffer, this);
    this.#all.set(entry.buffer, entry);
    this.#allocated += size;
    return entry;
  }

  /** Takes a buffer back when nobody uses it. */
  takeBack(buffer: GPUBuffer): void {
    const entry = this.#all.get(buffer)!;
    this.#used -= entry.size;
    const at = this.#free.findIndex(({ size }) => size >= entry.size);
    this.#free.splice(at < 0 ? this.#free.length : at, 0, entry);
  }

  /** Frees the buffers that nobody uses. */
  dispose(): void {
    for (const { buffer, size } of this.#free) {
      this.#all.delete(buffer);
      this.#allocated -= size;
      buffer.destroy();
    }
    this.#free.length = 0;
    this.#mostUsed = this.#used;
  }
}
