/**
 * What a directory is, where it was given for another kind of thing.
 *
 * @module
 */

/** By a file that only they have, what directories of this program are. */
const MARKS: readonly (readonly [mark: RegExp, kind: string])[] = [
  [/^table\.json$/, "encoded data, which finetune and eval take as --data"],
  [/^run\.json$/, "a run, which eval and predict take as --model"],
  [
    /^(vocab\.(json|txt)|tokenizer\.json|.*\.params|.*\.safetensors)$/,
    "a model, which preprocess and finetune take as --model",
  ],
];

/**
 * What a directory is by its files, for the end of a sentence.
 *
 * @param directory The directory.
 * @return As `; it is a run, which ...`; empty if that is not known.
 */
export async function tellKind(directory: string): Promise<string> {
  let names: string[];
  try {
    names = await Array.fromAsync(Deno.readDir(directory), (e) => e.name);
  } catch {
    return ""; // Whoever needs it tells why.
  }
  const known = MARKS.find(([mark]) => names.some((name) => mark.test(name)));
  return known === undefined ? "" : `; it is ${known[1]}`;
}
