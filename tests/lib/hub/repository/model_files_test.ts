import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { chooseModelFiles } from "../../../../lib/hub/repository/model_files.ts";
import { TOKENIZER_FILES } from "../../../../lib/text/tokenizer_files.ts";

const index = (...shards: string[]) =>
  JSON.stringify({
    weight_map: Object.fromEntries(shards.map((file, i) => [`w${i}`, file])),
  });

/** Chooses of files that have no content, but for an index. */
function choose(paths: readonly string[], text = ""): Promise<string[]> {
  return chooseModelFiles(paths, () => Promise.resolve(text));
}

/** What a repository has, and what is taken of it. */
const CHOICES: Record<
  string,
  { paths: string[]; text?: string; taken: string[] }
> = {
  "safetensors before every other format": {
    paths: [
      "README.md",
      "config.json",
      "flax_model.msgpack",
      "model.safetensors",
      "onnx/model.onnx",
      "pytorch_model.bin",
      "rust_model.ot",
      "tf_model.h5",
      "tokenizer.json",
      "vocab.txt",
    ],
    taken: ["config.json", "tokenizer.json", "vocab.txt", "model.safetensors"],
  },
  "PyTorch's file where there is no other": {
    paths: [
      "config.json",
      "pytorch_model.bin",
      "training_args.bin",
      "vocab.txt",
    ],
    taken: ["config.json", "vocab.txt", "pytorch_model.bin"],
  },
  "the files that an index of safetensors names": {
    paths: [
      "config.json",
      "model.safetensors.index.json",
      "a.safetensors",
      "b.safetensors",
      "c.safetensors",
    ],
    text: index("b.safetensors", "a.safetensors", "b.safetensors"),
    taken: [
      "config.json",
      "model.safetensors.index.json",
      "a.safetensors",
      "b.safetensors",
    ],
  },
  "the files that an index of PyTorch's names": {
    paths: [
      "config.json",
      "pytorch_model.bin.index.json",
      "pytorch_model-00001-of-00001.bin",
    ],
    text: index("pytorch_model-00001-of-00001.bin"),
    taken: [
      "config.json",
      "pytorch_model.bin.index.json",
      "pytorch_model-00001-of-00001.bin",
    ],
  },
  "one file of safetensors before an index": {
    paths: ["config.json", "model.safetensors", "model.safetensors.index.json"],
    taken: ["config.json", "model.safetensors"],
  },
  "an index of safetensors before PyTorch's file": {
    paths: [
      "config.json",
      "model.safetensors.index.json",
      "a.safetensors",
      "pytorch_model.bin",
    ],
    text: index("a.safetensors"),
    taken: ["config.json", "model.safetensors.index.json", "a.safetensors"],
  },
  "the modules of sentence-transformers": {
    paths: [
      "1_Pooling/config.json",
      "config.json",
      "config_sentence_transformers.json",
      "model.safetensors",
      "modules.json",
      "sentence_bert_config.json",
      "train_script.py",
    ],
    taken: [
      "config.json",
      "modules.json",
      "sentence_bert_config.json",
      "config_sentence_transformers.json",
      "1_Pooling/config.json",
      "model.safetensors",
    ],
  },
  "the folder of older sentence-transformers": {
    paths: [
      "0_Transformer/config.json",
      "0_Transformer/pytorch_model.bin",
      "0_Transformer/vocab.txt",
      "1_Pooling/config.json",
      "modules.json",
    ],
    taken: [
      "0_Transformer/config.json",
      "0_Transformer/vocab.txt",
      "modules.json",
      "1_Pooling/config.json",
      "0_Transformer/pytorch_model.bin",
    ],
  },
  "merges beside a vocabulary in JSON": {
    paths: ["config.json", "merges.txt", "model.safetensors", "vocab.json"],
    taken: ["config.json", "vocab.json", "merges.txt", "model.safetensors"],
  },
};

for (const [what, { paths, text, taken }] of Object.entries(CHOICES)) {
  Deno.test(`of a model of the hub is taken: ${what}`, async () => {
    assertEquals((await choose(paths, text)).sort(), taken.toSorted());
  });
}

/** What a repository has, and what its refusal says. */
const REFUSED: Record<
  string,
  { paths: string[]; text?: string; says: string }
> = {
  "TensorFlow's weights alone": {
    paths: ["config.json", "tf_model.h5"],
    says: "it has weights of TensorFlow",
  },
  "Flax's weights alone": {
    paths: ["config.json", "flax_model.msgpack"],
    says: "it has weights of Flax",
  },
  "checkpoints of TensorFlow": {
    paths: ["bert_config.json", "bert_model.ckpt.index", "vocab.txt"],
    says: "it has weights of TensorFlow",
  },
  "an adapter": {
    paths: ["adapter_config.json", "adapter_model.safetensors"],
    says: "an adapter",
  },
  "a file of llama.cpp": { paths: ["model-q4.gguf"], says: "llama.cpp" },
  "a graph of ONNX": {
    paths: ["config.json", "onnx/model.onnx"],
    says: "ONNX",
  },
  "a variant alone": {
    paths: ["config.json", "model.fp16.safetensors"],
    says: "variants alone",
  },
  "no weights": {
    paths: ["config.json", "vocab.txt"],
    says: "it has no weights",
  },
  "no configuration": {
    paths: ["model.safetensors"],
    says: "it has no config.json",
  },
  "nothing": { paths: [], says: "it has no config.json" },
  "an index without its files": {
    paths: ["config.json", "model.safetensors.index.json"],
    text: index("a.safetensors"),
    says:
      "of the 1 files that model.safetensors.index.json lists, 1 are missing",
  },
  "an index that is no JSON": {
    paths: ["config.json", "model.safetensors.index.json"],
    text: "<html>",
    says: "is no index of weights",
  },
};

for (const [what, { paths, text, says }] of Object.entries(REFUSED)) {
  Deno.test(`a repository of the hub is no model that has ${what}`, async () => {
    const error = await assertRejects(
      () => choose(paths, text),
      UserError,
      says,
    );
    assertEquals([error.code, error.hint === ""], ["bad-model", false]);
  });
}

Deno.test("every file of a tokenizer is taken of a model of the hub", async () => {
  const paths = [...TOKENIZER_FILES, "config.json", "model.safetensors"];
  assertEquals((await choose(paths)).sort(), paths.toSorted());
});
