/**
 * Encodes a piece of a data file: the work of one message to a worker.
 *
 * @module
 */
import { encodePair, specialTokens } from "../../text/pair.ts";
import type { TextRecipe } from "../../text/recipe.ts";
import type { Tokenizer } from "../../text/tokenizer.ts";
import type { BadRow } from "../read/bad_data.ts";
import { type ParseOptions, parseRows } from "../read/parse_rows.ts";
import { inShare, type Share } from "../sources/premise_share.ts";
import type { TableColumns } from "../table/table.ts";
import { type LabelledExample, TableBuilder } from "../table/table_builder.ts";
import { PairCounter, type PairCounts } from "./pair_counter.ts";

/** Everything that decides how text becomes tokens. */
export interface EncoderSetup {
  /** The content of the vocabulary file. */
  vocabulary: string;
  /** All the rest. */
  text: TextRecipe;
}

/** A piece to encode. */
export interface PieceJob extends ParseOptions {
  /** Whole rows. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Which examples to take; all if absent. */
  share?: Share | undefined;
}

/** An encoded piece. Its source lines are counted from 0 in the piece. */
export interface EncodedPiece {
  /** How many lines it has. */
  lines: number;
  /** The examples that have a gold label. */
  columns: TableColumns;
  /** What was counted of them. */
  counts: PairCounts;
  /** How many special tokens a pair has; a single sentence has 2. */
  specialTokens: number;
  /** Source lines of those that have none. */
  unlabelled: number[];
  /** Rows that are not as they should be, in order. */
  bad: BadRow[];
  /** Whether any label is a number. */
  numbered: boolean;
}

/** What a worker answers if it cannot go on. */
export interface EncoderFailure {
  /** What was thrown. */
  failure: Error;
}

/**
 * Encodes a piece.
 *
 * @param tokenizer The model's tokenizer.
 * @param job The piece, and how to read it.
 * @param recipe How text becomes tokens.
 */
export function encodePiece(
  tokenizer: Tokenizer,
  job: PieceJob,
  recipe: TextRecipe,
): EncodedPiece {
  const hypothesisOnly = recipe.sentences === "hypothesis-only";
  const { examples, ...parsed } = parseRows(job.bytes, job);
  const builder = new TableBuilder();
  const counter = new PairCounter(tokenizer);
  const emptied = hypothesisOnly ? 1 : 0;
  const unlabelled: number[] = [];
  for (const example of examples) {
    const { hypothesis, label, sourceLine } = example;
    if (job.share && !inShare(example.premise, job.share)) continue;
    // What isn't read isn't kept: the table shows what the model saw.
    if (hypothesisOnly) example.premise = "";
    if (label === null) unlabelled.push(sourceLine);
    else {
      builder.add(
        example as LabelledExample,
        encodePair(counter.tokenizer, example.premise, hypothesis, recipe),
      );
      counter.add({ emptied });
    }
  }
  const columns = builder.columns();
  return {
    ...parsed,
    columns,
    counts: counter.counts(columns),
    specialTokens: specialTokens(tokenizer),
    unlabelled,
  };
}
