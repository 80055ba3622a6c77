import { detectNaming } from "../../../lib/weights/families/detect_names.ts";
import { neutralName } from "../../../lib/weights/families/names.ts";
import {
  elementCount,
  type NamedArrays,
} from "../../../lib/weights/formats/arrays.ts";
import { ByteReader } from "../../../lib/weights/formats/byte_reader.ts";
import { readNpy } from "../../../lib/weights/formats/npy.ts";
import { readPickle } from "../../../lib/weights/formats/torch/pickle.ts";
import {
  findStateDict,
  torchRules,
} from "../../../lib/weights/formats/torch/torch_state.ts";
import { readWeights } from "../../../lib/weights/formats/weight_file.ts";
import { listZipMembers } from "../../../lib/weights/formats/zip_members.ts";
import type { Bytes } from "../mutate/bytes.ts";
import { mutateBytes } from "../mutate/bytes.ts";
import { mutatePickle } from "../mutate/pickle.ts";
import {
  mutateMxnet,
  mutateNpy,
  mutateSafetensors,
} from "../mutate/weights.ts";
import { mutateZip } from "../mutate/zip.ts";
import { files, type Reader } from "./reader.ts";

const odd = "fixtures/golden/odd";

const PYTORCH = ["types", "views", "checkpoint", "data_parallel", "module"];

/** The readers of weight files. */
export const weightReaders: Reader[] = [
  {
    name: "mxnet",
    seeds: files(
      ...["types", "types_np", "prefixes", "row_sparse", "csr", "list"]
        .map((name) => `${odd}/mxnet/${name}.params`),
    ),
    mutate: mutateMxnet,
    prepare: () => readAll,
  },
  {
    name: "torch-zip",
    seeds: files(
      ...[...PYTORCH, "torchscript"].map((name) => `${odd}/torch/${name}.pt`),
    ),
    mutate: mutateZip((name) =>
      name.endsWith(".pkl") ? mutatePickle : mutateBytes
    ),
    prepare: () => readAll,
  },
  {
    name: "torch-legacy",
    seeds: files(
      ...["types", "views", "module"]
        .map((name) => `${odd}/torch/${name}_legacy.pt`),
    ),
    mutate: (file, random) =>
      random.once(3) ? mutateBytes(file, random) : mutatePickle(file, random),
    prepare: () => readAll,
  },
  {
    name: "pickle",
    seeds: () =>
      Promise.all(PYTORCH.map((name) => picklesOf(`${odd}/torch/${name}.pt`))),
    mutate: mutatePickle,
    prepare: () => (file) =>
      findStateDict(
        readPickle(new ByteReader(file, "x.pkl"), torchRules(5)),
        "x.pkl",
      ),
  },
  {
    name: "safetensors",
    seeds: files(`${odd}/torch/types.safetensors`),
    mutate: mutateSafetensors,
    prepare: () => readAll,
  },
  {
    name: "npy",
    seeds: () =>
      listZip(`${odd}/numpy/arrays.npz`).then((members) =>
        Promise.all([...members.values()].map((member) => member.read()))
      ),
    mutate: mutateNpy,
    prepare: () => (file) => touch(new Map([["x", readNpy(file, "x.npy")]])),
  },
  {
    name: "npz",
    seeds: files(
      `${odd}/numpy/arrays.npz`,
      `${odd}/numpy/arrays_compressed.npz`,
    ),
    mutate: mutateZip(() => mutateNpy),
    prepare: () => readAll,
  },
];

async function readAll(file: Bytes): Promise<void> {
  const arrays = await readWeights(file, "x");
  touch(arrays);
  const naming = detectNaming(arrays.keys()) ?? "hf";
  for (const name of arrays.keys()) neutralName(name, naming);
}

/** Elements are made when asked for; those of a whole model are not needed. */
function touch(arrays: NamedArrays): void {
  let room = 2 ** 22;
  for (const array of arrays.values()) {
    room -= elementCount(array.shape);
    if (room < 0) break;
    if (array.data.length !== elementCount(array.shape)) {
      throw new Error(`shape [${array.shape}], ${array.data.length} elements`);
    }
  }
}

async function listZip(path: string) {
  return await listZipMembers(await Deno.readFile(path), path);
}

async function picklesOf(path: string): Promise<Bytes> {
  const members = await listZip(path);
  const name = members.keys().find((name) => name.endsWith("data.pkl"))!;
  return (await members.get(name)!.read()).slice();
}
