/** Models that compute something that is no finite number. */
import { join } from "@std/path";
import { replaceSummed } from "../../../lib/base/files/summed_files.ts";
import {
  readSafetensors,
  writeSafetensors,
} from "../../../lib/weights/formats/safetensors.ts";

/**
 * Fills a token's vector with numbers that are finite, and whose products are not.
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
  const at = vocabulary.indexOf(token) * shape[1];
  data.fill(3e38, at, at + shape[1]);
  await replaceSummed(model, { "model.safetensors": writeSafetensors(arrays) });
}
