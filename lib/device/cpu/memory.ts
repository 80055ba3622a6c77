/**
 * The one memory of the CPU device, shared by all threads: an arena that
 * takes the smallest free block that fits and joins free neighbours, so that
 * batches of other sizes fit into what earlier ones have left.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";

const PAGE = 65536;
/** WebAssembly's limit with 32-bit addresses: 4 GiB. */
export const MOST_BYTES = 2 ** 32;
/** Kernels may read, never write, a little past the end of a tensor. */
const SLACK = 1 << 20;
/** Blocks begin at multiples of a cache line. */
const ALIGNMENT = 64;

/** A stretch of memory that nobody uses. */
interface Gap {
  address: number;
  bytes: number;
}

/** Hands out blocks of one shared WebAssembly memory. */
export class Arena {
  /** The memory; it grows, and its base address never moves. */
  readonly memory = new WebAssembly.Memory({
    initial: 2 * SLACK / PAGE,
    maximum: MOST_BYTES / PAGE,
    shared: true,
  });
  #top = ALIGNMENT;
  /** By address; no two touch. */
  readonly #gaps: Gap[] = [];
  #floats = new Float32Array(this.memory.buffer);
  #ints = new Int32Array(this.memory.buffer);

  /**
   * Takes a block. Its bytes hold anything.
   *
   * @throws {UserError} If the memory can't grow so far.
   */
  alloc(bytes: number): number {
    const size = blockSize(bytes);
    let best: number | undefined;
    for (let i = 0; i < this.#gaps.length; i++) {
      const { bytes } = this.#gaps[i];
      if (bytes < size) continue;
      if (best === undefined || bytes < this.#gaps[best].bytes) best = i;
    }
    if (best === undefined) return this.#extend(size);
    const gap = this.#gaps[best];
    const { address } = gap;
    gap.address += size;
    gap.bytes -= size;
    if (gap.bytes === 0) this.#gaps.splice(best, 1);
    return address;
  }

  /** Gives back a block of `bytes` that {@link alloc} gave. */
  free(address: number, bytes: number): void {
    const size = blockSize(bytes);
    let next = 0;
    while (
      next < this.#gaps.length && this.#gaps[next].address < address
    ) next++;
    const before = this.#gaps[next - 1];
    const after = this.#gaps[next];
    const touchesBefore = before && before.address + before.bytes === address;
    const touchesAfter = after && address + size === after.address;
    if (touchesBefore && touchesAfter) {
      before.bytes += size + after.bytes;
      this.#gaps.splice(next, 1);
    } else if (touchesBefore) before.bytes += size;
    else if (touchesAfter) {
      after.address = address;
      after.bytes += size;
    } else this.#gaps.splice(next, 0, { address, bytes: size });
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

  /** Where the last block ends, or ever ended: bytes in use at once, gaps included. */
  get bytes(): number {
    return this.#top;
  }

  /** Takes a block at the end, from a gap there on. */
  #extend(size: number): number {
    const last = this.#gaps.at(-1);
    const atEnd = last && last.address + last.bytes === this.#top;
    const address = atEnd ? last.address : this.#top;
    this.#reserve(address + size + SLACK);
    if (atEnd) this.#gaps.pop();
    this.#top = address + size;
    return address;
  }

  #reserve(bytes: number): void {
    const current = this.memory.buffer.byteLength / PAGE;
    const missing = Math.ceil(bytes / PAGE) - current;
    if (missing <= 0) return;
    // In steps of an eighth, since growing costs more than its bytes.
    const step = Math.min(Math.ceil(current / 8), MOST_BYTES / PAGE - current);
    try {
      this.memory.grow(Math.max(missing, step));
    } catch (cause) {
      const why = current + missing > MOST_BYTES / PAGE
        ? "4096 are the most"
        : "the system gives no more";
      throw new UserError(
        `The CPU's memory is full: a step needs ${
          Math.ceil(bytes / 2 ** 20)
        } MiB, and ${why}`,
        {
          code: "out-of-memory",
          hint: "take a smaller --batch-size",
          exitCode: 1,
          cause,
        },
      );
    }
  }

  #refresh(): void {
    const { buffer } = this.memory;
    if (this.#floats.buffer.byteLength === buffer.byteLength) return;
    this.#floats = new Float32Array(buffer);
    this.#ints = new Int32Array(buffer);
  }
}

/** Sizes are rounded up to whole cache lines. */
function blockSize(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
}
