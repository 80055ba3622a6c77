/**
 * The state dict in a PyTorch file: which pickles make one, and where it is.
 *
 * @module
 */
import { badWeights } from "../bad_weights.ts";
import type { ElementType } from "../element_types.ts";
import { isBeside } from "./beside_state.ts";
import {
  OrderedDict,
  PickleGlobal,
  PickleOpaque,
  type PickleRules,
  PickleTuple,
} from "./pickle_machine.ts";

/** What to do about a file that holds other than a state dict. */
export const SAVE_STATE_DICT =
  "save the weights alone: torch.save(model.state_dict(), path)";

/** A flat run of elements that tensors view. */
export class TorchStorage {
  /** Describes a storage: its name in the file, element type and count. */
  constructor(
    readonly key: string,
    readonly type: ElementType,
    readonly count: number,
  ) {}
}

/** A tensor: a strided view of a storage, in elements. */
export class TorchTensor {
  /** Describes a view; it is not checked yet against the storage's bounds. */
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly size: readonly number[],
    readonly stride: readonly number[],
  ) {}
}

const STORAGE_CLASSES = new Map<string, ElementType>([
  ["DoubleStorage", "f64"],
  ["FloatStorage", "f32"],
  ["HalfStorage", "f16"],
  ["BFloat16Storage", "bf16"],
  ["LongStorage", "i64"],
  ["IntStorage", "i32"],
  ["ShortStorage", "i16"],
  ["CharStorage", "i8"],
  ["ByteStorage", "u8"],
  ["BoolStorage", "bool"],
]);

const FUNCTIONS = new Map([
  new PickleGlobal(
    "collections OrderedDict",
    (args) => args.length === 0 ? new OrderedDict() : undefined,
  ),
  new PickleGlobal(
    "torch._utils _rebuild_tensor",
    (args) => args.length === 4 ? rebuildTensor(args) : undefined,
  ),
  // The rest of its arguments tell how to train: gradient, hooks, metadata.
  new PickleGlobal(
    "torch._utils _rebuild_tensor_v2",
    (args) =>
      args.length === 6 || args.length === 7 ? rebuildTensor(args) : undefined,
  ),
  new PickleGlobal(
    "torch._utils _rebuild_parameter",
    ([tensor, ...rest]) =>
      tensor instanceof TorchTensor && rest.length === 2 ? tensor : undefined,
  ),
].map((global) => [global.name, global]));

function rebuildTensor(
  [storage, offset, size, stride]: readonly unknown[],
): TorchTensor | undefined {
  const sizes = size instanceof PickleTuple && size.items;
  const strides = stride instanceof PickleTuple && stride.items;
  return storage instanceof TorchStorage && isSize(offset) && sizes &&
      strides && sizes.length === strides.length && sizes.every(isSize) &&
      strides.every(isSize)
    ? new TorchTensor(storage, offset, sizes, strides)
    : undefined;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}

/** The rules of one file's pickle, and the storages that it mentions. */
export interface TorchRules extends PickleRules {
  /** The storages by key, filled while the pickle is read. */
  storages: Map<string, TorchStorage>;
}

/**
 * What the pickle of a state dict may mention.
 *
 * @param idLength Items of a storage's persistent id: 5 in a zip archive, 6 in
 *     the old container, whose last must be None.
 */
export function torchRules(idLength: 5 | 6): TorchRules {
  const storages = new Map<string, TorchStorage>();
  return {
    storages,
    hint: SAVE_STATE_DICT,
    refuse: (name) =>
      MODULE.test(name)
        ? `it holds a whole model, pickled as "${name}", expected a state dict`
        : undefined,
    global: (name) =>
      FUNCTIONS.get(name) ?? storageClass(name) ?? besideClass(name),
    persistent(id) {
      if (!(id instanceof PickleTuple) || id.items.length !== idLength) return;
      const [what, kind, key, device, count, view = null] = id.items;
      const type = kind instanceof PickleGlobal && storageType(kind.name);
      if (
        what !== "storage" || !type || typeof key !== "string" ||
        typeof device !== "string" || !isSize(count) || view !== null
      ) return;
      const storage = storages.get(key) ?? new TorchStorage(key, type, count);
      if (storage.type !== type || storage.count !== count) return;
      storages.set(key, storage);
      return storage;
    },
  };
}

function storageType(name: string): ElementType | undefined {
  const [module, type] = name.split(" ");
  return module === "torch" || module === "torch.cuda"
    ? STORAGE_CLASSES.get(type)
    : undefined;
}

function storageClass(name: string): PickleGlobal | undefined {
  return storageType(name) && new PickleGlobal(name);
}

function besideClass(name: string): PickleGlobal | undefined {
  return isBeside(name)
    ? new PickleGlobal(name, () => new PickleOpaque(name))
    : undefined;
}

/** Classes of models; a pickle of one needs their code to be read. */
const MODULE = /^(?:torch\.nn\.modules\.|transformers\.\S*modeling_|__main__ )/;

/** Where a training script keeps the state dict in its checkpoint. */
const NESTS = [
  "state_dict",
  "model_state_dict",
  "model",
  "module",
  "net",
  "model_state",
];

/**
 * The tensors of a state dict, or of the one inside a checkpoint.
 *
 * @param object The object that the pickle described.
 * @param file The file's path, for errors.
 * @throws UserError `bad-weights` if it is neither.
 */
export function findStateDict(
  object: unknown,
  file: string,
): Map<string, TorchTensor> {
  if (object instanceof Map) {
    const nest = NESTS.find((key) => object.get(key) instanceof Map);
    const dictionary: Map<unknown, unknown> = nest ? object.get(nest) : object;
    const tensors = new Map<string, TorchTensor>();
    for (const [name, tensor] of dictionary) {
      if (typeof name === "string" && tensor instanceof TorchTensor) {
        tensors.set(name, tensor);
      }
    }
    if (dictionary.has("param_groups")) {
      throw badWeights(
        file,
        "it holds the state of an optimizer, not a model",
        "name the file of the model's weights (--weights)",
      );
    }
    if (tensors.size === dictionary.size) return tensors;
    const stray = dictionary.keys().find((name) =>
      !tensors.has(name as string)
    );
    throw badWeights(
      file,
      `it holds "${stray}" beside its ${tensors.size} tensors, expected a state dict`,
      SAVE_STATE_DICT,
    );
  }
  throw badWeights(
    file,
    "it holds a single object, expected a state dict",
    SAVE_STATE_DICT,
  );
}
