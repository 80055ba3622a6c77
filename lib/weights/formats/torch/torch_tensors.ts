/**
 * Cuts tensors from the storages of a PyTorch file.
 *
 * @module
 */
import { deferredArray, elementCount, type NamedArrays } from "../arrays.ts";
import { badWeights } from "../bad_weights.ts";
import { gather } from "../strided.ts";
import type { TorchStorage, TorchTensor } from "./torch_state.ts";

/**
 * Cuts tensors from their storages.
 *
 * @param tensors The tensors by name.
 * @param file The file's path, for errors.
 * @param elementsOf Gives as many floats as a storage says; asked at most once
 *     for each, when the first of its tensors is.
 * @return The tensors, contiguous. Where that needs no copy they view their
 *     storage, so that tied weights share memory: read only.
 * @throws UserError `bad-weights` with every tensor that leaves its storage.
 */
export function cutTensors(
  tensors: ReadonlyMap<string, TorchTensor>,
  file: string,
  elementsOf: (storage: TorchStorage) => Float32Array,
): NamedArrays {
  const problems = [...tensors].filter(([, tensor]) => !fits(tensor))
    .map(([name, { size, stride, offset, storage }]) =>
      `array "${name}" of shape [${size.join(", ")}], strides [${
        stride.join(", ")
      }] and offset ${offset} leaves its storage of ${storage.count} elements`
    );
  if (problems.length > 0) throw badWeights(file, problems);
  const storages = new Map<TorchStorage, Float32Array>();
  const shared = (storage: TorchStorage) => {
    const elements = storages.get(storage) ?? elementsOf(storage);
    storages.set(storage, elements);
    return elements;
  };
  const arrays: NamedArrays = new Map();
  for (const [name, { storage, size, stride, offset }] of tensors) {
    const layout = { shape: size, strides: stride, offset };
    const cut = () => gather(shared(storage), layout);
    arrays.set(name, deferredArray(size, cut));
  }
  return arrays;
}

/** Whether all elements lie in the storage, and are not more than it has. */
function fits({ size, stride, offset, storage }: TorchTensor): boolean {
  if (size.includes(0)) return true;
  const last = size.reduce(
    (at, extent, i) => at + (extent - 1) * stride[i],
    offset,
  );
  return last < storage.count && elementCount(size) <= storage.count;
}
