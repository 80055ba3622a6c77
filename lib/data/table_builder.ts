/**
 * Gathers encoded examples into the columns of a table, in typed arrays only:
 * half a million pairs take little more memory than their file.
 *
 * @module
 */
import type { EncodedChunk } from "./encode_chunk.ts";
import type { Example } from "./example.ts";
import { Growable } from "./growable.ts";
import type { TableColumns, TextColumn } from "./table.ts";

/** An example whose class is known. */
export type LabelledExample = Example & { label: number };

/** Gathers examples in the order in which they come. */
export class TableBuilder {
  readonly #tokens = new Growable(Int32Array);
  readonly #offsets = new Growable(Int32Array, [0]);
  readonly #second = new Growable(Int32Array);
  readonly #labels = new Growable(Int8Array);
  readonly #row = new Growable(Int32Array);
  readonly #premise = new TextBuilder();
  readonly #hypothesis = new TextBuilder();

  /** How many examples there are. */
  get rows(): number {
    return this.#second.length;
  }

  /**
   * Adds examples.
   *
   * @param examples Their texts and labels.
   * @param encoded Their tokens, in the same order.
   */
  add(examples: readonly LabelledExample[], encoded: EncodedChunk): void {
    let end = this.#tokens.length;
    this.#offsets.append(encoded.lengths.map((length) => end += length));
    this.#tokens.append(encoded.tokens);
    this.#second.append(encoded.second);
    this.#labels.append(examples.map(({ label }) => label));
    this.#row.append(examples.map(({ row }) => row));
    for (const { premise, hypothesis } of examples) {
      this.#premise.add(premise);
      this.#hypothesis.add(hypothesis);
    }
  }

  /** The columns of all examples so far; they share this builder's memory. */
  columns(): TableColumns {
    return {
      tokens: this.#tokens.view(),
      offsets: this.#offsets.view(),
      second: this.#second.view(),
      labels: this.#labels.view(),
      row: this.#row.view(),
      premise: this.#premise.column(),
      hypothesis: this.#hypothesis.column(),
    };
  }
}

const UTF8 = new TextEncoder();

/** Gathers texts, some of which may be null, as Arrow keeps them. */
class TextBuilder {
  readonly #bytes = new Growable(Uint8Array);
  readonly #offsets = new Growable(Int32Array, [0]);
  readonly #valid = new Growable(Uint8Array);

  add(text: string | null): void {
    const row = this.#offsets.length - 1;
    if (row % 8 === 0) this.#valid.append([0]);
    if (text !== null) {
      this.#bytes.append(UTF8.encode(text));
      this.#valid.view()[row >> 3] |= 1 << (row & 7);
    }
    this.#offsets.append([this.#bytes.length]);
  }

  column(): TextColumn {
    return {
      bytes: this.#bytes.view(),
      offsets: this.#offsets.view(),
      valid: this.#valid.view(),
    };
  }
}
