import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import { readMxnet } from "../../../../lib/weights/formats/mxnet.ts";
import {
  strayErrors,
  unrefusedPrefixes,
} from "../../../support/weights/damage.ts";
import {
  f32,
  type Field,
  lay,
  u32,
  u64,
} from "../../../support/weights/little_endian.ts";

const golden = new URL("../../../../fixtures/golden/mxnet/", import.meta.url);

const V1 = 0xf993fac8;
const V2 = 0xf993fac9;
const V3 = 0xf993faca;
const CPU = lay(u32(1), u32(0));

function list(records: Field[], names: string[]): Uint8Array<ArrayBuffer> {
  return lay(
    u64(0x112),
    u64(0),
    u64(records.length),
    ...records,
    u64(names.length),
    ...names.flatMap((name) => {
      const text = lay(name);
      return [u64(text.length), text];
    }),
  );
}

function shape(...extents: (number | bigint)[]): Uint8Array {
  return lay(u32(extents.length), ...extents.map(u64));
}

function dense(version: number, data: Field, ...extents: number[]) {
  return lay(u32(version), u32(0), shape(...extents), CPU, u32(0), data);
}

/** The worked example of the format's notes, byte by byte. */
const WORKED = Uint8Array.from(
  ("1201000000000000 0000000000000000 0200000000000000" +
    "cafa93f9 00000000 01000000 0400000000000000 01000000 00000000 00000000" +
    "00000000 0000803f 00000040 00004040" +
    "cafa93f9 00000000 01000000 0400000000000000 01000000 00000000 00000000" +
    "00000000 00000000 00000000 00000000" +
    "0200000000000000 0100000000000000 78 0100000000000000 79")
    .replaceAll(" ", "").match(/../g)!.map((hex) => parseInt(hex, 16)),
);

Deno.test("a file of MXNet 1.9.1 gives the names and shapes that MXNet saw", async () => {
  const reference = JSON.parse(
    await Deno.readTextFile(new URL("reference.json", golden)),
  );
  const file = new URL("pretrained.params", golden);
  const arrays = readMxnet(await Deno.readFile(file), "pretrained.params");
  assertEquals(
    Object.fromEntries([...arrays].map(([name, { shape }]) => [name, shape])),
    reference.names,
  );
});

Deno.test("a file written by hand in version 3 gives its values", () => {
  assertEquals(
    readMxnet(WORKED, "worked.params"),
    new Map([
      ["x", { shape: [4], data: new Float32Array([0, 1, 2, 3]) }],
      ["y", { shape: [4], data: new Float32Array(4) }],
    ]),
  );
});

const values = f32(1, 2, 3, 4, 5, 6);
const layouts: [string, Uint8Array][] = [
  ["no version", lay(u32(2), u32(2), u32(3), CPU, u32(0), values)],
  ["version 1", lay(u32(V1), shape(2, 3), CPU, u32(0), values)],
  ["version 2", dense(V2, values, 2, 3)],
  ["version 3", dense(V3, values, 2, 3)],
];
for (const [version, record] of layouts) {
  Deno.test(`a record of ${version} is read`, () => {
    assertEquals(
      readMxnet(list([record], ["arg:a"]), "a.params").get("arg:a"),
      { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) },
    );
  });
}

const ELEMENTS: [number, Uint8Array, number][] = [
  [0, f32(-2.5), -2.5],
  [1, lay(new Uint8Array(new Float64Array([-2.5]).buffer)), -2.5],
  [2, lay([0x00, 0xc1]), -2.5],
  [3, lay([200]), 200],
  [4, u32(-7), -7],
  [5, lay([0xf9]), -7],
  [6, u64(-7), -7],
  [7, lay([1]), 1],
  [8, lay([0xf9, 0xff]), -7],
  [9, lay([0xf9, 0xff]), 65529],
  [10, u32(4294967040), 4294967040],
  [11, u64(2n ** 40n), 2 ** 40],
  [12, lay([0x20, 0xc0]), -2.5],
];
for (const [flag, bytes, value] of ELEMENTS) {
  Deno.test(`elements of MXNet's type ${flag} become floats`, () => {
    const record = lay(u32(V2), u32(0), shape(1), CPU, u32(flag), bytes);
    assertEquals(
      readMxnet(list([record, dense(V2, f32(9), 1)], ["a", "b"]), "a.params"),
      new Map([
        ["a", { shape: [1], data: new Float32Array([value]) }],
        ["b", { shape: [1], data: new Float32Array([9]) }],
      ]),
    );
  });
}

const good = dense(V3, f32(9), 1);
const rowSparse = lay(
  ...[u32(V2), u32(1), shape(1, 2), shape(4, 2), CPU, u32(0)],
  ...[u32(6), shape(1), f32(1, 2), u64(3)],
);
const csr = lay(
  ...[u32(V2), u32(2), shape(1), shape(2, 2), CPU, u32(0)],
  ...[u32(6), shape(3), u32(6), shape(1), f32(1)],
  ...[u64(0), u64(1), u64(1), u64(0)],
);
const unusable: [string, Uint8Array, string][] = [
  ["row-sparse", rowSparse, 'array "a" is row-sparse'],
  ["CSR-sparse", csr, 'array "a" is CSR-sparse'],
  ["scalar", dense(V3, f32(1)), 'array "a" is a scalar'],
  [
    "shapeless in version 2",
    lay(u32(V2), u32(0), u32(0)),
    'array "a" is empty',
  ],
  ["of rank -1", lay(u32(V3), u32(0), u32(-1)), 'array "a" is empty'],
  ["of extent -1", lay(u32(V3), u32(0), shape(-1)), 'array "a" is empty'],
];
for (const [kind, record, message] of unusable) {
  Deno.test(`an array that is ${kind} is refused by name`, () => {
    assertThrows(
      () => readMxnet(list([record, good], ["a", "b"]), "a.params"),
      UserError,
      message,
    );
  });
}

const big = 2n ** 53n - 1n;
const hostile: [string, Uint8Array<ArrayBuffer>, string][] = [
  ["another magic number", lay(u64(0x113), u64(0), u64(0), u64(0)), "0x113"],
  [
    "more arrays than bytes",
    lay(u64(0x112), u64(0), u64(1e15), u64(0)),
    "claims 1000000000000000 arrays",
  ],
  [
    "a count past 2^53",
    lay(u64(0x112), u64(0), u64(-1), u64(0)),
    "18446744073709551615",
  ],
  ["no names", list([good], []), "have no names"],
  ["fewer names than arrays", list([good, good], ["a"]), "1 names for 2"],
  ["a name twice", list([good, good], ["a", "a"]), 'array "a" occurs twice'],
  ["trailing bytes", lay(list([good], ["a"]), [0]), "1 bytes follow"],
  [
    "a name that is not UTF-8",
    lay(u64(0x112), u64(0), u64(1), good, u64(1), u64(1), [0xff]),
    "not valid UTF-8",
  ],
  [
    "an endless name",
    lay(u64(0x112), u64(0), u64(1), good, u64(1), u64(70_000)),
    "70000 bytes",
  ],
  ["an unknown version", list([u32(0xf993facb)], ["a"]), "0xf993facb"],
  ["a rank of 33", list([lay(u32(V3), u32(0), u32(33))], ["a"]), "rank 33"],
  [
    "an unknown type",
    list([lay(u32(V3), u32(0), shape(1), CPU, u32(13))], ["a"]),
    "element type 13",
  ],
  [
    "an unknown storage",
    list([lay(u32(V2), u32(3), shape(1))], ["a"]),
    "unknown storage",
  ],
  [
    "a negative extent",
    list([lay(u32(V2), u32(0), shape(-3), CPU, u32(0))], ["a"]),
    "shape [-3]",
  ],
  [
    "a size past all memory",
    list([lay(u32(V3), u32(0), shape(big, big), CPU, u32(0))], ["a"]),
    "bytes remain",
  ],
  [
    "an infinite size times 0",
    list([
      lay(u32(V3), u32(0), shape(...Array(31).fill(big), 0), CPU, u32(0)),
    ], ["a"]),
    "bytes remain",
  ],
];
for (const [what, file, message] of hostile) {
  Deno.test(`an MXNet file with ${what} is refused`, () => {
    const error = assertThrows(() => readMxnet(file, "a.params"), UserError);
    assertEquals(error.code, "bad-weights");
    assertEquals(error.message.includes(message), true, error.message);
  });
}

Deno.test("every prefix of an MXNet file is refused", async () => {
  const read = (bytes: Uint8Array<ArrayBuffer>) => readMxnet(bytes, "a.params");
  assertEquals(await unrefusedPrefixes(WORKED, read), []);
});

Deno.test("an MXNet file with changed bytes is read or refused, no more", async () => {
  const read = (bytes: Uint8Array<ArrayBuffer>) => readMxnet(bytes, "a.params");
  const file = list([rowSparse, csr, good, layouts[0][1]], [
    "a",
    "b",
    "c",
    "d",
  ]);
  assertEquals(await strayErrors(file, read, 5000), []);
});
