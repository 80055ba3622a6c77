/**
 * Reads the files of a tokenizer that lie beside each other, and resolves them.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import { UserError } from "../base/errors.ts";
import { readRegular } from "../base/files/regular.ts";
import { resolveTokenizer } from "./resolve/resolve_tokenizer.ts";
import type {
  ResolvedTokenizer,
  TokenizerSources,
} from "./resolve/tokenizer_sources.ts";
import { TOKENIZER_FILES } from "./tokenizer_files.ts";

/**
 * Reads and resolves the files of a tokenizer.
 *
 * @param vocabularyFile One of them: those beside it count, too.
 * @param source What other files say of it.
 * @param read Reads the bytes of a file.
 * @throws {UserError} `bad-vocabulary` if they cannot be read, or not as
 * transformers reads them.
 */
export async function readResolved(
  vocabularyFile: string,
  source: Omit<TokenizerSources, "directory" | "files">,
  read: (path: string) => Promise<Uint8Array<ArrayBuffer>> = readRegular,
): Promise<ResolvedTokenizer> {
  const directory = dirname(vocabularyFile);
  const files = new Map<string, string>();
  for (const name of TOKENIZER_FILES) {
    const path = join(directory, name);
    const isFile = (await Deno.stat(path).catch(() => null))?.isFile ?? false;
    // What was asked for tells itself what keeps it from being read.
    if (!isFile && name !== basename(vocabularyFile)) continue;
    files.set(name, await readText(path, read));
  }
  return resolveTokenizer({ directory, files, ...source });
}

async function readText(
  path: string,
  read: (path: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<string> {
  try {
    // A byte order mark is part of the first line.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(await read(path));
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const why = cause instanceof TypeError
      ? "it is not UTF-8"
      : (cause as Error).message;
    throw new UserError(`Cannot read the vocabulary "${path}": ${why}`, {
      code: "bad-vocabulary",
      hint: "download the model again",
      cause,
    });
  }
}
