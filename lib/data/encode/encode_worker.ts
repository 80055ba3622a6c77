/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * The script of the encoding workers. The first message is the
 * {@link EncoderSetup}; each later one is a {@link PieceJob}, answered by its
 * {@link EncodedPiece}. What is thrown here is answered as a
 * {@link EncoderFailure}: if it went uncaught, Deno would print it.
 *
 * It runs from `encode_worker.bundle.js`, so that a program in one file has it
 * too; `deno task build:workers` makes that file.
 *
 * @module
 */
import { createTokenizer } from "../../text/open_tokenizer.ts";
import { tokenizerOptions } from "../../text/recipe.ts";
import type { Tokenizer } from "../../text/tokenizer.ts";
import {
  encodePiece,
  type EncoderFailure,
  type EncoderSetup,
  type PieceJob,
} from "./encode_piece.ts";

self.addEventListener(
  "message",
  ({ data: setup }: MessageEvent<EncoderSetup>) =>
    tellFailure(() => {
      const tokenizer = createTokenizer(
        setup.vocabulary,
        tokenizerOptions(setup.text),
      );
      self.onmessage = ({ data: job }: MessageEvent<PieceJob>) =>
        tellFailure(() => answer(job, tokenizer, setup));
    }),
  { once: true },
);

/** Encodes a piece; what is sent is moved, not copied. */
function answer(
  job: PieceJob,
  tokenizer: Tokenizer,
  { text }: EncoderSetup,
): void {
  const encoded = encodePiece(tokenizer, job, text);
  const { premise, hypothesis, ...numbers } = encoded.columns;
  const arrays = [
    ...Object.values(numbers),
    ...Object.values(encoded.counts),
    ...Object.values(premise),
    ...Object.values(hypothesis),
  ];
  self.postMessage(encoded, arrays.map(({ buffer }) => buffer));
}

function tellFailure(work: () => void): void {
  try {
    work();
  } catch (error) {
    const failure: EncoderFailure = { failure: error as Error };
    self.postMessage(failure);
  }
}
