import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  readSafetensors,
  writeSafetensors,
} from "../../../../lib/weights/formats/safetensors.ts";
import {
  strayErrors,
  unrefusedPrefixes,
} from "../../../support/weights/damage.ts";
import { f32, lay, u64 } from "../../../support/weights/little_endian.ts";

const golden = new URL(
  "../../../../fixtures/golden/hf/model.safetensors",
  import.meta.url,
);

function file(header: unknown, data: Uint8Array = new Uint8Array()) {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  return lay(u64(lay(text).length), text, data);
}

async function written(
  ...args: Parameters<typeof writeSafetensors>
): Promise<Uint8Array<ArrayBuffer>> {
  return await new Blob(writeSafetensors(...args)).bytes();
}

const SMALL = file(
  {
    __metadata__: { format: "pt" },
    b: { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] },
    a: { dtype: "F32", shape: [], data_offsets: [16, 20] },
  },
  f32(1, 2, 3, 4, 5),
);

Deno.test("a file of Hugging Face is written again byte for byte", async () => {
  const bytes = await Deno.readFile(golden);
  const { arrays, metadata } = readSafetensors(bytes, "model.safetensors");
  const shuffled = new Map([...arrays].reverse());
  assertEquals(await written(shuffled, metadata), bytes);
});

Deno.test("names are ordered by code point, as the reference orders them", async () => {
  const one = { shape: [1], data: new Float32Array([1]) };
  const names = ["b", "\u{1f600}", "ab", "\uff5e", "a", "10", "2"];
  const bytes = await written(new Map(names.map((name) => [name, one])));
  assertEquals(
    [...readSafetensors(bytes, "x").arrays.keys()],
    ["10", "2", "a", "ab", "b", "\uff5e", "\u{1f600}"],
  );
});

Deno.test("every bit of a float survives writing and reading", async () => {
  const bits = new Uint32Array([0x7fa00001, 0x80000000, 1, 0xffffffff]);
  const data = new Float32Array(bits.buffer);
  const bytes = await written(new Map([["x", { shape: [4], data }]]));
  const read = readSafetensors(bytes, "x").arrays.get("x")!.data;
  assertEquals(new Uint32Array(read.slice().buffer), bits);
});

Deno.test("__proto__ and constructor are names like any other", async () => {
  const array = { shape: [1], data: new Float32Array([1]) };
  const arrays = new Map([["__proto__", array], ["constructor", array]]);
  assertEquals(readSafetensors(await written(arrays), "x").arrays, arrays);
});

Deno.test("an array whose shape and elements disagree is not written", () => {
  const array = { shape: [2], data: new Float32Array(3) };
  assertThrows(
    () => writeSafetensors(new Map([["x", array]])),
    RangeError,
    "3 elements",
  );
});

Deno.test("scalars and arrays without elements are read", () => {
  const bytes = file({
    empty: { dtype: "F32", shape: [0, 3], data_offsets: [0, 0] },
    scalar: { dtype: "F32", shape: [], data_offsets: [0, 4] },
  }, f32(7));
  assertEquals(
    readSafetensors(bytes, "x").arrays,
    new Map([
      ["empty", { shape: [0, 3], data: new Float32Array() }],
      ["scalar", { shape: [], data: new Float32Array([7]) }],
    ]),
  );
});

const ELEMENTS: [string, number[]][] = [
  ["F64", [...new Uint8Array(new Float64Array([3]).buffer)]],
  ["F16", [0x00, 0x42]],
  ["BF16", [0x40, 0x40]],
  ["I64", [3, 0, 0, 0, 0, 0, 0, 0]],
  ["U64", [3, 0, 0, 0, 0, 0, 0, 0]],
  ["I32", [3, 0, 0, 0]],
  ["U32", [3, 0, 0, 0]],
  ["I16", [3, 0]],
  ["U16", [3, 0]],
  ["I8", [3]],
  ["U8", [3]],
  ["BOOL", [3]],
];
for (const [dtype, bytes] of ELEMENTS) {
  Deno.test(`elements of type ${dtype} become floats`, () => {
    const entry = { dtype, shape: [1], data_offsets: [0, bytes.length] };
    const { arrays } = readSafetensors(file({ x: entry }, lay(bytes)), "x");
    assertEquals(arrays.get("x")?.data, new Float32Array([3]));
  });
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4]) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});
const X = JSON.stringify(entry(0, 4));
const hostile: [string, Uint8Array<ArrayBuffer>, string][] = [
  ["a header past the end", lay(u64(100), "{}"), "expected 100 bytes"],
  ["a header past the cap", lay(u64(100_000_001), "{}"), "at most 100000000"],
  ["a header that is no object", file("[]"), 'does not begin with "{"'],
  ["a blank before the header", file(" {}"), 'does not begin with "{"'],
  ["broken JSON", file('{"a":'), "is not JSON"],
  ["a name twice", file(`{"x":${X},"x":${X}}`, f32(1)), 'has "x" twice'],
  [
    "a name twice, once escaped and spaced",
    file(`{"x":${X},"\\u0078"            :${X}}`, f32(1)),
    'has "x" twice',
  ],
  ["a name with quotes twice", file('{"\\\\\\"":1,"\\\\\\"":1}'), "twice"],
  [
    "a field twice",
    file('{"x":{"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]}}'),
    'has "dtype" twice',
  ],
  [
    "a fractional extent",
    file('{"x":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}', f32(1)),
    "the number 1.0",
  ],
  ["a negative extent", file({ x: entry(0, 4, [-1]) }, f32(1)), "number -1"],
  [
    "an extent past 2^53",
    file(
      '{"x":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}}',
    ),
    "no valid shape",
  ],
  [
    "remarks that are no strings",
    file({ __metadata__: { a: 1 } }),
    "__metadata__",
  ],
  ["remarks in a list", file({ __metadata__: ["a"] }), "__metadata__"],
  [
    "an 8-bit float",
    file({ x: { dtype: "F8_E4M3", shape: [1], data_offsets: [0, 1] } }),
    'array "x" has the element type "F8_E4M3"',
  ],
  ["an unknown field", file({ x: { ...entry(0, 4), y: 1 } }, f32(1)), '"y"'],
  ["no offsets", file({ x: { dtype: "F32", shape: [1] } }), "data_offsets"],
  [
    "an array that ends before it begins",
    file({ x: entry(4, 0, [1]) }, f32(1)),
    "has -4 bytes",
  ],
  [
    "a shape of another size",
    file({ x: entry(0, 4, [2]) }, f32(1)),
    "expected 8",
  ],
  ["a gap", file({ x: entry(4, 8) }, f32(1, 2)), "expected 0"],
  [
    "an overlap",
    file({ x: entry(0, 8), y: entry(4, 12) }, f32(1, 2, 3)),
    "begins at byte 4",
  ],
  ["trailing data", file({ x: entry(0, 4) }, f32(1, 2)), "has 8 bytes of data"],
  ["an entry that is a list", file({ x: [] }), "not described by an object"],
  ["endless nesting", file("{" + '"a":['.repeat(1e5)), "is not JSON"],
];
for (const [what, bytes, message] of hostile) {
  Deno.test(`a safetensors file with ${what} is refused`, () => {
    const error = assertThrows(
      () => readSafetensors(bytes, "x.safetensors"),
      UserError,
    );
    assertEquals(error.message.includes(message), true, error.message);
  });
}

Deno.test("a name of many megabytes is no more than a name", () => {
  const name = "x".repeat(2 ** 25);
  const bytes = new TextEncoder().encode(`{"${name}":${X}}`);
  const whole = new Uint8Array(8 + bytes.length + 4);
  whole.set(u64(bytes.length));
  whole.set(bytes, 8);
  assertEquals(readSafetensors(whole, "x").arrays.size, 1);
});

Deno.test("every prefix of a safetensors file is refused", async () => {
  const read = (bytes: Uint8Array<ArrayBuffer>) => readSafetensors(bytes, "x");
  assertEquals(await unrefusedPrefixes(SMALL, read), []);
});

Deno.test("a safetensors file with changed bytes is read or refused, no more", async () => {
  const read = (bytes: Uint8Array<ArrayBuffer>) => readSafetensors(bytes, "x");
  assertEquals(await strayErrors(SMALL, read, 5000), []);
});
