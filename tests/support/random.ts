/**
 * A small seeded generator (sfc32, of PractRand), so that every input can be
 * made again from its name.
 */
export class Random {
  #a: number;
  #b = 0x9e3779b9;
  #c = 0x243f6a88;
  #counter = 1;

  /** Starts from a text, as `mxnet 1 207`. */
  constructor(seed: string) {
    let hash = 0x811c9dc5;
    for (const char of seed) {
      hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
    }
    this.#a = hash;
    for (let i = 0; i < 12; i++) this.#next();
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    return Math.floor(this.#next() / 2 ** 32 * limit);
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  #next(): number {
    const sum = this.#a + this.#b + this.#counter++;
    this.#a = this.#b ^ this.#b >>> 9;
    this.#b = this.#c + (this.#c << 3) | 0;
    this.#c = (this.#c << 21 | this.#c >>> 11) + sum | 0;
    return sum >>> 0;
  }
}
