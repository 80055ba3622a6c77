/** Repositories as the hub has them, of the small models in fixtures. */
import { join } from "@std/path";
import type { HubRepository } from "./hub_server.ts";

/** The files of a folder, less what the hub's repository would not have. */
async function filesOf(folder: string): Promise<HubRepository["files"]> {
  const files: HubRepository["files"] = {};
  for await (const { name } of Deno.readDir(folder)) {
    if (name === "reference.json") continue;
    files[name] = await Deno.readFile(join(folder, name));
  }
  return files;
}

/**
 * A small model, with files of other programs beside it that nobody needs.
 *
 * @param facts What is different about it.
 */
export async function tinyModel(
  facts: Partial<HubRepository> = {},
): Promise<HubRepository> {
  const files = await filesOf("fixtures/golden/families/bert_cased");
  return {
    id: "someone/tiny",
    kind: "model",
    licence: "apache-2.0",
    ...facts,
    files: {
      ".gitattributes": "*.bin filter=lfs\n",
      "README.md": "# A small model\n",
      ...files,
      "pytorch_model.bin": "of another format",
      "tf_model.h5": "of TensorFlow",
      "flax_model.msgpack": "of Flax",
      "onnx/model.onnx": "of ONNX",
      "optimizer.pt": "of the training",
      ...facts.files,
    },
  };
}

/** What `download` needs of it. */
export const TINY_FILES = [
  "config.json",
  "model.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
  "vocab.txt",
];
