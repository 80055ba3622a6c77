/** Models that compute something that is no finite number. */
import { join } from "@std/path";
import { replaceSummed } from "../../../lib/base/files/summed_files.ts";
import {
  readSafetensors,
  writeSafetensors,
} from "../../../lib/weights/formats/safetensors.ts";

/**
 * Puts a NaN into a token's vector.
 *
 * @param model A run directory.
 * @param token The token; every example has `<cls>`.
 */
export async function poison(model: string, token: string): Promise<void> {
  const vocabulary: string[] = JSON.parse(
    await Deno.readTextFile(join(model, "vocab.json")),
  );
  const path = join(model, "model.safetensors");
  const { arrays } = readSafetensors(await Deno.readFile(path), path);
  const { shape, data } = arrays.get("embeddings.token.weight")!;
  data[vocabulary.indexOf(token) * shape[1]] = NaN;
  await replaceSummed(model, { "model.safetensors": writeSafetensors(arrays) });
}
