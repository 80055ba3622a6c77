/**
 * The archives that travel inside the program, so that it can be tried where
 * there is no network. Only the download imports this: it is 3 MB.
 *
 * @module
 */
import bertTiny from "../../fixtures/bert.tiny.zip" with { type: "bytes" };
import snliSample from "../../fixtures/snli_1.0.zip" with { type: "bytes" };

/** Archives by file name, as in the address `fixture:bert.tiny.zip`. */
export const fixtures: ReadonlyMap<string, Uint8Array> = new Map([
  ["bert.tiny.zip", bertTiny],
  ["snli_1.0.zip", snliSample],
]);
