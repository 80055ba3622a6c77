import { assertEquals, assertThrows } from "@std/assert";
import { readMxnet } from "../../../../lib/weights/formats/mxnet.ts";
import { writeMxnet } from "../../../../lib/weights/formats/mxnet_writer.ts";

for (const name of ["classifier", "classifier_after10", "pretrained"]) {
  Deno.test(`the arrays of MXNet's ${name}.params are written as MXNet wrote them`, async () => {
    const bytes = await Deno.readFile(`fixtures/golden/mxnet/${name}.params`);
    const written = await new Blob(writeMxnet(readMxnet(bytes, name))).bytes();
    assertEquals(written, bytes);
  });
}

Deno.test("arrays and names of any kind are read from an MXNet file as written", async () => {
  const arrays = new Map([
    ["é.weight", { shape: [2, 0, 3], data: new Float32Array(0) }],
    ["", { shape: [1, 2], data: Float32Array.of(NaN, -0) }],
  ]);
  const bytes = await new Blob(writeMxnet(arrays)).bytes();
  assertEquals(readMxnet(bytes, "odd"), arrays);
});

Deno.test("an array whose shape has other elements is not written for MXNet", () => {
  const arrays = new Map([["a", { shape: [3], data: new Float32Array(2) }]]);
  assertThrows(() => writeMxnet(arrays), RangeError, '"a" has 2 elements');
});
