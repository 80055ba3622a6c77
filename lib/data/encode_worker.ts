/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * The script of the encoding workers. The first message is the
 * {@link EncoderSetup}; each later one is a {@link TextChunk}, answered by its
 * {@link EncodedChunk}. What is thrown here reaches the owner as an error event.
 *
 * It runs from `encode_worker.bundle.js`, so that a program in one file has it
 * too; `deno task build:workers` makes that file.
 *
 * @module
 */
import { createTokenizer } from "../text/tokenizer.ts";
import {
  encodeChunk,
  type EncoderSetup,
  type TextChunk,
} from "./encode_chunk.ts";

self.addEventListener("message", ({ data }: MessageEvent<EncoderSetup>) => {
  const tokenizer = createTokenizer(data.vocabulary, data.tokenizer);
  self.onmessage = ({ data: chunk }: MessageEvent<TextChunk>) => {
    const encoded = encodeChunk(tokenizer, chunk, data.pair);
    self.postMessage(encoded, [
      encoded.tokens.buffer,
      encoded.lengths.buffer,
      encoded.second.buffer,
    ]);
  };
}, { once: true });
