/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * The script of the encoding workers. The first message is the
 * {@link EncoderSetup}; each later one is a {@link PieceJob}, answered by its
 * {@link EncodedPiece}. What is thrown here reaches the owner as an error
 * event.
 *
 * It runs from `encode_worker.bundle.js`, so that a program in one file has it
 * too; `deno task build:workers` makes that file.
 *
 * @module
 */
import { createTokenizer } from "../text/tokenizer.ts";
import {
  encodePiece,
  type EncoderSetup,
  type PieceJob,
} from "./encode_piece.ts";

self.addEventListener("message", ({ data }: MessageEvent<EncoderSetup>) => {
  const tokenizer = createTokenizer(data.vocabulary, data.tokenizer);
  self.onmessage = ({ data: job }: MessageEvent<PieceJob>) => {
    const encoded = encodePiece(tokenizer, job, data.pair);
    const { premise, hypothesis, ...numbers } = encoded.columns;
    const arrays = [
      ...Object.values(numbers),
      ...Object.values(premise),
      ...Object.values(hypothesis),
    ];
    self.postMessage(encoded, arrays.map(({ buffer }) => buffer));
  };
}, { once: true });
