/**
 * The one memory of the CPU device, shared by all threads: an arena whose
 * blocks are reused by size, so that nothing grows once every size of a
 * training step has been met.
 *
 * @module
 */
import { UserError } from "../../errors.ts";

const PAGE = 65536;
/** WebAssembly's limit with 32-bit addresses: 4 GiB. */
const MOST_PAGES = 65536;
/** Kernels may read, never write, a little past the end of a tensor. */
const SLACK = 1 << 20;
/** Blocks begin at multiples of a cache line. */
const ALIGNMENT = 64;

/** Hands out blocks of one shared WebAssembly memory. */
export class Arena {
  /** The memory; it grows, and its base address never moves. */
  readonly memory = new WebAssembly.Memory({
    initial: 2 * SLACK / PAGE,
    maximum: MOST_PAGES,
    shared: true,
  });
  #top = ALIGNMENT;
  readonly #free = new Map<number, number[]>();
  #floats = new Float32Array(this.memory.buffer);
  #ints = new Int32Array(this.memory.buffer);

  /** Takes a block. Its bytes hold anything. */
  alloc(bytes: number): number {
    const size = blockSize(bytes);
    const reused = this.#free.get(size)?.pop();
    if (reused !== undefined) return reused;
    const address = this.#top;
    this.#top += size;
    this.#reserve(this.#top + SLACK);
    return address;
  }

  /** Gives back a block of `bytes` that {@link alloc} gave. */
  free(address: number, bytes: number): void {
    const size = blockSize(bytes);
    const blocks = this.#free.get(size);
    if (blocks) blocks.push(address);
    else this.#free.set(size, [address]);
  }

  /** Floats in the memory; valid until the next {@link alloc}. */
  floats(address: number, count: number): Float32Array {
    this.#refresh();
    return this.#floats.subarray(address / 4, address / 4 + count);
  }

  /** Integers in the memory; valid until the next {@link alloc}. */
  ints(address: number, count: number): Int32Array {
    this.#refresh();
    return this.#ints.subarray(address / 4, address / 4 + count);
  }

  /** Bytes ever handed out at once. */
  get bytes(): number {
    return this.#top;
  }

  #reserve(bytes: number): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    const current = this.memory.buffer.byteLength / PAGE;
    const needed = Math.ceil(missing / PAGE);
    const most = MOST_PAGES - current;
    // In steps of an eighth, since growing costs more than its bytes.
    const pages = Math.min(Math.max(needed, Math.ceil(current / 8)), most);
    if (needed > most) {
      throw new UserError(
        `The CPU's memory is full: a step needs more than 4 GiB`,
        {
          code: "out-of-memory",
          hint: "take a smaller --batch-size",
          exitCode: 1,
        },
      );
    }
    this.memory.grow(pages);
  }

  #refresh(): void {
    const { buffer } = this.memory;
    if (this.#floats.buffer.byteLength === buffer.byteLength) return;
    this.#floats = new Float32Array(buffer);
    this.#ints = new Int32Array(buffer);
  }
}

/**
 * Sizes are rounded up to one of eight an octave, at most an eighth more, so
 * that batches of almost equal length share blocks.
 */
function blockSize(bytes: number): number {
  if (bytes <= ALIGNMENT) return ALIGNMENT;
  const step = Math.max(ALIGNMENT, 2 ** (Math.floor(Math.log2(bytes)) - 3));
  return Math.ceil(bytes / step) * step;
}
