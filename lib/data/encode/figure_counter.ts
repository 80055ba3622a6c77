/**
 * Sums up what the workers counted of a split.
 *
 * @module
 */
import type { SplitFigures } from "../../events/events.ts";
import type { TableColumns } from "../table/table.ts";
import type { PairCounts } from "./pair_counter.ts";
import { SeenPairs } from "./seen_pairs.ts";

/** The pairs of the splits that are encoded, by the splits' names. */
export type SeenSplits = Map<string, SeenPairs>;

/** Sums up a split, piece by piece. */
export class FigureCounter {
  readonly #labels: readonly string[];
  readonly #earlier: readonly [string, SeenPairs][];
  readonly #seen = new SeenPairs();
  readonly #perLabel: number[];
  readonly #alsoIn: number[];
  /** How many examples there are of each length. */
  readonly #lengths = new Map<number, number>();
  readonly #end: () => void;
  #rows = 0;
  #words = 0;
  #unknown = 0;
  #cut = 0;
  #empty = 0;
  #repeated = 0;
  #conflicting = 0;

  /**
   * Begins with a split.
   *
   * @param name The split's name.
   * @param labels The names of the classes.
   * @param splits The splits before it; it is added to them at its end.
   */
  constructor(name: string, labels: readonly string[], splits: SeenSplits) {
    this.#labels = labels;
    this.#perLabel = labels.map(() => 0);
    this.#earlier = [...splits];
    this.#alsoIn = this.#earlier.map(() => 0);
    this.#end = () => void splits.set(name, this.#seen);
  }

  /**
   * Adds the first rows of a piece.
   *
   * @param columns The piece's examples.
   * @param counts What was counted of them.
   * @param options How many of them, and how many special tokens a pair has.
   */
  add(
    columns: TableColumns,
    counts: PairCounts,
    { rows, specialTokens }: { rows: number; specialTokens: number },
  ): void {
    const { offsets, second, labels } = columns;
    const { words, unknown, empty, hashes } = counts;
    for (let i = 0; i < rows; i++) {
      this.#words += words[i];
      this.#unknown += unknown[i];
      this.#empty += empty[i];
      const kept = offsets[i + 1] - offsets[i];
      // A single sentence has no separators between two.
      const length = words[i] + (second[i] === kept ? 2 : specialTokens);
      if (length > kept) this.#cut++;
      this.#lengths.set(length, (this.#lengths.get(length) ?? 0) + 1);
      this.#perLabel[labels[i]]++;
      const [high, low] = [hashes[2 * i], hashes[2 * i + 1]];
      const first = this.#seen.add(high, low, labels[i]);
      if (first !== null) this.#repeated++;
      if (first !== null && first !== labels[i]) this.#conflicting++;
      for (let s = 0; s < this.#earlier.length; s++) {
        if (this.#earlier[s][1].has(high, low)) this.#alsoIn[s]++;
      }
    }
    this.#rows += rows;
  }

  /** What was summed up; later splits are compared with this one then. */
  figures(): SplitFigures {
    this.#end();
    const lengths = [...this.#lengths].sort(([a], [b]) => a - b);
    return {
      labels: Object.fromEntries(
        this.#labels.map((label, i) => [label, this.#perLabel[i]]),
      ),
      words: this.#words,
      unknown: this.#unknown,
      cut: this.#cut,
      lengths: {
        median: this.#lengthOf(lengths, 0.5),
        p99: this.#lengthOf(lengths, 0.99),
        longest: lengths.at(-1)?.[0] ?? 0,
      },
      empty: this.#empty,
      repeated: this.#repeated,
      conflicting: this.#conflicting,
      alsoIn: Object.fromEntries(
        this.#earlier.map(([split], i) => [split, this.#alsoIn[i]]),
      ),
    };
  }

  /** The least length that such a share of the examples does not exceed. */
  #lengthOf(
    lengths: readonly [length: number, examples: number][],
    share: number,
  ): number {
    let examples = 0;
    for (const [length, count] of lengths) {
      examples += count;
      if (examples >= share * this.#rows) return length;
    }
    return 0;
  }
}
