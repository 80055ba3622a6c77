/**
 * What files are that hold something else than was expected, by their first
 * bytes: what a failed download or another program has left.
 *
 * @module
 */
import { checkRegular } from "../../base/files/regular.ts";
import { showValue } from "../../base/show_value.ts";
import { isSafetensors } from "./safetensors.ts";
import { isTorchLegacy } from "./torch/torch_legacy.ts";

/** What a file is, and what to do about it. */
export interface ForeignFile {
  /** As the end of "it is". */
  what: string;
  /** What to do. */
  hint: string;
}

/** What a file is expected to be; weights if nothing is said. */
export interface ForeignFileOptions {
  /** Whether it should be JSON. */
  isJson?: boolean;
  /** Whether it should be text of any kind, JSON included. */
  isText?: boolean;
}

/** Bytes that tell what a file is. */
const HEAD = 512;

const JSON_TEXT = "JSON text";

const AGAIN = "download the file again";

/** What other files begin with. */
const KINDS: readonly (readonly [
  start: RegExp | readonly string[],
  what: string,
  hint: string,
])[] = [
  [
    ["version https://git-lfs"],
    "a pointer of Git LFS, not the file itself (git lfs pull)",
    "in the clone: git lfs install && git lfs pull; or download the file " +
    "from its page",
  ],
  [
    /^\s*<(?:!doctype|html|head|\?xml|error)/i,
    "a web page or the like, as a server sends it for an error",
    AGAIN + "; its address is that of the page, or needs a login",
  ],
  [
    ["GGUF"],
    "a GGUF file of llama.cpp, whose weights are quantized",
    "take the model.safetensors or pytorch_model.bin that it was made of",
  ],
  [
    ["\x89HDF"],
    "an HDF5 file, as TensorFlow and Keras write",
    "take the model's file of PyTorch or safetensors, or convert it",
  ],
  [
    ["\x93NUMPY"],
    "one array without a name, expected an .npz of many",
    "save the arrays by name: numpy.savez(FILE, **arrays)",
  ],
  [
    ["\xba\x16\x4f\x2f"],
    "a model of fastText, whose word vectors are no BERT",
    "name weights of a model that is read here",
  ],
  [["\x1f\x8b"], "compressed (gunzip)", "unpack it: gunzip FILE"],
  [
    ["BZh", "\xfd7zXZ", "7z\xbc\xaf", "Rar!", "\x28\xb5\x2f\xfd"],
    "compressed",
    "unpack it first",
  ],
  [
    /^\s*[{[]\s*["{\]}]/,
    JSON_TEXT,
    AGAIN + "; a server may have sent a message in its place",
  ],
  [
    ["\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"],
    "a pickle of Python's that torch.save has not written",
    "save the weights with torch.save(model.state_dict(), path)",
  ],
];

/**
 * What a file is by its first bytes.
 *
 * @param head Its first bytes; some hundred are enough.
 * @param size Its size in bytes.
 * @param options What is expected.
 * @return Null if these bytes are of nothing that is known here.
 *
 * @example
 * ```ts
 * import { foreignFile } from "./foreign_files.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const page = new TextEncoder().encode("<!DOCTYPE html><title>403");
 * const found = foreignFile(page, page.length);
 * assertEquals(found?.what.startsWith("a web page"), true);
 * ```
 */
export function foreignFile(
  head: Uint8Array,
  size: number,
  { isText = false, isJson = isText }: ForeignFileOptions = {},
): ForeignFile | null {
  if (isSafetensors(head) || isTorchLegacy(head)) return null;
  if (size === 0) return { what: "empty", hint: AGAIN };
  const start = String.fromCharCode(...head.subarray(0, HEAD));
  const found = KINDS.find(([kind]) =>
    kind instanceof RegExp
      ? kind.test(start)
      : kind.some((bytes) => start.startsWith(bytes))
  );
  if (found && !(isJson && found[1] === JSON_TEXT)) {
    return { what: found[1], hint: found[2] };
  }
  // JSON that is cut or misspelt is told by who parses it.
  if (isText || isJson && /^\s*[{[]/.test(start)) return null;
  // A server's refusal is a line of plain text.
  return size <= HEAD && /^[\x20-\x7e\s]+$/.test(start)
    ? { what: `the text ${showValue(start.trim())}`, hint: AGAIN }
    : null;
}

/**
 * What a file is by its first bytes, which alone are read.
 *
 * @param path The file.
 * @param options What is expected.
 * @return Null if it is nothing that is known here, or cannot be read.
 */
export async function foreignFileAt(
  path: string,
  options: ForeignFileOptions = {},
): Promise<ForeignFile | null> {
  try {
    await checkRegular(path);
    using file = await Deno.open(path);
    const head = new Uint8Array(HEAD);
    const count = await file.read(head) ?? 0;
    return foreignFile(
      head.subarray(0, count),
      (await file.stat()).size,
      options,
    );
  } catch {
    return null; // Whoever reads it tells why it cannot.
  }
}
