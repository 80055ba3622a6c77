import { assertEquals, assertLess } from "@std/assert";
import { join } from "@std/path";
import { openModel } from "../../../../lib/weights/open_model.ts";
import type { OpenModelOptions } from "../../../../lib/weights/open_model.ts";
import { largestDifference } from "../../../support/model/golden.ts";
import {
  describedIn,
  type Files,
  logitsOf,
  makeFiles,
  modelIn,
  placed,
  readLogits,
} from "../../../support/weights/directories.ts";
import { withFolder } from "../../../support/with_folder.ts";

/** A directory that opens to the golden model. */
interface Opened {
  /** What it is, for the test's name. */
  what: string;
  /** Its files. */
  files: Files;
  /** What is given as `--model`, in it; the directory itself if absent. */
  place?: string;
  /** Codes of the warnings, in their order; none if absent. */
  warns?: string[];
  /** What the first warning says. */
  says?: string;
  options?: OpenModelOptions;
  /** How far the logits may be from transformers' own. */
  tolerance?: number;
}

const SHARDS: Files = {
  "model-00001-of-00002.safetensors":
    "weights/sharded_safetensors/model-00001-of-00002.safetensors",
  "model-00002-of-00002.safetensors":
    "weights/sharded_safetensors/model-00002-of-00002.safetensors",
};
const INDEX: Files = {
  "model.safetensors.index.json":
    "weights/sharded_safetensors/model.safetensors.index.json",
};
const BIN_SHARDS: Files = {
  "pytorch_model-00001-of-00002.bin":
    "weights/sharded_bin/pytorch_model-00001-of-00002.bin",
  "pytorch_model-00002-of-00002.bin":
    "weights/sharded_bin/pytorch_model-00002-of-00002.bin",
  "pytorch_model.bin.index.json":
    "weights/sharded_bin/pytorch_model.bin.index.json",
};
const TRAINING: Files = {
  "optimizer.pt": "weights/other_optimizer.pt",
  "scheduler.pt": { text: "x" },
  "rng_state.pth": { text: "x" },
  "scaler.pt": { text: "x" },
  "training_args.bin": { text: "x" },
  "trainer_state.json": {
    text: '{"best_model_checkpoint": "out/checkpoint-500"}',
  },
};
const BLOBS: Files = {
  "blobs/1": "model/config.json",
  "blobs/2": "model/vocab.txt",
  "blobs/3": "model/tokenizer_config.json",
  "blobs/4": "model/model.safetensors",
};
const LINKS: Files = {
  "config.json": { link: "../../blobs/1" },
  "vocab.txt": { link: "../../blobs/2" },
  "tokenizer_config.json": { link: "../../blobs/3" },
  "model.safetensors": { link: "../../blobs/4" },
};
const REPOSITORY: Files = {
  ...BLOBS,
  "refs/main": { text: "abc123\n" },
  ...placed("snapshots/abc123", LINKS),
};
const MODULES = (path: string) =>
  JSON.stringify([
    {
      idx: 0,
      name: "0",
      path,
      type: "sentence_transformers.models.Transformer",
    },
    {
      idx: 1,
      name: "1",
      path: "1_Pooling",
      type: "sentence_transformers.models.Pooling",
    },
    {
      idx: 2,
      name: "2",
      path: "2_Normalize",
      type: "sentence_transformers.models.Normalize",
    },
  ]);
const POOLING: Files = {
  "1_Pooling/config.json": {
    text: '{"word_embedding_dimension": 16, "pooling_mode_mean_tokens": true}',
  },
  "config_sentence_transformers.json": { text: "{}" },
};

const TABLE: Opened[] = [
  { what: "what save_pretrained writes", files: modelIn() },
  {
    what: "a model in several safetensors files",
    files: modelIn(".", { ...SHARDS, ...INDEX }),
  },
  {
    what: "a model in several safetensors files without their index",
    files: modelIn(".", SHARDS),
  },
  {
    what: "the first of several safetensors files",
    files: modelIn(".", { ...SHARDS, ...INDEX }),
    place: "model-00001-of-00002.safetensors",
  },
  {
    what: "a model in several .bin files",
    files: modelIn(".", BIN_SHARDS),
  },
  {
    what: "several files beside one of another download",
    files: modelIn(".", {
      ...SHARDS,
      ...INDEX,
      "model-00003-of-00003.safetensors": "weights/f16_half.safetensors",
    }),
    warns: ["stray-weights"],
    says: "model-00003-of-00003.safetensors, which are not read",
  },
  {
    what: "pytorch_model.bin alone",
    files: modelIn(".", { "pytorch_model.bin": "weights/protocol2.bin" }),
  },
  {
    what: "safetensors beside a pytorch_model.bin that is cut",
    files: modelIn(".", {
      "model.safetensors": "model/model.safetensors",
      "pytorch_model.bin": { start: "weights/protocol2.bin", length: 500 },
    }),
  },
  {
    what: "one weight file of another name",
    files: modelIn(".", { "best.pt": "weights/in_model.pt" }),
  },
  {
    what: "a checkpoint of Lightning",
    files: modelIn(".", { "epoch=2-step=30.ckpt": "weights/lightning.ckpt" }),
  },
  {
    what: "an old checkpoint of Lightning given as a file",
    files: modelIn(".", { "last.ckpt": "weights/lightning_old.ckpt" }),
    place: "last.ckpt",
  },
  {
    what: "an encoder's wrapper of another name",
    files: modelIn(".", { "last.ckpt": "weights/lightning_net.ckpt" }),
  },
  {
    what: "the state of a compiled model",
    files: modelIn(".", { "pytorch_model.bin": "weights/compiled.bin" }),
  },
  {
    what: "the state of DataParallel",
    files: modelIn(".", { "pytorch_model.bin": "weights/data_parallel.bin" }),
  },
  {
    what: "layer norms of gamma and beta",
    files: modelIn(".", { "pytorch_model.bin": "weights/gamma_beta.bin" }),
  },
  {
    what: "tensors that are not contiguous",
    files: modelIn(".", { "pytorch_model.bin": "weights/transposed.bin" }),
  },
  {
    what: "tensors of one storage",
    files: modelIn(".", { "pytorch_model.bin": "weights/one_storage.bin" }),
  },
  {
    what: "64-bit floats",
    files: modelIn(".", { "pytorch_model.bin": "weights/f64.bin" }),
  },
  {
    what: "half floats of the variant fp16 alone",
    files: modelIn(".", {
      "model.fp16.safetensors": "weights/f16_half.safetensors",
    }),
    warns: ["weights-variant"],
    says: '"model.fp16.safetensors" is read',
    tolerance: 1e-2,
  },
  {
    what: "the usual weights beside a variant",
    files: modelIn(".", {
      "model.safetensors": "model/model.safetensors",
      "model.fp16.safetensors": "weights/f16_half.safetensors",
    }),
  },
  {
    what: "bfloat16 in the old container's place",
    files: modelIn(".", { "pytorch_model.bin": "weights/bf16_half.bin" }),
    tolerance: 0.1,
  },
  {
    what: "a checkpoint with the state of its training",
    files: { ...modelIn(), ...TRAINING },
  },
  {
    what: "a lone file beside the state of its training",
    files: {
      ...modelIn(".", { "weights.bin": "weights/protocol4.bin" }),
      ...TRAINING,
    },
  },
  {
    what: "a final model beside checkpoints",
    files: {
      ...modelIn(),
      "training_args.bin": { text: "x" },
      ...placed("checkpoint-500", { "config.json": { text: "{}" } }),
    },
  },
  {
    what: "Trainer's checkpoints without a final model",
    files: {
      ...placed("checkpoint-500", {
        ...describedIn(),
        "model.safetensors": "weights/f16_half.safetensors",
      }),
      ...placed("checkpoint-1000", { ...modelIn(), ...TRAINING }),
    },
    warns: ["newest-checkpoint"],
    says: "the newest checkpoint, checkpoint-1000, is used; there are also " +
      "checkpoint-500; the best one by its trainer_state.json is checkpoint-500",
  },
  {
    what: "checkpoints whose newest one was not finished",
    files: {
      ...modelIn("checkpoint-500"),
      ...placed("checkpoint-1000", { "config.json": "model/config.json" }),
    },
    warns: ["newest-checkpoint"],
    says: "checkpoint-500, is used; there are also checkpoint-1000",
  },
  {
    what: "checkpoints beside the tokenizer that they share",
    files: {
      ...modelIn("checkpoint-500"),
      "vocab.json": { text: "{}" },
      "tokenizer.json": "model/tokenizer.json",
      "runs/events.out": { text: "x" },
    },
    warns: ["newest-checkpoint"],
    says: "the newest checkpoint, checkpoint-500, is used",
  },
  {
    what: "Hugging Face's cache of a model",
    files: placed("models--me--tiny", REPOSITORY),
    place: "models--me--tiny",
  },
  {
    what: "Hugging Face's cache with one model",
    files: {
      ...placed("hub/models--me--tiny", REPOSITORY),
      "hub/datasets--me--pairs/refs/main": { text: "x" },
    },
    place: "hub",
  },
  {
    what: "Hugging Face's home",
    files: {
      ...placed("hub/models--me--tiny", REPOSITORY),
      token: { text: "x" },
    },
    warns: ["model-within"],
  },
  {
    what: "a snapshot of Hugging Face's cache",
    files: placed("models--me--tiny", REPOSITORY),
    place: "models--me--tiny/snapshots/abc123",
  },
  {
    what: "a cached model that only a tag refers to",
    files: placed("models--me--tiny", {
      ...BLOBS,
      "refs/v1": { text: "abc123" },
      ...placed("snapshots/abc123", LINKS),
    }),
    place: "models--me--tiny",
  },
  {
    what: "a link to a model's directory",
    files: { ...modelIn("there"), here: { link: "there" } },
    place: "here",
  },
  {
    what: "a directory with the model in a folder's folder",
    files: { ...modelIn("a/b"), "a/README.md": { text: "x" } },
    warns: ["model-within"],
    says: 'the only one in it, "a/b", is used',
  },
  {
    what: "a model with exports to other programs beside it",
    files: {
      ...modelIn(),
      "onnx/model.onnx": { text: "x" },
      "tf_model.h5": { text: "x" },
      "flax_model.msgpack": { text: "x" },
      "openvino_model.bin": { text: "x" },
    },
  },
  {
    what: "one weight file beside OpenVINO's",
    files: {
      ...modelIn(".", { "weights.bin": "weights/protocol2.bin" }),
      "openvino_model.bin": { text: "x" },
      "openvino_model.xml": { text: "x" },
    },
  },
  {
    what: "config.json in its directory's place",
    files: modelIn(),
    place: "config.json",
  },
  {
    what: "vocab.txt in its directory's place",
    files: modelIn(),
    place: "vocab.txt",
  },
  {
    what: "one of two weight files",
    files: modelIn(".", {
      "a.bin": "weights/protocol2.bin",
      "b.bin": "weights/other_optimizer.pt",
    }),
    place: "a.bin",
  },
  {
    what: "model.safetensors in its directory's place",
    files: modelIn(),
    place: "model.safetensors",
  },
  {
    what: "weights elsewhere",
    files: { ...describedIn("a"), "b/x.bin": "weights/protocol5_legacy.bin" },
    place: "a",
    options: { weights: "../b/x.bin" },
  },
  {
    what: "the layout of 2018 with bert_config.json",
    files: {
      "bert_config.json": { config: { model_type: undefined } },
      "vocab.txt": "model/vocab.txt",
      "pytorch_model.bin": "weights/gamma_beta.bin",
    },
  },
  {
    what: "a sentence encoder's files at the top",
    files: { ...modelIn(), ...POOLING, "modules.json": { text: MODULES("") } },
    warns: ["sentence-encoder"],
    says: "of which the transformer alone is taken: 1_Pooling, 2_Normalize are",
  },
  {
    what: "a sentence encoder's files in a folder",
    files: {
      ...modelIn("0_Transformer"),
      ...POOLING,
      "modules.json": { text: MODULES("0_Transformer") },
    },
    warns: ["sentence-encoder"],
    says: "classes are told from the first token",
  },
  {
    what: "a SetFit model",
    files: {
      ...modelIn(),
      ...POOLING,
      "modules.json": { text: MODULES("") },
      "model_head.pkl": { text: "x" },
    },
    warns: ["sentence-encoder"],
    says: "model_head.pkl",
  },
  {
    what: "a CrossEncoder of three classes",
    files: {
      ...modelIn(),
      "config.json": {
        config: {
          sentence_transformers: {
            activation_fn: "torch.nn.modules.linear.Identity",
          },
        },
      },
      "CESoftmaxAccuracyEvaluator_dev_results.csv": { text: "epoch\n" },
    },
  },
  {
    what: "a CrossEncoder with a list of one module",
    files: {
      ...modelIn(),
      "modules.json": {
        text: JSON.stringify(JSON.parse(MODULES("")).slice(0, 1)),
      },
    },
  },
];

const expected = await readLogits();

for (const row of TABLE) {
  const { what, files, place = "", warns = [], says, options } = row;
  Deno.test(`${what}: the model opens to the logits of transformers`, () =>
    withFolder(async (folder) => {
      await makeFiles(folder, files);
      const opened = await openModel(join(folder, place), {
        cache: join(folder, ".cache"),
        ...options,
      });
      assertEquals(opened.warnings.map(({ code }) => code), warns);
      const message = opened.warnings[0]?.message ?? "";
      assertEquals(message.includes(says ?? ""), true, message);
      const difference = largestDifference(await logitsOf(opened), expected);
      assertLess(difference, row.tolerance ?? 1e-5);
    }));
}
