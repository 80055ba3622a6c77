import { dirname, join } from "@std/path";
import {
  readSummed,
  writeSummed,
} from "../../../lib/base/files/summed_files.ts";
import { loadCheckpoint, saveCheckpoint } from "../../../lib/run/checkpoint.ts";
import { openTokenizer } from "../../../lib/text/open_tokenizer.ts";
import { TEXT_RULES } from "../../../lib/text/recipe.ts";
import { epochStart } from "../../../lib/train/state.ts";
import { readWeightFile } from "../../../lib/weights/formats/weight_file.ts";
import { describeForTransformers } from "../../../lib/weights/hugging_face/write_config.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import { mutateJson } from "../mutate/json.ts";
import { mutateText } from "../mutate/text.ts";
import { files, type Reader, texts } from "./reader.ts";

const hf = "fixtures/golden/hf";
const mxnet = "fixtures/golden/mxnet";
const index = JSON.stringify({
  metadata: { total_size: 1 },
  weight_map: { f32: "types.safetensors", f16: "types.safetensors" },
});

/** The `config.json` of a run of the golden model. */
async function trainedHere(): Promise<Uint8Array<ArrayBuffer>> {
  const { config, fields } = await openModelDir(hf);
  const written = describeForTransformers(config, { fields: fields! });
  return new TextEncoder().encode(JSON.stringify(written));
}

/** The readers of a model directory's and a run's other files. */
export const modelReaders: Reader[] = [
  vocabulary("vocab.json", { seed: mxnet, kind: "words" }),
  vocabulary("vocab.txt", { seed: hf, kind: "wordpiece" }),
  {
    ...vocabulary("tokenizer.json", { seed: hf, kind: "wordpiece" }),
    async seeds() {
      const text = await Deno.readTextFile(`${hf}/tokenizer.json`);
      const tokenizer = JSON.parse(text);
      // Most of its words make no difference, but inputs larger.
      const words = Object.entries(tokenizer.model.vocab).slice(0, 100);
      tokenizer.model.vocab = Object.fromEntries(words);
      return [new TextEncoder().encode(JSON.stringify(tokenizer))];
    },
  },
  {
    name: "config.json",
    seeds: async () => [
      await Deno.readFile(`${hf}/config.json`),
      new TextEncoder().encode(JSON.stringify(
        (await openModelDir(mxnet, { heads: 4 })).config,
      )),
      await trainedHere(),
    ],
    mutate: mutateJson,
    async prepare(folder) {
      for (const name of ["model.safetensors", "vocab.txt"]) {
        await Deno.copyFile(`${hf}/${name}`, join(folder, name));
      }
      await Deno.copyFile(`${mxnet}/vocab.json`, join(folder, "vocab.json"));
      return async (file) => {
        await Deno.writeFile(join(folder, "config.json"), file);
        await openModelDir(folder);
      };
    },
  },
  {
    name: "tokenizer_config.json",
    seeds: files(`${hf}/tokenizer_config.json`),
    mutate: mutateJson,
    async prepare(folder) {
      for (const name of ["config.json", "model.safetensors", "vocab.txt"]) {
        await Deno.copyFile(`${hf}/${name}`, join(folder, name));
      }
      return async (file) => {
        await Deno.writeFile(join(folder, "tokenizer_config.json"), file);
        await openModelDir(folder);
      };
    },
  },
  {
    name: "index.json",
    seeds: texts(index),
    mutate: mutateJson,
    async prepare(folder) {
      await Deno.copyFile(
        "fixtures/golden/odd/torch/types.safetensors",
        join(folder, "types.safetensors"),
      );
      const path = join(folder, "model.safetensors.index.json");
      return async (file) => {
        await Deno.writeFile(path, file);
        await readWeightFile(path);
      };
    },
  },
  {
    name: "checkpoint",
    async seeds() {
      const folder = await Deno.makeTempDir();
      const path = await makeCheckpoint(folder);
      const state = await Deno.readFile(path);
      await Deno.remove(folder, { recursive: true });
      return [state];
    },
    mutate: mutateJson,
    async prepare(folder) {
      const path = await makeCheckpoint(folder);
      const directory = dirname(path);
      const arrays = await readSummed(directory, [
        "model.safetensors",
        "optimizer.safetensors",
      ]);
      return async (file) => {
        // The digests are right, or nothing of the file would be looked at.
        await Deno.remove(directory, { recursive: true });
        await Deno.mkdir(directory);
        await writeSummed(directory, {
          "model.safetensors": [arrays["model.safetensors"]],
          "optimizer.safetensors": [arrays["optimizer.safetensors"]],
          "state.json": [file],
        });
        await loadCheckpoint(folder);
      };
    },
  },
];

function vocabulary(
  name: string,
  { seed, kind }: { seed: string; kind: "words" | "wordpiece" },
): Reader {
  return {
    name,
    seeds: files(`${seed}/${name}`),
    mutate: name.endsWith(".json") ? mutateJson : mutateText,
    prepare: (folder) => async (file) => {
      const path = join(folder, name);
      await Deno.writeFile(path, file);
      const tokenizer = await openTokenizer(path, {
        kind,
        lowerCase: true,
        rules: TEXT_RULES,
      });
      for (const id of tokenizer.encode("A man isn't outdoors [MASK] 走路 x")) {
        if (!(Number.isInteger(id) && id >= 0 && id < tokenizer.size)) {
          throw new Error(`id ${id} of ${tokenizer.size}`);
        }
      }
    },
  };
}

/** Saves a checkpoint and gives the path of its state. */
async function makeCheckpoint(run: string): Promise<string> {
  const arrays = new Map([["a", { shape: [1], data: new Float32Array(1) }]]);
  await saveCheckpoint(run, {
    state: epochStart(1),
    steps: 3,
    epochs: [],
    eventBytes: 7,
    parameters: arrays,
    moments: arrays,
  }, { keep: 1 });
  const [{ name }] = await Array.fromAsync(
    Deno.readDir(join(run, "checkpoints")),
  );
  return join(run, "checkpoints", name, "state.json");
}
