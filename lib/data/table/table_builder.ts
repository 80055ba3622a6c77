/**
 * Gathers encoded examples into the columns of a table, in typed arrays only:
 * half a million pairs take little more memory than their file.
 *
 * @module
 */
import { Growable } from "../../base/growable.ts";
import type { EncodedPair } from "../../text/pair.ts";
import type { Example } from "../read/example.ts";
import type { TableColumns, TextColumn } from "./table.ts";

/** An example whose class is known. */
export type LabelledExample = Example & { label: number };

/** Gathers examples in the order in which they come. */
export class TableBuilder {
  readonly #tokenIds = new Growable(Int32Array);
  readonly #offsets = new Growable(Int32Array, [0]);
  readonly #second = new Growable(Int32Array);
  readonly #labels = new Growable(Int8Array);
  readonly #sourceLines = new Growable(Int32Array);
  readonly #premise = new TextBuilder();
  readonly #hypothesis = new TextBuilder();

  /** How many examples there are. */
  get rows(): number {
    return this.#second.length;
  }

  /**
   * Adds an example.
   *
   * @param example Its texts, label and source line.
   * @param pair Its tokens.
   */
  add(example: LabelledExample, { tokenIds, second }: EncodedPair): void {
    this.#tokenIds.append(tokenIds);
    this.#offsets.push(this.#tokenIds.length);
    this.#second.push(second);
    this.#labels.push(example.label);
    this.#sourceLines.push(example.sourceLine);
    this.#premise.add(example.premise);
    this.#hypothesis.add(example.hypothesis);
  }

  /**
   * Adds the first examples of another table.
   *
   * @param columns The other table.
   * @param options How many `rows` of it, and the `line` that is 0 there.
   */
  append(
    columns: TableColumns,
    { rows, line }: { rows: number; line: number },
  ): void {
    const { tokenIds, offsets, second, labels, sourceLines } = columns;
    appendOffsets(this.#offsets, offsets, {
      rows,
      start: this.#tokenIds.length,
    });
    this.#tokenIds.append(tokenIds.subarray(0, offsets[rows]));
    this.#second.append(second.subarray(0, rows));
    this.#labels.append(labels.subarray(0, rows));
    this.#sourceLines.append(
      sourceLines.subarray(0, rows).map((at) => at + line),
    );
    this.#premise.append(columns.premise, rows);
    this.#hypothesis.append(columns.hypothesis, rows);
  }

  /** The columns of all examples so far; they share this builder's memory. */
  columns(): TableColumns {
    return {
      tokenIds: this.#tokenIds.view(),
      offsets: this.#offsets.view(),
      second: this.#second.view(),
      labels: this.#labels.view(),
      sourceLines: this.#sourceLines.view(),
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

  get #rows(): number {
    return this.#offsets.length - 1;
  }

  add(text: string | null): void {
    this.#mark(this.#rows, text !== null);
    if (text !== null) {
      // A UTF-16 unit takes at most three bytes.
      this.#bytes.appendWith(
        3 * text.length,
        (space) => UTF8.encodeInto(text, space).written,
      );
    }
    this.#offsets.push(this.#bytes.length);
  }

  append({ bytes, offsets, valid }: TextColumn, rows: number): void {
    for (let i = 0; i < rows; i++) {
      this.#mark(this.#rows + i, (valid[i >> 3] >> (i & 7) & 1) === 1);
    }
    appendOffsets(this.#offsets, offsets, { rows, start: this.#bytes.length });
    this.#bytes.append(bytes.subarray(0, offsets[rows]));
  }

  column(): TextColumn {
    return {
      bytes: this.#bytes.view(),
      offsets: this.#offsets.view(),
      valid: this.#valid.view(),
    };
  }

  /** Notes whether a row, the first that is not noted yet, has a text. */
  #mark(row: number, valid: boolean): void {
    if (row % 8 === 0) this.#valid.push(0);
    if (valid) this.#valid.view()[row >> 3] |= 1 << (row & 7);
  }
}

/** Adds the ends of some rows, which lay elsewhere before. */
function appendOffsets(
  to: Growable<Int32Array<ArrayBuffer>>,
  offsets: Int32Array,
  { rows, start }: { rows: number; start: number },
): void {
  to.append(offsets.subarray(1, rows + 1).map((end) => end + start));
}
