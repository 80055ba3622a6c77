import type { Bytes, Mutate } from "../mutate/bytes.ts";

/** Reads one input; may throw UserErrors, and nothing else. */
export type Read = (file: Bytes) => unknown;

/** Something that reads files from elsewhere. */
export interface Reader {
  /** What it is called on the command line, and its folder in the corpus. */
  name: string;
  /** Sound files, of which inputs are made. */
  seeds(): Promise<Bytes[]>;
  /** Makes an input of a seed. */
  mutate: Mutate;
  /** Makes ready; may leave files in the folder, which is its own. */
  prepare(folder: string): Read | Promise<Read>;
}

/** Files as seeds. */
export function files(...paths: string[]): () => Promise<Bytes[]> {
  return () => Promise.all(paths.map((path) => Deno.readFile(path)));
}

/** Texts as seeds. */
export function texts(...texts: string[]): () => Promise<Bytes[]> {
  return () => Promise.resolve(texts.map((text) => encoder.encode(text)));
}

const encoder = new TextEncoder();
