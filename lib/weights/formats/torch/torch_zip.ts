/**
 * Reads the zip archives that `torch.save` writes since PyTorch 1.6.
 *
 * Under one root, whose name varies: `data.pkl`, `data/KEY` for each storage,
 * perhaps `byteorder` (`caffe2/serialize/inline_container.h`).
 *
 * @module
 */
import type { NamedArrays } from "../arrays.ts";
import { badWeights } from "../bad_weights.ts";
import { ByteReader } from "../byte_reader.ts";
import { elementBytes, toFloats } from "../element_types.ts";
import type { ZipMember } from "../zip_members.ts";
import { readPickle } from "./pickle.ts";
import {
  findStateDict,
  SAVE_STATE_DICT,
  torchRules,
  type TorchStorage,
} from "./torch_state.ts";
import { cutTensors } from "./torch_tensors.ts";

/**
 * Reads a state dict from an archive of `torch.save`.
 *
 * @param members The archive's members.
 * @param file The file's path, for errors.
 * @return Its tensors as floats, contiguous. They may share memory: read only.
 * @throws UserError `bad-weights` for TorchScript, pickled modules, damage.
 */
export async function readTorchZip(
  members: ReadonlyMap<string, ZipMember>,
  file: string,
): Promise<NamedArrays> {
  const pickles = [...members.keys()].filter((name) =>
    name.endsWith("/data.pkl")
  );
  if (pickles.length !== 1) {
    throw badWeights(file, `it has ${pickles.length} data.pkl, expected one`);
  }
  const root = pickles[0].slice(0, -"data.pkl".length);
  const script = [...members.keys()].find((name) =>
    name === `${root}constants.pkl` || name.startsWith(`${root}code/`)
  );
  if (script) {
    throw badWeights(
      file,
      `it is a TorchScript program ("${script}"), expected a state dict`,
      SAVE_STATE_DICT,
    );
  }
  const bigEndian = await isBigEndian(members.get(`${root}byteorder`), file);
  const rules = torchRules(5);
  const pickle = new ByteReader(await members.get(pickles[0])!.read(), file);
  const object = readPickle(pickle, rules);
  if (pickle.remaining > 0) {
    throw badWeights(file, `${pickle.remaining} bytes follow its pickle`);
  }
  const tensors = findStateDict(object, file);
  const storages = new Map<TorchStorage, Uint8Array<ArrayBuffer>>();
  for (const { storage } of tensors.values()) {
    if (storages.has(storage)) continue;
    const member = members.get(`${root}data/${storage.key}`);
    checkSize(storage, member, file);
    storages.set(storage, await member.read());
  }
  return cutTensors(
    tensors,
    file,
    (storage) => toFloats(storages.get(storage)!, storage.type, { bigEndian }),
  );
}

function checkSize(
  { key, type, count }: TorchStorage,
  member: ZipMember | undefined,
  file: string,
): asserts member is ZipMember {
  const bytes = count * elementBytes(type);
  if (member?.size !== bytes) {
    throw badWeights(
      file,
      `its storage "${key}" ${
        member ? `has ${member.size} bytes` : "is missing"
      }, expected ${bytes} bytes for ${count} elements of type ${type}`,
    );
  }
}

async function isBigEndian(
  member: ZipMember | undefined,
  file: string,
): Promise<boolean> {
  if (!member) return false;
  const order = new TextDecoder().decode(await member.read());
  if (order !== "little" && order !== "big") {
    throw badWeights(file, `its byte order is "${order}"`);
  }
  return order === "big";
}
