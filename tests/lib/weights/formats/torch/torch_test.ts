import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../../lib/base/errors.ts";
import type { NamedArrays } from "../../../../../lib/weights/formats/arrays.ts";
import { readWeights } from "../../../../../lib/weights/formats/weight_file.ts";
import {
  strayErrors,
  unrefusedPrefixes,
} from "../../../../support/weights/damage.ts";
import {
  f32,
  type Field,
  lay,
  u64,
} from "../../../../support/weights/little_endian.ts";
import {
  call,
  dict,
  EMPTY_DICT,
  FALSE,
  global,
  int,
  NONE,
  pickle,
  tensor,
  text,
  TRUE,
  tuple,
  zip,
} from "../../../../support/weights/pickle_writer.ts";

const golden = new URL(
  "../../../../../fixtures/golden/torch/",
  import.meta.url,
);

function readGolden(name: string): Promise<NamedArrays> {
  return Deno.readFile(new URL(name, golden)).then(read);
}

function read(bytes: Uint8Array<ArrayBuffer>): Promise<NamedArrays> {
  return readWeights(bytes, "x.pt");
}

async function archive(
  object: Field,
  storages: Record<string, Uint8Array>,
  others: Record<string, Uint8Array> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const members: Record<string, Uint8Array> = { "m/data.pkl": pickle(object) };
  for (const [key, bytes] of Object.entries(storages)) {
    members[`m/data/${key}`] = bytes;
  }
  return await zip({ ...members, ...others });
}

function legacy(
  object: Field,
  storages: Record<string, Field>,
  littleEndian = TRUE,
): Uint8Array<ArrayBuffer> {
  const magic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
  return lay(
    pickle([0x8a, 10], magic),
    pickle(int(1001)),
    pickle(dict({ little_endian: littleEndian })),
    pickle(object),
    pickle("]", "(", ...Object.keys(storages).map(text), "e"),
    ...Object.values(storages),
  );
}

const SIX = f32(1, 2, 3, 4, 5, 6);
const MATRIX = { count: 6, size: [2, 3], stride: [3, 1] };

Deno.test("a zip of PyTorch gives the names and shapes that PyTorch saw", async () => {
  const { names } = JSON.parse(
    await Deno.readTextFile(new URL("reference.json", golden)),
  );
  const arrays = await readGolden("pretrained.params");
  assertEquals(
    Object.fromEntries([...arrays].map(([name, { shape }]) => [name, shape])),
    names,
  );
});

Deno.test("zip and old container of PyTorch give the same arrays", async () => {
  assertEquals(
    await readGolden("pretrained_legacy.params"),
    await readGolden("pretrained.params"),
  );
});

Deno.test("training moved PyTorch's arrays", async () => {
  const name = "output.weight";
  assertNotEquals(
    (await readGolden("classifier_after10.params")).get(name),
    (await readGolden("classifier.params")).get(name),
  );
});

const views: [string, Omit<Parameters<typeof tensor>[0], "count">, number[]][] =
  [
    ["a transposed matrix", { size: [3, 2], stride: [1, 3] }, [
      ...[1, 4, 2, 5, 3, 6],
    ]],
    ["a column", { size: [2], stride: [3], offset: 1 }, [2, 5]],
    ["a run inside its storage", { size: [2], stride: [1], offset: 2 }, [3, 4]],
    ["an axis of one with any stride", { size: [1, 3], stride: [99, 1] }, [
      ...[1, 2, 3],
    ]],
    ["a repeated element", { size: [3], stride: [0], offset: 4 }, [5, 5, 5]],
    ["a scalar", { size: [], stride: [], offset: 5 }, [6]],
    ["nothing", { size: [0, 3], stride: [3, 1] }, []],
  ];
for (const [what, view, expected] of views) {
  Deno.test(`${what} is cut from its storage`, async () => {
    const object = dict({ x: tensor({ count: 6, ...view }) });
    assertEquals(
      (await read(await archive(object, { 0: SIX }))).get("x"),
      { shape: view.size, data: new Float32Array(expected) },
    );
  });
}

Deno.test("a gathered NaN keeps its payload", async () => {
  const bits = new Uint32Array([0x7fa00001, 0, 0x7fa00002, 0]);
  const object = dict({ x: tensor({ count: 4, size: [2], stride: [2] }) });
  const storage = new Uint8Array(bits.buffer);
  const { data } = (await read(await archive(object, { 0: storage }))).get(
    "x",
  )!;
  assertEquals(
    new Uint32Array(data.buffer),
    new Uint32Array([0x7fa00001, 0x7fa00002]),
  );
});

Deno.test("two tensors may view one storage", async () => {
  const object = dict({
    x: tensor(MATRIX),
    y: tensor({ count: 6, size: [2], stride: [1], offset: 4 }),
  });
  const arrays = await read(await archive(object, { 0: SIX }));
  assertEquals(arrays.get("y")?.data, new Float32Array([5, 6]));
});

Deno.test("an archive packed again with compression is read", async () => {
  const bytes = await zip({
    "m/data.pkl": pickle(dict({ x: tensor({ ...MATRIX, count: 600 }) })),
    "m/data/0": lay(SIX, new Uint8Array(2376)),
  }, 9);
  assertEquals(
    (await read(bytes)).get("x")?.data,
    new Float32Array(SIX.buffer),
  );
});

Deno.test("storages may be named by their addresses, as PyTorch 1.6 does", async () => {
  const key = "94039821863136";
  const bytes = await zip({
    "archive/data.pkl": pickle(dict({ x: tensor({ ...MATRIX, key }) })),
    [`archive/data/${key}`]: SIX,
    "archive/version": lay("3\n"),
  });
  assertEquals((await read(bytes)).get("x")?.shape, [2, 3]);
});

Deno.test("storages of a big-endian machine are turned round", async () => {
  const object = dict({ x: tensor({ count: 1, size: [1], stride: [1] }) });
  const bytes = await archive(object, { 0: lay([0x3f, 0x80, 0, 0]) }, {
    "m/byteorder": lay("big"),
  });
  assertEquals((await read(bytes)).get("x")?.data, new Float32Array([1]));
});

for (const nest of ["state_dict", "model_state_dict", "model"]) {
  Deno.test(`a checkpoint's "${nest}" is its state dict`, async () => {
    const object = dict({
      epoch: int(3),
      [nest]: dict({ x: tensor(MATRIX) }),
      optimizer: dict({ state: EMPTY_DICT }),
    });
    const arrays = await read(await archive(object, { 0: SIX }));
    assertEquals([...arrays.keys()], ["x"]);
  });
}

Deno.test("the old container is read", async () => {
  const object = dict({ x: tensor({ ...MATRIX, legacy: true }) });
  assertEquals(
    (await read(legacy(object, { 0: lay(u64(6), SIX) }))).get("x"),
    { shape: [2, 3], data: new Float32Array([1, 2, 3, 4, 5, 6]) },
  );
});

const X = dict({ x: tensor(MATRIX) });
const OLD_X = dict({ x: tensor({ ...MATRIX, legacy: true }) });
const hostile: [string, () => Promise<Uint8Array<ArrayBuffer>>, string][] = [
  [
    "TorchScript",
    () => archive(X, { 0: SIX }, { "m/code/m.py": lay("1") }),
    "TorchScript",
  ],
  ["no storage", () => archive(X, {}), 'storage "0" is missing'],
  [
    "a short storage",
    () => archive(X, { 0: f32(1) }),
    "has 4 bytes, expected 24 bytes for 6 elements of type f32",
  ],
  [
    "a byte order of its own",
    () => archive(X, { 0: SIX }, { "m/byteorder": lay("middle") }),
    '"middle"',
  ],
  [
    "two pickles",
    () => archive(X, { 0: SIX }, { "n/data.pkl": lay(".") }),
    "2 data.pkl",
  ],
  [
    "bytes after the pickle",
    () => zip({ "m/data.pkl": lay(pickle(X), [0]), "m/data/0": SIX }),
    "1 bytes follow its pickle",
  ],
  [
    "members that would fill the memory",
    () => zip({ "m/data.pkl": pickle(X), "m/0": new Uint8Array(2 ** 26) }, 9),
    "its members would grow from",
  ],
  [
    "a tensor past its storage",
    () => archive(dict({ x: tensor({ ...MATRIX, offset: 1 }) }), { 0: SIX }),
    'array "x" of shape [2, 3], strides [3, 1] and offset 1 leaves its storage',
  ],
  [
    "more elements than its storage",
    () =>
      archive(
        dict({
          x: tensor({ count: 6, size: [2 ** 40, 2 ** 40], stride: [0, 0] }),
        }),
        { 0: SIX },
      ),
    "leaves its storage of 6",
  ],
  [
    "a stride past 2^53",
    () =>
      archive(
        dict({ x: tensor({ count: 6, size: [2], stride: [2 ** 53] }) }),
        { 0: SIX },
      ),
    "REDUCE at byte",
  ],
  ["a lone tensor", () => archive(tensor(MATRIX), { 0: SIX }), "single object"],
  [
    "other things than tensors",
    () => archive(dict({ x: tensor(MATRIX), lr: int(1) }), { 0: SIX }),
    'it holds "lr" beside its 1 tensors',
  ],
  [
    "an old big-endian machine",
    () => Promise.resolve(legacy(OLD_X, { 0: lay(u64(6), SIX) }, FALSE)),
    "big-endian",
  ],
  [
    "an old storage that nothing uses",
    () => Promise.resolve(legacy(OLD_X, { 1: lay(u64(6), SIX) })),
    'has "1" without use',
  ],
  [
    "an old storage of another size",
    () => Promise.resolve(legacy(OLD_X, { 0: lay(u64(5), SIX) })),
    "has 5 elements, expected 6",
  ],
  [
    "no old storages",
    () => Promise.resolve(legacy(OLD_X, {})),
    'storage "0" is missing',
  ],
  [
    "bytes after the old storages",
    () => Promise.resolve(legacy(OLD_X, { 0: lay(u64(6), SIX, [0]) })),
    "1 bytes follow its last storage",
  ],
  [
    "an old view of a storage",
    () => {
      const id = tuple(
        ...[text("storage"), global("torch", "FloatStorage"), text("0")],
        ...[text("cpu"), int(6), tuple(text("1"), int(0), int(6))],
      );
      return Promise.resolve(legacy(lay(id, "Q"), {}));
    },
    "BINPERSID at byte",
  ],
  [
    "an attack",
    () => archive(call(global("os", "system"), text("ls")), {}),
    'asks for "os system"',
  ],
  [
    "an old attack",
    () => Promise.resolve(legacy(call(global("os", "system"), text("ls")), {})),
    'asks for "os system"',
  ],
  ["a damaged storage", async () => {
    const bytes = await archive(X, { 0: SIX });
    const at = bytes.findIndex((_, i) =>
      SIX.every((b, j) => bytes[i + j] === b)
    );
    bytes[at] ^= 1;
    return bytes;
  }, "not a sound zip archive"],
];
for (const [what, make, message] of hostile) {
  Deno.test(`a PyTorch file with ${what} is refused`, async () => {
    const bytes = await make();
    const error = await assertRejects(() => read(bytes), UserError);
    assertEquals(error.message.includes(message), true, error.message);
  });
}

Deno.test("every prefix of a PyTorch zip is refused", async () => {
  assertEquals(await unrefusedPrefixes(await archive(X, { 0: SIX }), read), []);
});

Deno.test("every prefix of an old PyTorch file is refused", async () => {
  const file = legacy(OLD_X, { 0: lay(u64(6), SIX) });
  assertEquals(await unrefusedPrefixes(file, read), []);
});

Deno.test("a PyTorch zip with changed bytes is read or refused, no more", async () => {
  assertEquals(await strayErrors(await archive(X, { 0: SIX }), read, 1000), []);
});

Deno.test("an old PyTorch file with changed bytes is read or refused, no more", async () => {
  const file = legacy(OLD_X, { 0: lay(u64(6), SIX) });
  assertEquals(await strayErrors(file, read, 3000), []);
});

Deno.test("an old pickle of nothing but None is refused", async () => {
  await assertRejects(() => read(legacy(NONE, {})), UserError, "single object");
});
