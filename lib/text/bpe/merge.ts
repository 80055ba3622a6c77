/**
 * Byte-pair encoding (Sennrich et al., 2016): of the pairs that stand beside
 * each other in a word, the one that was learned first becomes one token, from
 * the left, until none is left that was learned.
 *
 * @module
 */

/** The pairs that become one token, in the order in which they were learned. */
export class Merges {
  readonly #ranks = new Map<number, number>();
  readonly #results: number[] = [];
  readonly #size: number;

  /** @param size How many ids there are. */
  constructor(size: number) {
    this.#size = size;
  }

  /**
   * Adds the pair that was learned next.
   *
   * @param left Id of its first token.
   * @param right Id of its second.
   * @param result Id of what they become.
   */
  add(left: number, right: number, result: number): void {
    this.#ranks.set(left * this.#size + right, this.#results.length);
    this.#results.push(result);
  }

  /**
   * Merges the tokens of a word. The time goes with the word's length and its
   * logarithm: texts without blanks are one word.
   *
   * @param tokens Ids of the word's smallest parts; what they become is written
   * in their place.
   */
  merge(tokens: number[]): void {
    const { length } = tokens;
    // The nearest parts that are left; a merged part stays where its left was.
    const after = tokens.map((_, i) => i + 1);
    const before = tokens.map((_, i) => i - 1);
    const queue = new PairQueue();
    const rankAt = (place: number): number | undefined => {
      const next = after[place];
      return next < length
        ? this.#ranks.get(tokens[place] * this.#size + tokens[next])
        : undefined;
    };
    const offer = (place: number) => {
      const rank = rankAt(place);
      if (rank !== undefined) queue.add(rank, place);
    };
    for (let place = 0; place + 1 < length; place++) offer(place);
    for (let pair = queue.take(); pair !== undefined; pair = queue.take()) {
      const { rank, place } = pair;
      // One of its parts may have gone into another pair since.
      if (tokens[place] === GONE || rankAt(place) !== rank) continue;
      const next = after[place];
      tokens[place] = this.#results[rank];
      tokens[next] = GONE;
      after[place] = after[next];
      if (after[next] < length) before[after[next]] = place;
      if (before[place] >= 0) offer(before[place]);
      offer(place);
    }
    let kept = 0;
    for (const id of tokens) if (id !== GONE) tokens[kept++] = id;
    tokens.length = kept;
  }
}

/** What is written where a part was that went into the one before it. */
const GONE = -1;

/** More than there are parts of any word. */
const PLACES = 2 ** 31;

/** Pairs, of which the one that was learned first is taken, or the leftmost. */
class PairQueue {
  // A binary heap: each number is at most those at its twofold place, plus 1 or 2.
  readonly #heap: number[] = [];

  add(rank: number, place: number): void {
    const heap = this.#heap;
    const added = rank * PLACES + place;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent] <= added) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = added;
  }

  take(): { rank: number; place: number } | undefined {
    const heap = this.#heap;
    if (heap.length === 0) return undefined;
    const first = heap[0];
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    const rank = Math.floor(first / PLACES);
    return { rank, place: first - rank * PLACES };
  }

  /** Puts a number into the free first place, and from there where it belongs. */
  #sink(moved: number): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1] < heap[child]) child++;
      if (heap[child] >= moved) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moved;
  }
}
