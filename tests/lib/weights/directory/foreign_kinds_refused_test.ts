import { assert, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  openModel,
  type OpenModelOptions,
} from "../../../../lib/weights/open_model.ts";
import {
  describedIn,
  type Files,
  makeFiles,
  modelIn,
  placed,
} from "../../../support/weights/directories.ts";
import { withFolder } from "../../../support/with_folder.ts";

/** What is no model as it lies. */
interface Refused {
  /** What it is, for the test's name. */
  what: string;
  /** Its files. */
  files: Files;
  /** What is given as `--model`, in it; the directory itself if absent. */
  place?: string;
  /** A part of the message. */
  says: string;
  /** A part of the hint. */
  hints?: string;
  options?: OpenModelOptions;
}

/** A described directory with other files in the place of weights. */
const withoutWeights = (files: Files): Files => ({
  ...describedIn(),
  ...files,
});
const X = { text: "x" };
const LFS = {
  text: "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
};
const PAGE = { text: "<!DOCTYPE html>\n<html><title>Sign in</title></html>" };
const MODULES = (type: string) => ({
  text: JSON.stringify([{
    idx: 0,
    name: "0",
    path: "",
    type: `sentence_transformers.models.${type}`,
  }]),
});

const TABLE: Refused[] = [
  {
    what: "an adapter of PEFT",
    files: {
      "adapter_config.json": { text: '{"peft_type": "LORA"}' },
      "adapter_model.safetensors": "model/model.safetensors",
    },
    says: "it holds an adapter, as PEFT's LoRA, not a whole model",
    hints: "merge_and_unload()",
  },
  {
    what: "an adapter beside the files of a model",
    files: { ...modelIn(), "adapter_config.json": { text: "{}" } },
    says: '("adapter_config.json")',
    hints: "merge_and_unload()",
  },
  {
    what: "ONNX alone",
    files: withoutWeights({ "model.onnx": X }),
    says: 'it holds an ONNX graph, not the weights by name ("model.onnx")',
    hints: "model.safetensors or pytorch_model.bin that it was exported from",
  },
  {
    what: "ONNX in a folder, as transformers.js has it",
    files: withoutWeights({ "onnx/model.onnx": X }),
    says: 'it holds an ONNX graph, not the weights by name ("onnx/")',
    hints: "of an export, name the run",
  },
  {
    what: "OpenVINO in a folder",
    files: withoutWeights({ "openvino/openvino_model.xml": X }),
    says: 'it holds a model of OpenVINO ("openvino/")',
    hints: "that it was made of",
  },
  {
    what: "Core ML in a folder",
    files: withoutWeights({ "coreml/model.mlpackage/Manifest.json": X }),
    says: 'it holds a model of Core ML ("coreml/")',
    hints: "that it was made of",
  },
  {
    what: "TensorFlow 2 alone",
    files: withoutWeights({ "tf_model.h5": X }),
    says: 'it holds weights of TensorFlow alone ("tf_model.h5")',
    hints: "from_tf=True",
  },
  {
    what: "Google's own files",
    files: {
      "bert_config.json": "model/config.json",
      "vocab.txt": "model/vocab.txt",
      "bert_model.ckpt.index": X,
      "bert_model.ckpt.meta": X,
      "bert_model.ckpt.data-00000-of-00001": X,
    },
    says: "it holds a checkpoint of TensorFlow 1, as Google published BERT",
    hints: "transformers-cli convert",
  },
  {
    what: "Flax alone",
    files: withoutWeights({ "flax_model.msgpack": X }),
    says: "it holds weights of Flax alone",
    hints: "from_flax=True",
  },
  {
    what: "a SavedModel of TensorFlow",
    files: { "saved_model.pb": X, "variables/variables.index": X },
    says: "it holds a model of TensorFlow or Keras",
  },
  {
    what: "GGUF",
    files: { "bert-q4_0.gguf": X },
    says: "it holds a GGUF file of llama.cpp",
    hints: "that it was made of",
  },
  {
    what: "Core ML",
    files: withoutWeights({ "model.mlpackage/Manifest.json": X }),
    says: 'it holds a model of Core ML ("model.mlpackage/")',
  },
  {
    what: "OpenVINO",
    files: withoutWeights({ "openvino_model.xml": X, "openvino_model.bin": X }),
    says: "it holds a model of OpenVINO",
  },
  {
    what: "TensorFlow Lite",
    files: withoutWeights({ "model.tflite": X }),
    says: "it holds a model compiled for TensorFlow Lite or TensorRT",
  },
  {
    what: "rust-bert",
    files: withoutWeights({ "rust_model.ot": X }),
    says: "it holds weights of rust-bert alone",
  },
  ...["bitsandbytes", "gptq", "awq", "compressed-tensors"].map((method) => ({
    what: `weights that ${method} quantized`,
    files: {
      ...modelIn(),
      "config.json": {
        config: { quantization_config: { quant_method: method, bits: 4 } },
      },
    },
    says: `its weights are quantized by ${method} (quantization_config)`,
    hints: "take the model that was quantized",
  })),
  {
    what: "old weights of bitsandbytes",
    files: {
      ...modelIn(),
      "config.json": {
        config: { quantization_config: { load_in_8bit: true } },
      },
    },
    says: "quantized by bitsandbytes",
  },
  {
    what: "AutoGPTQ's own files",
    files: {
      ...modelIn(".", { "gptq_model-4bit-128g.safetensors": X }),
      "quantize_config.json": { text: '{"bits": 4}' },
    },
    says: "it holds weights quantized by GPTQ or AWQ",
  },
  {
    what: "a DeepSpeed checkpoint",
    files: withoutWeights({
      "global_step100/mp_rank_00_model_states.pt": X,
      "zero_to_fp32.py": X,
    }),
    says: "it holds a checkpoint of DeepSpeed",
    hints: "python zero_to_fp32.py",
  },
  {
    what: "an FSDP checkpoint",
    files: withoutWeights({ "pytorch_model_fsdp_0/__0_0.distcp": X }),
    says: "it holds a checkpoint of FSDP",
    hints: "accelerate merge-weights",
  },
  {
    what: "a spaCy pipeline",
    files: { "config.cfg": X, "meta.json": X, "vocab/strings.json": X },
    says: "it holds a pipeline of spaCy",
  },
  {
    what: "fastText's vectors",
    files: { "cc.en.300.vec": X },
    says: "it holds word vectors",
  },
  {
    what: "fastText's model in the place of weights",
    files: withoutWeights({ "model.bin": { bytes: [0xba, 0x16, 0x4f, 0x2f] } }),
    says: "it is a model of fastText, whose word vectors are no BERT",
  },
  {
    what: "fairseq's RoBERTa",
    files: { "model.pt": X, "dict.txt": X },
    says: "it holds a model of fairseq",
    hints: "as roberta-base",
  },
  {
    what: "diffusers' pipeline",
    files: { "model_index.json": { text: "{}" }, "unet/config.json": X },
    says: "it holds a pipeline of diffusers",
  },
  {
    what: "an MLflow model",
    files: { MLmodel: X, "conda.yaml": X },
    says: "it holds a model of MLflow",
  },
  {
    what: "scikit-learn's pickle",
    files: { "model.joblib": X },
    says: "it holds a pickle of Python's, as scikit-learn's",
  },
  {
    what: "a pointer of Git LFS in the place of weights",
    files: { ...describedIn(), "model.safetensors": LFS },
    says: "it is a pointer of Git LFS, not the file itself",
    hints: "git lfs install && git lfs pull",
  },
  {
    what: "a pointer of Git LFS in the place of pytorch_model.bin",
    files: { ...describedIn(), "pytorch_model.bin": LFS },
    says: "it is a pointer of Git LFS",
  },
  {
    what: "a pointer of Git LFS in the place of config.json",
    files: { ...modelIn(), "config.json": LFS },
    says: "it is a pointer of Git LFS",
  },
  {
    what: "a pointer of Git LFS in the place of vocab.txt",
    files: { ...modelIn(), "vocab.txt": LFS },
    says: "it is a pointer of Git LFS",
  },
  {
    what: "a web page in the place of weights",
    files: { ...describedIn(), "model.safetensors": PAGE },
    says: "it is a web page or the like",
    hints: "download the file again",
  },
  {
    what: "a web page in the place of config.json",
    files: { ...modelIn(), "config.json": PAGE },
    says: "it is a web page or the like",
  },
  {
    what: "a server's word in the place of weights",
    files: { ...describedIn(), "pytorch_model.bin": { text: "Not found" } },
    says: 'it is the text "Not found"',
  },
  {
    what: "an empty file of weights",
    files: { ...describedIn(), "model.safetensors": { text: "" } },
    says: "it is empty",
    hints: "download the file again",
  },
  {
    what: "an empty config.json",
    files: { ...modelIn(), "config.json": { text: "" } },
    says: "it is empty",
  },
  {
    what: "a safetensors file that is cut",
    files: {
      ...describedIn(),
      "model.safetensors": { start: "model/model.safetensors", length: 9000 },
    },
    says: "it has 6440 bytes of data, expected 13356, and so is cut short",
  },
  {
    what: "a pytorch_model.bin that is cut",
    files: {
      ...describedIn(),
      "pytorch_model.bin": { start: "weights/protocol2.bin", length: 9000 },
    },
    says: "it is not a sound zip archive",
  },
  {
    what: "a config.json that is cut",
    files: {
      ...modelIn(),
      "config.json": { start: "model/config.json", length: 300 },
    },
    says: "in JSON at position 300",
  },
  {
    what: "a whole model in the place of weights",
    files: { ...describedIn(), "pytorch_model.bin": "weights/other_module.pt" },
    says: "it holds a whole model, pickled as",
    hints: "torch.save(model.state_dict(), path)",
  },
  {
    what: "a tokenizer alone",
    files: {
      "tokenizer.json": "model/tokenizer.json",
      "vocab.txt": "model/vocab.txt",
    },
    says:
      "it has a tokenizer (tokenizer.json, vocab.txt), but no config.json " +
      "and no weights",
  },
  {
    what: "a model without its tokenizer",
    files: {
      "config.json": "model/config.json",
      "model.safetensors": "model/model.safetensors",
    },
    says: "it has no vocab.txt or tokenizer.json or vocab.json",
    hints: "copy the tokenizer's files beside its config.json",
  },
  {
    what: "weights alone",
    files: { "pytorch_model.bin": "weights/protocol2.bin" },
    says: "it has weights (pytorch_model.bin), but no config.json",
  },
  {
    what: "weights alone that are named themselves",
    files: { "pytorch_model.bin": "weights/protocol2.bin" },
    place: "pytorch_model.bin",
    says: "it has weights (pytorch_model.bin), but no config.json",
  },
  {
    what: "no weights",
    files: describedIn(),
    says: "it has no weights (model.safetensors, ",
  },
  {
    what: "the state of a training alone",
    files: withoutWeights({
      "optimizer.pt": "weights/other_optimizer.pt",
      "scheduler.pt": X,
      "training_args.bin": X,
    }),
    says: "; optimizer.pt, scheduler.pt, training_args.bin are what training " +
      "keeps beside them",
  },
  {
    what: "the state of a training in a model's place",
    files: { ...modelIn(), "optimizer.pt": "weights/other_optimizer.pt" },
    place: "optimizer.pt",
    says: "it is what training keeps beside a model",
  },
  {
    what: "two weight files beside the state of a training",
    files: withoutWeights({
      "a.pt": X,
      "b.ckpt": X,
      "optimizer.pt": X,
      "rng_state.pth": X,
    }),
    says: "its weights may be any of a.pt, b.ckpt; choose with --weights",
  },
  {
    what: "shards of which one is missing",
    files: withoutWeights({
      "model-00002-of-00002.safetensors":
        "weights/sharded_safetensors/model-00002-of-00002.safetensors",
      "model.safetensors.index.json":
        "weights/sharded_safetensors/model.safetensors.index.json",
    }),
    says: "1 of its 2 files are not there: model-00001-of-00002.safetensors",
  },
  {
    what: "a cache with several models",
    files: {
      ...placed("models--me--a/snapshots/1", modelIn()),
      ...placed("models--you--b/snapshots/1", modelIn()),
    },
    says: "it is a cache of Hugging Face with 2 models: models--me--a, " +
      "models--you--b",
    hints: "models--me--a",
  },
  {
    what: "a cache without a model",
    files: { "datasets--me--pairs/refs/main": X },
    says: "it is a cache of Hugging Face without any model",
  },
  {
    what: "a data set of a cache",
    files: { "datasets--me--pairs/snapshots/1/train.csv": X },
    place: "datasets--me--pairs",
    says: "it holds the data set me/pairs of Hugging Face's cache",
  },
  {
    what: "a cached model whose weights were not downloaded",
    files: placed("models--me--a", {
      "refs/main": { text: "1" },
      ...placed("snapshots/1", {
        ...describedIn(),
        "model.safetensors": { link: "../../blobs/4" },
      }),
    }),
    place: "models--me--a",
    says: 'its "model.safetensors" is a link to "../../blobs/4", which is not',
    hints: "the download was not finished",
  },
  {
    what: "a cached model whose config.json was not downloaded",
    files: placed("models--me--a/snapshots/1", {
      ...modelIn(),
      "config.json": { link: "../../blobs/9" },
    }),
    place: "models--me--a",
    says: 'its "config.json" is a link to',
  },
  {
    what: "a cached model of two snapshots, neither the main one",
    files: placed("models--me--a", {
      ...placed("snapshots/1", modelIn()),
      ...placed("snapshots/2", modelIn()),
      "refs/main": { text: "3" },
    }),
    place: "models--me--a",
    says: "its refs/main names the snapshot 3, and its snapshots are 1, 2",
    hints: "hf download me/a",
  },
  {
    what: "several models in folders",
    files: { ...modelIn("a"), ...modelIn("b/c") },
    says: "it holds 2 models: a, b/c",
    hints: "name one of them",
  },
  {
    what: "checkpoints beside a model in a folder",
    files: {
      ...modelIn("checkpoint-500"),
      ...modelIn("checkpoint-1000"),
      ...modelIn("final"),
    },
    says: "it holds 3 models: final and the checkpoints checkpoint-500, " +
      "checkpoint-1000",
    hints: "final",
  },
  {
    what: "AllenNLP's model",
    files: {
      "config.json": { text: '{"dataset_reader": {}, "model": {}}' },
      "weights.th": X,
      "vocabulary/tokens.txt": X,
    },
    says: "it holds a model of AllenNLP",
  },
  {
    what: "an image model of timm",
    files: {
      "config.json": { text: '{"architecture": "x", "pretrained_cfg": {}}' },
      "model.safetensors": "model/model.safetensors",
    },
    says: "it holds an image model of timm",
  },
  {
    what: "a GGUF file given as a file",
    files: { "bert.gguf": { text: "GGUF" } },
    place: "bert.gguf",
    says: "it is a GGUF file of llama.cpp",
    hints: "that it was made of",
  },
  {
    what: "a model of Keras in the place of weights",
    files: withoutWeights({ "model.weights.h5": X }),
    says: "it holds a model of TensorFlow or Keras",
  },
  {
    what: "checkpoints without weights",
    files: { "checkpoint-5/config.json": "model/config.json" },
    says: "its checkpoints have no weights: checkpoint-5",
  },
  {
    what: "a CrossEncoder of one score",
    files: {
      ...modelIn(),
      "config.json": {
        config: { id2label: { 0: "LABEL_0" }, label2id: { LABEL_0: 0 } },
      },
    },
    says: "its output layer has one output, a score as of a CrossEncoder",
    hints: "finetune --new-head",
  },
  {
    what: "static vectors of sentence-transformers",
    files: { ...modelIn(), "modules.json": MODULES("StaticEmbedding") },
    says: "whose first module is a StaticEmbedding, expected a Transformer",
  },
  {
    what: "a list of modules that is none",
    files: { ...modelIn(), "modules.json": { text: "[1]" } },
    says: "its modules.json is not a list of modules",
  },
  {
    what: "a list of modules that leads elsewhere",
    files: {
      "modules.json": {
        text: '[{"path": "../other", "type": "models.Transformer"}]',
      },
    },
    says: "its modules.json is not a list of modules",
  },
  {
    what: "the pooling of a sentence encoder",
    files: {
      ...modelIn(),
      "config.json": { text: '{"pooling_mode_mean_tokens": true}' },
    },
    says: "it holds the pooling of a sentence encoder alone",
    hints: "modules.json",
  },
  {
    what: "a folder of data",
    files: { "train.csv": X, "test.csv": X },
    says: 'it holds data, not a model ("test.csv")',
    hints: "give it as --data",
  },
  {
    what: "a file of data",
    files: { "train.csv": { text: "premise,hypothesis,label\n" } },
    place: "train.csv",
    says: "it is data, not a model",
  },
  {
    what: "a data set that datasets saved",
    files: { "dataset_info.json": X, "data-00000-of-00001.arrow": X },
    says: "it holds a data set, not a model",
  },
  {
    what: "an archive within a folder",
    files: { "model.zip": X },
    says: "it holds an archive that is still packed",
  },
  {
    what: "a run that isn't finished",
    files: { "run.json": { text: "{}" }, "events.jsonl": X },
    says: "the run is not finished",
    hints: "--resume",
  },
  {
    what: "a checkpoint of a run",
    files: {
      "model.safetensors": "model/model.safetensors",
      "optimizer.safetensors": X,
      "state.json": { text: "{}" },
    },
    says: "it holds a checkpoint of a run, which only --resume reads",
    hints: "name the run's own directory",
  },
  {
    what: "two names for the weights",
    files: modelIn(),
    place: "model.safetensors",
    options: { weights: "other.bin" },
    says: 'it is a file of weights, and --weights names another, "other.bin"',
  },
  { what: "nothing", files: { "x/y": X }, place: "x", says: "it has neither" },
  {
    what: "a file of PyTorch that is called a zip archive",
    files: { "model.zip": "weights/protocol2.bin" },
    place: "model.zip",
    says: "it holds what torch.save writes, taken for an archive",
    hints: "a name that ends in .pt or .bin",
  },
  {
    what: "a note",
    files: { "README.md": X },
    place: "README.md",
    says: "it is a file, expected a directory, a zip or tar archive",
  },
];

for (const { what, files, place = "", says, hints, options } of TABLE) {
  Deno.test(`${what}: it is refused with what is there and what to do`, () =>
    withFolder(async (folder) => {
      await makeFiles(folder, files);
      const { message, hint } = await assertRejects(
        () =>
          openModel(join(folder, place), {
            cache: join(folder, ".cache"),
            ...options,
          }),
        UserError,
      );
      assert(message.includes(says), message);
      assert(hint.includes(hints ?? ""), hint);
    }));
}

for (const bad of ["no such key", "adapter", "relative positions"]) {
  const files: Record<string, Files> = {
    "no such key": { "config.json": { config: { hidden_act: "silu" } } },
    adapter: { "adapter_config.json": { text: "{}" } },
    "relative positions": {
      "config.json": { config: { position_embedding_type: "relative_key" } },
    },
  };
  Deno.test(`a configuration of ${bad} is refused before weights are read`, () =>
    withFolder(async (folder) => {
      await makeFiles(folder, { ...modelIn(".", {}), ...files[bad] });
      // To read it would be an error of its own, and take memory.
      await Deno.writeTextFile(join(folder, "model.safetensors"), "");
      const { code } = await assertRejects(() => openModel(folder), UserError);
      assert(code === "bad-model", code);
    }));
}
