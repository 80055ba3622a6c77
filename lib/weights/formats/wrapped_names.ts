/**
 * Names of arrays as they are when a model is saved as a part of another
 * object: `model.bert.embeddings...` of a Lightning module, `module....` of
 * PyTorch's DataParallel.
 *
 * @module
 */
import type { NamedArrays } from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";

/**
 * The token table's name in every family, which tells what stands before a
 * model's own names. The family's own prefix, as `bert.`, is none of a wrapper.
 */
const TOKEN_TABLE =
  /^((?:\w+\.)*?)(?:(?:bert|distilbert|roberta|electra)\.)?(?:embeddings\.word_embeddings|encoder\.token_embedding|embeddings\.token)\.weight$/;

/** What wrappers put into a name anywhere: of compiled and of sharded modules. */
const WITHIN =
  /(?<=\.)(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\./g;

/** Names of arrays that make a file one of other weights than the model's own. */
const FOREIGN:
  readonly (readonly [name: RegExp, what: string, hint: string])[] = [
    [
      /\.(?:lora_[AB]|base_layer)\./,
      "an adapter's, which is not merged into the weights",
      "merge it in Python: model.merge_and_unload().save_pretrained(OUT)",
    ],
    [
      /\.(?:qweight|qzeros|g_idx|SCB|weight_scale|weight\.(?:absmax|quant_map|quant_state\.\S+))$/,
      "of quantized weights (GPTQ's, AWQ's or bitsandbytes')",
      "take the model that was quantized, in 32 or 16 bits",
    ],
  ];

/** A file's arrays, without what wrappers put before their names. */
export interface UnwrappedArrays {
  /** The model's arrays. */
  arrays: NamedArrays;
  /** Names of arrays that are the wrapper's own, as of a loss or a metric. */
  outside: string[];
}

/**
 * Takes wrappers' names off a model's.
 *
 * @param arrays The arrays by their names in the file.
 * @param file The file's path, for errors.
 * @throws UserError `bad-weights` if there are several models in it, or its
 *     arrays are an adapter's or quantized.
 *
 * @example
 * ```ts
 * import { unwrapNames } from "./wrapped_names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const one = { shape: [1], data: Float32Array.of(1) };
 * const { arrays, outside } = unwrapNames(
 *   new Map([
 *     ["net.bert.embeddings.word_embeddings.weight", one],
 *     ["net.classifier.weight", one],
 *     ["loss.weight", one],
 *   ]),
 *   "epoch=2.ckpt",
 * );
 * assertEquals([...arrays.keys()], [
 *   "bert.embeddings.word_embeddings.weight",
 *   "classifier.weight",
 * ]);
 * assertEquals(outside, ["loss.weight"]);
 * ```
 */
export function unwrapNames(
  arrays: NamedArrays,
  file: string,
): UnwrappedArrays {
  for (const [pattern, what, hint] of FOREIGN) {
    const name = arrays.keys().find((name) => pattern.test(name));
    if (name === undefined) continue;
    throw badWeights(file, `its array "${name}" is ${what}`, hint);
  }
  arrays = withoutInner(arrays);
  const wrappers = new Set(
    [...arrays.keys()].flatMap((name) => TOKEN_TABLE.exec(name)?.[1] ?? []),
  );
  if (wrappers.size > 1) {
    const names = [...wrappers].map((name) => `"${name}"`).join(", ");
    throw badWeights(
      file,
      `it holds ${wrappers.size} models, whose names begin with ${names}`,
      "save the state dict of the one that is meant in a file of its own",
    );
  }
  const [wrapper = ""] = wrappers;
  if (wrapper === "") return { arrays, outside: [] };
  const inside: NamedArrays = new Map();
  const outside: string[] = [];
  for (const [name, array] of arrays) {
    if (name.startsWith(wrapper)) inside.set(name.slice(wrapper.length), array);
    else outside.push(name);
  }
  return { arrays: inside, outside };
}

function withoutInner(arrays: NamedArrays): NamedArrays {
  return new Map(
    Array.from(arrays, ([name, array]) => [name.replace(WITHIN, ""), array]),
  );
}
