import { assertEquals, assertThrows } from "@std/assert";
import { Uint8ArrayReader, ZipReader } from "@zip.js/zip.js";
import type { NamedArrays } from "../../../../../lib/weights/formats/arrays.ts";
import { writeTorch } from "../../../../../lib/weights/formats/torch/torch_writer.ts";
import { readWeightFile } from "../../../../../lib/weights/formats/weight_file.ts";
import { withFolder } from "../../../../support/with_folder.ts";

/** Writes arrays, and reads them again. */
function throughFile(arrays: NamedArrays): Promise<NamedArrays> {
  return withFolder(async (folder) => {
    const file = `${folder}/weights.params`;
    await Deno.writeFile(file, new Blob(writeTorch(arrays)).stream());
    return new Map(await readWeightFile(file));
  });
}

function bitsOf(arrays: NamedArrays) {
  return [...arrays].map(([name, { shape, data }]) => ({
    name,
    shape: [...shape],
    bits: new Uint32Array(new Float32Array(data).buffer),
  }));
}

Deno.test("the arrays of PyTorch's classifier.params come back from a file of ours bit by bit", async () => {
  const file = "fixtures/golden/torch/classifier.params";
  const arrays = await readWeightFile(file);
  assertEquals(bitsOf(await throughFile(arrays)), bitsOf(arrays));
});

Deno.test("tensors without dimensions, without elements and with odd names are written for PyTorch", async () => {
  const arrays: NamedArrays = new Map([
    ["é ☃.weight", { shape: [], data: Float32Array.of(7) }],
    ["empty", { shape: [2, 0, 3], data: new Float32Array(0) }],
    ["long", { shape: [300, 1], data: new Float32Array(300).fill(-0) }],
  ]);
  assertEquals(bitsOf(await throughFile(arrays)), bitsOf(arrays));
});

Deno.test("a zip reader that checks sums takes a file written for PyTorch, and its tensors begin at multiples of 64 bytes", async () => {
  const arrays = await readWeightFile(
    "fixtures/golden/torch/classifier.params",
  );
  const bytes = await new Blob(writeTorch(arrays)).bytes();
  const reader = new ZipReader(new Uint8ArrayReader(bytes), {
    checkSignature: true,
    useWebWorkers: false,
  });
  const entries = await reader.getEntries();
  const words = new DataView(bytes.buffer);
  const starts = entries.map(({ offset }) =>
    offset + 30 + words.getUint16(offset + 26, true) +
    words.getUint16(offset + 28, true)
  );
  assertEquals(starts.filter((start) => start % 64 !== 0), []);
  for (const entry of entries) {
    if (!entry.directory) await entry.arrayBuffer();
  }
  assertEquals(entries.length, arrays.size + 3);
  await reader.close();
});

Deno.test("an array whose shape has other elements is not written for PyTorch", () => {
  const arrays = new Map([["a", { shape: [3], data: new Float32Array(2) }]]);
  assertThrows(() => writeTorch(arrays), RangeError, '"a" has 2 elements');
});
