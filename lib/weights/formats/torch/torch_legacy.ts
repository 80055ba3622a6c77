/**
 * Reads what `torch.save` wrote before PyTorch 1.6, and still does on request
 * (`_use_new_zipfile_serialization=False`).
 *
 * Five pickles: a magic number, the version 1001, facts about the machine, the
 * object, the storages' keys. Then each storage: `i64` count, elements
 * (`_legacy_save` in `torch/serialization.py`).
 *
 * @module
 */
import type { NamedArrays } from "../arrays.ts";
import { badWeights } from "../bad_weights.ts";
import { ByteReader } from "../byte_reader.ts";
import { elementBytes, toFloats } from "../element_types.ts";
import { readPickle } from "./pickle.ts";
import type { PickleRules } from "./pickle_machine.ts";
import {
  findStateDict,
  SAVE_STATE_DICT,
  torchRules,
  type TorchStorage,
} from "./torch_state.ts";
import { cutTensors } from "./torch_tensors.ts";

/** The first pickle: 0x1950a86a20f9469cfc6c, as opcode LONG1 has it. */
const MAGIC = [
  ...[0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46],
  ...[0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e],
];
const VERSION = 1001;
const PROTO = 0x80;
const FRAME = 0x95;

/** Whether the bytes begin as the old container does. */
export function isTorchLegacy(bytes: Uint8Array): boolean {
  return bytes[0] === PROTO && bytes[1] >= 2 && bytes[1] <= 5 &&
    MAGIC.every((byte, i) => bytes[magicStart(bytes) + i] === byte);
}

/** Protocol 4 and later put a frame's size of 8 bytes before it. */
function magicStart(bytes: Uint8Array): number {
  return bytes[2] === FRAME ? 11 : 2;
}

/**
 * Reads a state dict from the old container.
 *
 * @param bytes The whole file.
 * @param file Its path, for errors.
 * @return Its tensors as floats, contiguous. They may view `bytes` or share
 *     memory: read only.
 * @throws UserError `bad-weights` for pickled modules and damage.
 */
export function readTorchLegacy(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
): NamedArrays {
  const reader = new ByteReader(bytes, file);
  reader.bytes(magicStart(bytes) + MAGIC.length, "the magic number");
  const version = readPickle(reader, PLAIN);
  if (version !== VERSION) {
    throw badWeights(file, `it has version ${version}, expected ${VERSION}`);
  }
  const machine = readPickle(reader, PLAIN);
  if (!(machine instanceof Map) || machine.get("little_endian") !== true) {
    throw badWeights(
      file,
      "it was written on a big-endian machine",
      "save it on a little-endian machine, or as a zip (PyTorch 1.6)",
    );
  }
  const rules = torchRules(6);
  const tensors = findStateDict(readPickle(reader, rules), file);
  const keys = readPickle(reader, PLAIN);
  const storages = readStorages(reader, keys, rules.storages);
  for (const { storage } of tensors.values()) {
    if (storages.has(storage)) continue;
    throw badWeights(file, `its storage "${storage.key}" is missing`);
  }
  return cutTensors(
    tensors,
    file,
    (storage) => toFloats(storages.get(storage)!, storage.type),
  );
}

/** The rules of pickles that describe data alone. */
const PLAIN: PickleRules = {
  global: () => undefined,
  persistent: () => undefined,
  hint: SAVE_STATE_DICT,
};

function readStorages(
  reader: ByteReader,
  keys: unknown,
  byKey: ReadonlyMap<unknown, TorchStorage>,
): Map<TorchStorage, Uint8Array<ArrayBuffer>> {
  if (!Array.isArray(keys)) {
    throw badWeights(reader.file, "it has no list of storages");
  }
  const storages = new Map<TorchStorage, Uint8Array<ArrayBuffer>>();
  for (const key of keys) {
    const storage = byKey.get(key);
    if (!storage || storages.has(storage)) {
      throw badWeights(
        reader.file,
        `its list of storages has "${key}" ${
          storage ? "twice" : "without use"
        }`,
      );
    }
    const what = `storage "${key}"`;
    const count = reader.i64(`the size of ${what}`);
    if (count !== storage.count) {
      throw badWeights(
        reader.file,
        `its ${what} has ${count} elements, expected ${storage.count}`,
      );
    }
    storages.set(
      storage,
      reader.bytes(count * elementBytes(storage.type), what),
    );
  }
  if (reader.remaining > 0) {
    throw badWeights(
      reader.file,
      `${reader.remaining} bytes follow its last storage, expected none`,
    );
  }
  return storages;
}
