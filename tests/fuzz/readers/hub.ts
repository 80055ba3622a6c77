import { hubSplits } from "../../../lib/data/sources/hub/hub_splits.ts";
import { faultOfPath } from "../../../lib/hub/archive/entry_path.ts";
import { readListing } from "../../../lib/hub/repository/listing.ts";
import { chooseModelFiles } from "../../../lib/hub/repository/model_files.ts";
import { parseRepositoryName } from "../../../lib/hub/repository/repository_name.ts";
import { mutateJson } from "../mutate/json.ts";
import { mutateText } from "../mutate/text.ts";
import { type Reader, texts } from "./reader.ts";

const decoder = new TextDecoder();

const PATHS = [
  "README.md",
  "data/train-00000-of-00001.parquet",
  "data/test-00000-of-00001.parquet",
  "first/a.csv",
  "second/train/0000.parquet",
];

/** The readers of what the Hugging Face hub sends. */
export const hubReaders: Reader[] = [
  {
    name: "hub-listing",
    seeds: texts(JSON.stringify({
      id: "someone/tiny",
      sha: "0123456789012345678901234567890123456789",
      cardData: { license: ["mit", "apache-2.0"] },
      siblings: [
        {
          rfilename: "config.json",
          size: 512,
          blobId: "0123456789012345678901234567890123456789",
        },
        {
          rfilename: "model.safetensors",
          size: 1024,
          blobId: "0123456789012345678901234567890123456789",
          lfs: { sha256: "0123456789abcdef".repeat(4), size: 1024 },
        },
      ],
    })),
    mutate: mutateJson,
    prepare: () => async (file) => {
      const { files } = readListing(decoder.decode(file), "hub");
      const paths = [...files.keys()];
      const out = paths.find((path) => faultOfPath(path, 32) !== undefined);
      if (out !== undefined) throw new Error(`${out} is no path`);
      await chooseModelFiles(paths, () => Promise.resolve("{}"));
    },
  },
  {
    name: "hub-index",
    seeds: texts(JSON.stringify({
      metadata: { total_size: 2 },
      weight_map: { a: "a.safetensors", b: "b.safetensors" },
    })),
    mutate: mutateJson,
    prepare: () => async (file) => {
      const paths = [
        "config.json",
        "model.safetensors.index.json",
        "a.safetensors",
        "b.safetensors",
      ];
      const text = decoder.decode(file);
      const chosen = await chooseModelFiles(paths, () => Promise.resolve(text));
      const odd = chosen.find((path) => !paths.includes(path));
      if (odd !== undefined) throw new Error(`${odd} is not there`);
    },
  },
  {
    name: "hub-card",
    seeds: texts(
      "---\nlicense: mit\nconfigs:\n- config_name: default\n  data_files:\n" +
        "  - split: train\n    path: data/train-*\n" +
        "  - split: test\n    path: 'data/[a-t]est-?????-of-*.parquet'\n---\n# A\n",
      '---\nconfigs: [{config_name: a, data_files: "first/*.csv"}]\n---\n',
      "---\nconfigs: [{data_dir: second}]\n---\n",
    ),
    mutate: mutateText,
    prepare: () => (file) => {
      const card = decoder.decode(file);
      const splits = hubSplits({ paths: PATHS, card, config: undefined });
      const odd = splits.flatMap(([, files]) => files)
        .find((path) => !PATHS.includes(path));
      if (odd !== undefined) throw new Error(`${odd} is not there`);
    },
  },
  {
    name: "hub-name",
    seeds: texts("hf:someone/tiny@v1", "hf:a/b@refs/convert/parquet/mnli"),
    mutate: mutateText,
    prepare: () => (file) => {
      const { id, revision = "main" } = parseRepositoryName(
        decoder.decode(file),
        "dataset",
      );
      // They become folders and files of the cache.
      for (const path of [id, revision]) {
        const fault = faultOfPath(path, 32);
        if (fault !== undefined) throw new Error(`${path} ${fault}`);
      }
    },
  },
];
