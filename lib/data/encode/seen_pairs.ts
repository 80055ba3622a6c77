/**
 * Which pairs of sentences have come before, by their hashes: an open table
 * of 9 bytes a slot, of which at most half are in use.
 *
 * @module
 */

/** No class has this index. */
const FREE = -1;

/** Remembers the hashes of pairs, each with the class that it had first. */
export class SeenPairs {
  #hashes = new Int32Array(2 * 1024);
  #labels = new Int8Array(1024).fill(FREE);
  #count = 0;

  /**
   * Adds a pair, unless it is there.
   *
   * @param high The upper half of its hash.
   * @param low The lower half.
   * @param label Its class.
   * @return The class that it had when it came first; null if that is now.
   */
  add(high: number, low: number, label: number): number | null {
    const slot = this.#slotOf(high, low);
    if (this.#labels[slot] !== FREE) return this.#labels[slot];
    this.#hashes[2 * slot] = high;
    this.#hashes[2 * slot + 1] = low;
    this.#labels[slot] = label;
    if (2 * ++this.#count > this.#labels.length) this.#grow();
    return null;
  }

  /** Whether a pair has been added. */
  has(high: number, low: number): boolean {
    return this.#labels[this.#slotOf(high, low)] !== FREE;
  }

  /** The slot of a pair, or the free one that it would get. */
  #slotOf(high: number, low: number): number {
    const hashes = this.#hashes;
    const labels = this.#labels;
    const mask = labels.length - 1;
    let slot = low & mask;
    while (
      labels[slot] !== FREE &&
      (hashes[2 * slot] !== high || hashes[2 * slot + 1] !== low)
    ) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const hashes = this.#hashes;
    const labels = this.#labels;
    this.#hashes = new Int32Array(2 * hashes.length);
    this.#labels = new Int8Array(2 * labels.length).fill(FREE);
    for (let i = 0; i < labels.length; i++) {
      if (labels[i] === FREE) continue;
      const slot = this.#slotOf(hashes[2 * i], hashes[2 * i + 1]);
      this.#hashes[2 * slot] = hashes[2 * i];
      this.#hashes[2 * slot + 1] = hashes[2 * i + 1];
      this.#labels[slot] = labels[i];
    }
  }
}
