import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { readNpy } from "../../../../lib/weights/formats/npy.ts";
import { readWeights } from "../../../../lib/weights/formats/weight_file.ts";
import {
  strayErrors,
  unrefusedPrefixes,
} from "../../../support/weights/damage.ts";
import {
  f32,
  type Field,
  lay,
  u16,
  u32,
} from "../../../support/weights/little_endian.ts";
import { zip } from "../../../support/weights/pickle_writer.ts";

function npy(
  dictionary: string,
  data: Field,
  version = 1,
): Uint8Array<ArrayBuffer> {
  const header = lay(dictionary.padEnd(117) + "\n");
  const length = version === 1 ? u16(header.length) : u32(header.length);
  return lay([0x93], "NUMPY", [version, 0], length, header, data);
}

const SIX = f32(1, 2, 3, 4, 5, 6);
const MATRIX = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

for (const version of [1, 2, 3]) {
  Deno.test(`an .npy array of version ${version} is read`, () => {
    assertEquals(
      readNpy(npy(MATRIX, f32(1, 2, 3, 4, 5, 6), version), "x.npy"),
      { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) },
    );
  });
}

Deno.test("a vector of big-endian numbers is read", () => {
  const header = "{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }";
  assertEquals(readNpy(npy(header, [0, 1, 1, 0]), "x.npy"), {
    shape: [2],
    data: new Float32Array([1, 256]),
  });
});

Deno.test("an array whose columns come first is turned", () => {
  const header = MATRIX.replace("False", "True");
  assertEquals(readNpy(npy(header, f32(1, 4, 2, 5, 3, 6)), "x.npy"), {
    shape: [2, 3],
    data: new Float32Array([1, 2, 3, 4, 5, 6]),
  });
});

Deno.test("a lone array is refused with what is expected", async () => {
  await assertRejects(
    () => readWeights(npy(MATRIX, SIX), "x.npy"),
    UserError,
    "one array without a name",
  );
});

Deno.test("an archive of MXNet 2 is read by name", async () => {
  const array = npy(MATRIX, f32(1, 2, 3, 4, 5, 6));
  const arrays = await readWeights(
    await zip({ "hidden.weight.npy": array, "hidden.bias.npy": array }),
    "x.params",
  );
  assertEquals([...arrays.keys()], ["hidden.weight", "hidden.bias"]);
});

Deno.test("a sparse array of MXNet 2 is refused by name", async () => {
  const file = await zip({ "w/data.npy": npy(MATRIX, new Uint8Array(24)) });
  await assertRejects(
    () => readWeights(file, "x.params"),
    UserError,
    'member "w/data.npy" is not a dense array',
  );
});

const hostile: [string, string, string][] = [
  ["objects", MATRIX.replace("<f4", "|O8"), "not of an array of numbers"],
  ["a header of 10 kB", MATRIX.padEnd(10_001), "header has 10002 bytes"],
  ["another size", MATRIX.replace("2, 3", "2, 4"), "needs 32 bytes, found 24"],
  ["an endless size", MATRIX.replace("2, 3", "9".repeat(400)), "bytes"],
  ["code in its header", MATRIX.replace("False", "f()"), "not of an array"],
];
for (const [what, header, message] of hostile) {
  Deno.test(`an .npy array with ${what} is refused`, () => {
    assertThrows(
      () => readNpy(npy(header, new Uint8Array(24)), "x.npy"),
      UserError,
      message,
    );
  });
}

Deno.test("every prefix of an .npy array is refused", async () => {
  const read = (bytes: Uint8Array<ArrayBuffer>) => readNpy(bytes, "x.npy");
  assertEquals(await unrefusedPrefixes(npy(MATRIX, SIX), read), []);
});

Deno.test("an .npy array with changed bytes is read or refused, no more", async () => {
  const read = (bytes: Uint8Array<ArrayBuffer>) => readNpy(bytes, "x.npy");
  assertEquals(await strayErrors(npy(MATRIX, SIX), read, 3000), []);
});
