/**
 * Encodes a whole split.
 *
 * @module
 */
import type { OnProgress } from "../../base/progress.ts";
import type { SplitFigures } from "../../events/events.ts";
import { badData, type BadRow } from "../read/bad_data.ts";
import type { DataFile } from "../read/blocks.ts";
import { unitOf } from "../read/format/formats.ts";
import { openPieces } from "../read/open_pieces.ts";
import { LONGEST_ROW } from "../read/pieces.ts";
import { findFormat } from "../read/row_format.ts";
import type { Split } from "../sources/dataset.ts";
import { SkippedRows } from "../table/skipped_rows.ts";
import type { TableColumns } from "../table/table.ts";
import { TableBuilder } from "../table/table_builder.ts";
import type { EncodedPiece } from "./encode_piece.ts";
import type { EncodePool } from "./encode_pool.ts";
import { FigureCounter, type SeenSplits } from "./figure_counter.ts";
import type { FileFormats } from "./file_formats.ts";

/** How a split is encoded. */
export interface EncodeOptions {
  /** How the split's files are written; found out if absent. */
  formats?: FileFormats | undefined;
  /** Take only so many examples, the first with a gold label. */
  limit?: number | undefined;
  /** Whether a bad row stops the work, as without this, or is left out. */
  onBadRow?: "stop" | "skip" | undefined;
  /** The splits that were encoded before, which this one is compared with. */
  seen?: SeenSplits | undefined;
  /** Is told the rows done, under the phase `encode SPLIT`. */
  onProgress?: OnProgress | undefined;
  /** Stops the work. */
  signal?: AbortSignal | undefined;
}

/** An encoded split. */
export interface EncodedSplit {
  /** Its examples. */
  columns: TableColumns;
  /** Examples left out because they have no gold label. */
  dropped: number;
  /** Rows left out because they are not as they should be. */
  skipped: SkippedRows;
  /** What is known of its text, and of what was lost. */
  figures: SplitFigures;
  /** Whether any label was told by its number. */
  numbered: boolean;
}

/** Pieces on their way for each worker: one in work, one to go on with. */
const PIECES_AHEAD = 2;

/**
 * Encodes a split.
 *
 * @param split The split to encode.
 * @param pool The workers that do it.
 * @param options Limit, what to do with bad rows, progress, a signal.
 * @return The table's columns, the same for any size of the pool; null if none
 * of the examples has a gold label, as in GLUE's test splits.
 * @throws {UserError} `bad-data` if a file is malformed or has no examples.
 */
export async function encodeSplit(
  split: Split,
  pool: EncodePool,
  options: EncodeOptions = {},
): Promise<EncodedSplit | null> {
  const gatherer = new Gatherer(split, options);
  for (const file of split.files) {
    await encodeFile(file, { split, pool, options, gatherer });
  }
  return gatherer.finish();
}

/** What the encoding of one of a split's files works with. */
interface FileWork {
  split: Split;
  pool: EncodePool;
  options: EncodeOptions;
  gatherer: Gatherer;
}

async function encodeFile(
  file: DataFile,
  { split, pool, options, gatherer }: FileWork,
): Promise<void> {
  const { limit = Infinity, signal } = options;
  if (gatherer.rows === limit) return;
  const { labels, share, only } = split;
  const format = options.formats?.get(file.path) ??
    await findFormat(file, split.options);
  gatherer.open(file, unitOf(format));
  const queue: Promise<EncodedPiece | null>[] = [];
  for await (const { bytes, first } of openPieces(file, format)) {
    signal?.throwIfAborted();
    const answer = bytes === null
      ? Promise.resolve(null)
      : pool.encode({ ...labels, bytes, first, format, share, only });
    // If reading fails first, nobody else is there to see this one fail.
    answer.catch(() => {});
    queue.push(answer);
    if (queue.length < pool.size * PIECES_AHEAD) continue;
    gatherer.add(await queue.shift()!);
    if (gatherer.rows === limit) break;
  }
  while (queue.length > 0 && gatherer.rows < limit) {
    gatherer.add(await queue.shift()!);
  }
}

/** Puts the pieces of a split together, in their order. */
class Gatherer {
  readonly #split: Split;
  readonly #options: EncodeOptions;
  readonly #builder = new TableBuilder();
  readonly #figures: FigureCounter;
  readonly #skipped = new SkippedRows();
  #dropped = 0;
  #numbered = false;
  #file: DataFile;
  /**
   * The line, from 1, on which the next piece begins; of several files as if
   * they were one.
   */
  #line = 1;
  /** Lines of the files before the one that is read. */
  #linesBefore = 0;
  #unit: "line" | "row" = "line";

  constructor(split: Split, options: EncodeOptions) {
    this.#split = split;
    this.#options = options;
    this.#file = split.files[0];
    const { labels: { labels }, name } = split;
    this.#figures = new FigureCounter(name, labels, options.seen ?? new Map());
  }

  /** Examples so far. */
  get rows(): number {
    return this.#builder.rows;
  }

  /** Goes on with the next of the split's files. */
  open(file: DataFile, unit: "line" | "row"): void {
    this.#file = file;
    this.#unit = unit;
    this.#linesBefore = this.#line - 1;
  }

  /** Adds the next piece, up to the limit; null is one line, far too long. */
  add(piece: EncodedPiece | null): void {
    if (piece === null) this.#addLongLine();
    else this.#addRows(piece);
    this.#tell(null);
  }

  finish(): EncodedSplit | null {
    const { name, files: [file] } = this.#split;
    if (this.rows === 0) {
      if (this.#dropped > 0 && this.#skipped.count === 0) return null;
      throw badData(
        { path: file.shown },
        `it has no example with a gold label for the split "${name}"` +
          this.#skipped.describe(),
      );
    }
    this.#tell(this.rows);
    return {
      columns: this.#builder.columns(),
      dropped: this.#dropped,
      skipped: this.#skipped,
      figures: this.#figures.figures(),
      numbered: this.#numbered,
    };
  }

  #addRows(piece: EncodedPiece): void {
    const { columns, unlabelled, bad, lines, numbered } = piece;
    const { limit = Infinity } = this.#options;
    const rows = Math.min(columns.sourceLines.length, limit - this.rows);
    // What stands after the last example that is wanted is not looked at.
    const last = this.rows + rows < limit
      ? Infinity
      : columns.sourceLines[rows - 1];
    const line = this.#line;
    for (const row of bad) {
      if (row.sourceLine < last) {
        this.#addBad({ ...row, sourceLine: line + row.sourceLine });
      }
    }
    this.#dropped += unlabelled.filter((line) => line < last).length;
    this.#numbered ||= numbered;
    this.#builder.append(columns, { rows, line });
    const { counts, specialTokens } = piece;
    this.#figures.add(columns, counts, { rows, specialTokens });
    this.#line += lines;
  }

  #addLongLine(): void {
    const what = `it is longer than ${LONGEST_ROW} bytes`;
    this.#addBad({ sourceLine: this.#line, what });
    this.#line++;
  }

  #addBad(bad: BadRow): void {
    // A row that cannot be read has no premise: it counts in the last share.
    if (this.#split.share && this.#split.share.to < 1) return;
    const { column, what, hint } = bad;
    const sourceLine = bad.sourceLine - this.#linesBefore;
    const { shown: path } = this.#file;
    if (this.#options.onBadRow !== "skip") {
      throw badData({ path, sourceLine, column, unit: this.#unit }, what, {
        hint: [hint, "--on-bad-row skip leaves such rows out"]
          .filter(Boolean).join("; "),
      });
    }
    const several = this.#split.files.length > 1;
    this.#skipped.add({ ...bad, sourceLine }, several ? path : undefined);
  }

  #tell(total: number | null): void {
    this.#options.onProgress?.({
      phase: `encode ${this.#split.name}`,
      done: this.rows,
      total,
      unit: "rows",
    });
  }
}
