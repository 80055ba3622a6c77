/**
 * Counts, example by example, what a table does not keep of its text. This is
 * done by the workers, which have the text in their hands.
 *
 * @module
 */
import { Growable } from "../../base/growable.ts";
import { countedTokenizer, noTokens } from "../../text/counted_tokenizer.ts";
import type { Tokenizer } from "../../text/tokenizer.ts";
import type { TableColumns, TextColumn } from "../table/table.ts";

/** What was counted of some examples; every column has the same rows. */
export interface PairCounts {
  /** Tokens of the sentences, before they were cut. */
  words: Int32Array<ArrayBuffer>;
  /** How many of these the vocabulary does not have. */
  unknown: Int32Array<ArrayBuffer>;
  /** 1 where a sentence has no tokens. */
  empty: Uint8Array<ArrayBuffer>;
  /** Of the sentences, 64 bits as two numbers a row. */
  hashes: Int32Array<ArrayBuffer>;
}

/** Counts what goes through a tokenizer. */
export class PairCounter {
  /** Encodes as the given tokenizer does, and is counted. */
  readonly tokenizer: Tokenizer;
  readonly #seen = noTokens();
  readonly #words = new Growable(Int32Array);
  readonly #unknown = new Growable(Int32Array);
  readonly #empty = new Growable(Uint8Array);

  constructor(tokenizer: Tokenizer) {
    this.tokenizer = countedTokenizer(tokenizer, this.#seen);
  }

  /**
   * Ends an example, whose sentences have just been encoded.
   *
   * @param options How many sentences are `emptied` on purpose.
   */
  add({ emptied }: { emptied: number }): void {
    const { words, unknown, empty } = this.#seen;
    this.#words.push(words);
    this.#unknown.push(unknown);
    this.#empty.push(empty > emptied ? 1 : 0);
    Object.assign(this.#seen, noTokens());
  }

  /**
   * All that was counted.
   *
   * @param columns The examples that have been added.
   */
  counts(columns: TableColumns): PairCounts {
    return {
      words: this.#words.view(),
      unknown: this.#unknown.view(),
      empty: this.#empty.view(),
      hashes: hashesOf(columns, this.#words.length),
    };
  }
}

/** 64 bits of each pair, as two numbers a row. */
function hashesOf(
  { premise, hypothesis }: TableColumns,
  rows: number,
): Int32Array<ArrayBuffer> {
  const hashes = new Int32Array(2 * rows);
  for (let i = 0; i < rows; i++) {
    hashPair(premise, hypothesis, i, hashes.subarray(2 * i, 2 * i + 2));
  }
  return hashes;
}

/** A sentence's place in the sums: no sum of bytes alone has these bits. */
const BETWEEN = 0x7f4a7c15;

/**
 * 64 bits of two sentences: two sums of 32 bits that take up their UTF-8 by
 * four bytes, with multipliers of their own, and are mixed in the end, as
 * cyrb53 does. That two pairs of a million which differ have the same is less
 * likely than one in ten million.
 */
function hashPair(
  premise: TextColumn,
  hypothesis: TextColumn,
  row: number,
  hash: Int32Array,
): void {
  let high = 0xdeadbeef | 0;
  let low = 0x41c6ce57;
  for (const { bytes, offsets } of [premise, hypothesis]) {
    const end = offsets[row + 1];
    let i = offsets[row];
    // Where one sentence ends and the other begins counts.
    const length = (end - i) ^ BETWEEN;
    high = Math.imul(high ^ length, 0x9e3779b1);
    low = Math.imul(low ^ length, 0x5f356495);
    for (; i + 4 <= end; i += 4) {
      const word = bytes[i] | bytes[i + 1] << 8 | bytes[i + 2] << 16 |
        bytes[i + 3] << 24;
      high = Math.imul(high ^ word, 0x9e3779b1);
      high ^= high >>> 15;
      low = Math.imul(low ^ word, 0x5f356495);
      low ^= low >>> 13;
    }
    for (; i < end; i++) {
      high = Math.imul(high ^ bytes[i], 0x9e3779b1);
      low = Math.imul(low ^ bytes[i], 0x5f356495);
    }
  }
  // These are MurmurHash3's multipliers.
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^
    Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^
    Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  hash[0] = high;
  hash[1] = low;
}
