/**
 * Cuts tensors from the storages of a PyTorch file.
 *
 * @module
 */
import { elementCount, type FloatArray, type NamedArrays } from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";
import type { TorchStorage, TorchTensor } from "./torch_state.ts";

/**
 * Cuts tensors from their storages.
 *
 * @param tensors The tensors by name.
 * @param file The file's path, for errors.
 * @param elementsOf Gives as many floats as a storage says; asked once for each.
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
  const arrays: NamedArrays = new Map();
  for (const [name, tensor] of tensors) {
    const { storage } = tensor;
    const elements = storages.get(storage) ?? elementsOf(storage);
    storages.set(storage, elements);
    arrays.set(name, cut(tensor, elements));
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

function cut(tensor: TorchTensor, elements: Float32Array): FloatArray {
  const { offset, size, stride } = tensor;
  const count = elementCount(size);
  if (count === 0 || isContiguous(tensor)) {
    return { shape: size, data: elements.subarray(offset, offset + count) };
  }
  // As bits, since a NaN need not survive a float register.
  const bits = new Uint32Array(
    elements.buffer,
    elements.byteOffset,
    elements.length,
  );
  const data = new Uint32Array(count);
  const index = size.map(() => 0);
  let from = offset;
  for (let to = 0; to < count; to++) {
    data[to] = bits[from];
    for (let axis = size.length - 1; axis >= 0; axis--) {
      from += stride[axis];
      if (++index[axis] < size[axis]) break;
      from -= stride[axis] * size[axis];
      index[axis] = 0;
    }
  }
  return { shape: size, data: new Float32Array(data.buffer) };
}

/** Whether the elements follow each other; axes of extent 1 do not matter. */
function isContiguous({ size, stride }: TorchTensor): boolean {
  let expected = 1;
  for (let axis = size.length - 1; axis >= 0; axis--) {
    if (size[axis] !== 1 && stride[axis] !== expected) return false;
    expected *= size[axis];
  }
  return true;
}
