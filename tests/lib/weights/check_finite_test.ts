import { assert, assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import { checkFinite } from "../../../lib/weights/check_finite.ts";
import type { FloatArray } from "../../../lib/weights/formats/arrays.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import { Copy, HF, refusal } from "../../support/weights/model_copy.ts";

/** The error for arrays of these numbers, which are called `a`, `b` and so on. */
function errorFor(numbers: number[][], trainedHere = false): UserError {
  const arrays = new Map(
    numbers.map((data, i): [string, FloatArray] => [
      "abcdefghijklmnop"[i],
      { shape: [data.length], data: Float32Array.from(data) },
    ]),
  );
  const fileNames = new Map([["a", "its.a"]]);
  return assertThrows(
    () => checkFinite(arrays, { file: "m.bin", fileNames, trainedHere }),
    UserError,
  );
}

Deno.test("a NaN among weights is told with its file, its array and its count", () => {
  assertEquals(
    errorFor([[1, NaN, 2, Infinity], [0, 3e38]]).message,
    'Cannot load weights "m.bin": array "its.a" (NaN, 2 of 4 numbers) is not finite',
  );
});

Deno.test("infinities of both signs among weights don't cancel out", () => {
  assertEquals(
    errorFor([[Infinity, -Infinity, 0]]).message.split(": ")[1],
    'array "its.a" (infinity, 2 of 3 numbers) is not finite',
  );
});

Deno.test("arrays that are not finite are counted, and some of them named", () => {
  const { message } = errorFor(Array.from({ length: 12 }, () => [NaN]));
  assert(message.includes("12 arrays are not finite: "), message);
  assert(message.endsWith("and 4 more"), message);
});

Deno.test("only weights that were trained here are mended by a learning rate", () => {
  const hints = [true, false].map((here) => errorFor([[NaN]], here).hint);
  assertEquals(hints.map((hint) => hint!.includes("--lr")), [true, false]);
});

Deno.test("a model with a NaN is refused as it is opened", async () => {
  await using copy = await Copy.hf();
  await copy.editArrays(
    `${HF}/model.safetensors`,
    "model.safetensors",
    (all) => {
      all.get("classifier.weight")!.data[3] = NaN;
    },
  );
  const found = await refusal(copy.path);
  assert(found.includes('array "classifier.weight" (NaN, 1 of '), found);
  // What is left out may be what it will.
  const { hasHead } = await openModelDir(copy.path, { newHead: true });
  assertEquals(hasHead, false);
});
