import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { renameToNeutral } from "../../../../lib/weights/families/rename_arrays.ts";
import { elementCount } from "../../../../lib/weights/formats/arrays.ts";
import {
  readWeightFile,
  readWeights,
} from "../../../../lib/weights/formats/weight_file.ts";

/** Files that PyTorch, MXNet and NumPy wrote (`make_odd_weights.py`). */
const odd = "fixtures/golden/odd";

for (
  const [name, what] of [
    ["torch/types.pt", "tensors of every type of PyTorch"],
    ["torch/types_legacy.pt", "tensors of every type of PyTorch before 1.6"],
    ["torch/views.pt", "PyTorch's views of one storage"],
    ["torch/views_legacy.pt", "views of one storage of PyTorch before 1.6"],
    ["torch/checkpoint.pt", "the state dict in PyTorch's checkpoint"],
    ["torch/data_parallel.pt", "a state dict of PyTorch's DataParallel"],
    ["torch/parameters.pt", "a state dict of PyTorch's parameters"],
    ["torch/types.safetensors", "tensors of every type of safetensors"],
    ["mxnet/types.params", "arrays of MXNet's types"],
    ["mxnet/types_np.params", "arrays of MXNet's types with NumPy's shapes"],
    ["mxnet/prefixes.params", "arrays of MXNet's modules"],
    ["mxnet/exported-0000.params", "an exported block of MXNet"],
    ["numpy/arrays.npz", "an archive of NumPy"],
    ["numpy/arrays_compressed.npz", "a compressed archive of NumPy"],
  ]
) {
  Deno.test(`${what} are read as their program reads them`, async () => {
    const arrays = await readWeightFile(`${odd}/${name}`);
    const facts = JSON.parse(await Deno.readTextFile(`${odd}/${name}.json`));
    assertEquals(
      Object.fromEntries(
        [...arrays].map(([name, { shape, data }]) => [
          name,
          { shape, values: [...data] },
        ]),
      ),
      facts,
    );
  });

  Deno.test(`${what} have as many elements as their shapes say`, async () => {
    for (
      const { shape, data } of (await readWeightFile(`${odd}/${name}`)).values()
    ) {
      assertEquals(data.length, elementCount(shape));
    }
  });
}

for (
  const [name, message, hint] of [
    ["torch/module.pt", "torch.nn.modules", "state_dict()"],
    ["torch/module_legacy.pt", "torch.nn.modules", "state_dict()"],
    ["torch/torchscript.pt", "TorchScript", "state_dict()"],
    ["torch/tensor.pt", "a single object", "state_dict()"],
    ["torch/complex.pt", "torch ComplexFloatStorage", "state_dict()"],
    ["torch/sparse.pt", "torch._utils _rebuild_sparse_tensor", "state_dict()"],
    ["mxnet/row_sparse.params", 'array "rows" is row-sparse', ""],
    ["mxnet/csr.params", 'array "cells" is CSR-sparse', ""],
    ["mxnet/list.params", "arrays have no names", "save_parameters"],
    ["mxnet/scalar.params", 'array "w" is a scalar', ""],
    ["numpy/objects.npz", "not of an array of numbers", ""],
  ]
) {
  Deno.test(`"${name}" is refused with the reason`, async () => {
    const error = await assertRejects(
      () => readWeightFile(`${odd}/${name}`),
      UserError,
      message,
    );
    assertEquals(error.hint.includes(hint), true, error.hint);
  });
}

Deno.test("a file of MXNet's collect_params().save() is refused with what to do", async () => {
  const name = `${odd}/mxnet/numbered.params`;
  const arrays = await readWeightFile(name);
  await assertRejects(
    () => Promise.resolve().then(() => renameToNeutral(arrays, name)),
    UserError,
    "numbered",
  );
});

for (
  const [what, start, message] of [
    ["nothing", "", "it is empty"],
    ["a web page", "<!DOCTYPE html><title>Forbidden", "a web page"],
    ["a pointer", "version https://git-lfs.github.com/spec/v1", "git lfs pull"],
    ["an HDF5 file", "\x89HDF\r\n\x1a\n", "HDF5"],
    ["gzip", "\x1f\x8b\x08", "gunzip"],
    ["a server's word", "Entry not found", 'it is the text "Entry not found"'],
    ["a server's JSON", '{"error":"gone"}', "it is JSON text"],
    ["a GGUF file", "GGUF\x03\0\0\0", "a GGUF file of llama.cpp"],
    ["a model of fastText", "\xba\x16\x4f\x2f\x0c", "a model of fastText"],
    ["a pickle", "\x80\x04\x95\x02", "a pickle of Python's"],
    ["xz", "\xfd7zXZ\0", "it is compressed"],
    ["bytes", "\x01\x02", "not a file of MXNet, PyTorch, NumPy or safetensors"],
  ]
) {
  Deno.test(`${what} in place of weights is told by its first bytes`, async () => {
    const bytes = Uint8Array.from(start, (char) => char.charCodeAt(0));
    await assertRejects(() => readWeights(bytes, "x"), UserError, message);
  });
}
