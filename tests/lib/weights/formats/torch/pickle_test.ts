import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../../../lib/base/errors.ts";
import { ByteReader } from "../../../../../lib/weights/formats/byte_reader.ts";
import { readPickle } from "../../../../../lib/weights/formats/torch/pickle.ts";
import { PickleOpaque } from "../../../../../lib/weights/formats/torch/pickle_machine.ts";
import { torchRules } from "../../../../../lib/weights/formats/torch/torch_state.ts";
import {
  strayErrors,
  unrefusedPrefixes,
} from "../../../../support/weights/damage.ts";
import {
  type Field,
  lay,
  u32,
} from "../../../../support/weights/little_endian.ts";
import {
  BUILD,
  call,
  dict,
  EMPTY_DICT,
  EMPTY_LIST,
  EMPTY_TUPLE,
  global,
  int,
  MARK,
  pickle,
  REDUCE,
  STOP,
  tensor,
  text,
  tuple,
} from "../../../../support/weights/pickle_writer.ts";

function read(bytes: Uint8Array<ArrayBuffer>): unknown {
  return readPickle(new ByteReader(bytes, "x.pt"), torchRules(5));
}

Deno.test("plain data are read as Python wrote them", () => {
  // pickle.dumps({"a": [1, -2, 2**40, -2**70, 0.5, None, True], "b": {7: ()}}, 2)
  const bytes = lay(
    ...[[0x80, 2], "}q\0(X", u32(1), "aq\x01]q\x02(K\x01J", u32(-2)],
    ...[[0x8a, 6, 0, 0, 0, 0, 0, 1]],
    ...[[0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0]],
    ...["G", [0x3f, 0xe0, 0, 0, 0, 0, 0, 0], "N", [0x88], "eX", u32(1)],
    ...["bq\x03}q\x04K\x07)su."],
  );
  const value = read(bytes) as Map<string, unknown>;
  assertEquals(value.get("a"), [1, -2, 2 ** 40, -(2n ** 70n), 0.5, null, true]);
  assertEquals([...(value.get("b") as Map<number, unknown>).keys()], [7]);
});

Deno.test("attributes of an OrderedDict are dropped", () => {
  const state = dict({ _metadata: EMPTY_DICT });
  const bytes = pickle(
    call(global("collections", "OrderedDict")),
    state,
    BUILD,
  );
  assertEquals((read(bytes) as Map<string, unknown>).size, 0);
});

Deno.test("plain data of protocol 4 are read as Python wrote them", () => {
  // pickle.dumps({"a": ["b", "b", {1}]}, 4), with its frame and its memo.
  const bytes = lay(
    ...[[0x80, 4, 0x95, 24, 0, 0, 0, 0, 0, 0, 0], "}", [0x94]],
    ...[[0x8c, 1], "a", [0x94], "]", [0x94], "(", [0x8c, 1], "b", [0x94]],
    ...["h\x03", [0x8f, 0x94], "(K\x01", [0x90], "es."],
  );
  const value = read(bytes) as Map<string, unknown[]>;
  assertEquals(value.get("a")!.slice(0, 2), ["b", "b"]);
});

Deno.test("what lies beside a state dict is named, and nothing of it is made", () => {
  const namespace = call(global("argparse", "Namespace"));
  const bytes = pickle(
    namespace,
    dict({ lr: int(1), script: text("import os") }),
    BUILD,
  );
  assertEquals(read(bytes), new PickleOpaque("argparse Namespace"));
});

Deno.test("a number too long for the machine stays whole", () => {
  const bytes = lay([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9], [
    ...[0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e],
  ]);
  assertEquals(read(bytes), 0x1950a86a20f9469cfc6cn);
});

const ORDERED = global("collections", "OrderedDict");
const attacks: [string, Field[], string][] = [
  [
    "os.system",
    [call(global("os", "system"), text("ls"))],
    'GLOBAL at byte 2 asks for "os system"',
  ],
  [
    "posix.system through a nested reduction",
    [call(ORDERED, call(global("posix", "system"), text("ls")))],
    'asks for "posix system"',
  ],
  ["eval", [call(global("builtins", "eval"), text("1"))], '"builtins eval"'],
  [
    "getattr",
    [call(global("builtins", "getattr"), ORDERED, text("__class__"))],
    '"builtins getattr"',
  ],
  ["__builtin__.exec", [global("__builtin__", "exec")], '"__builtin__ exec"'],
  ["torch.load", [global("torch", "load")], '"torch load"'],
  [
    "a storage of torch.hub",
    [global("torch.hub", "FloatStorage")],
    "torch.hub",
  ],
  ["constructor", [global("torch", "constructor")], "torch constructor"],
  ["__proto__", [global("torch", "__proto__")], "torch __proto__"],
  [
    "a whole module",
    [global("torch.nn.modules.linear", "Linear"), EMPTY_TUPLE, [0x81]],
    '"torch.nn.modules.linear Linear"',
  ],
  [
    "a call of a storage class",
    [call(global("torch", "FloatStorage"), int(3))],
    "REDUCE at byte",
  ],
  ["a call of text", [call(text("os.system"), text("ls"))], "REDUCE at byte"],
  [
    "a call of a dictionary",
    [call(dict({ call: text("x") }), text("ls"))],
    "REDUCE at byte",
  ],
  [
    "a call with a list of arguments",
    [ORDERED, EMPTY_LIST, REDUCE],
    "REDUCE at byte",
  ],
  [
    "an OrderedDict with arguments",
    [call(ORDERED, EMPTY_LIST)],
    "REDUCE at byte",
  ],
  [
    "a function from the memo",
    [global("nt", "system"), "q\0", text("x"), "h\0"],
    '"nt system"',
  ],
  ["a memo never stored", ["h\x05"], "BINGET at byte 2 recalls 5"],
  [
    "attributes of a dictionary",
    [EMPTY_DICT, EMPTY_DICT, BUILD],
    "BUILD at byte 4",
  ],
  ["NEWOBJ", [ORDERED, EMPTY_TUPLE, [0x81]], "NEWOBJ at byte"],
  ["INST", [MARK, "ios\nsystem\n"], "INST at byte 3"],
  ["OBJ", [MARK, ORDERED, "o"], "OBJ at byte"],
  [
    "a name from the stack",
    [text("os"), text("system"), [0x93]],
    'STACK_GLOBAL at byte 20 asks for "os system"',
  ],
  ["a name of numbers", [int(1), int(2), [0x93]], "finds no name"],
  [
    "an object of a class that is called",
    [ORDERED, EMPTY_TUPLE, [0x81]],
    "makes an object that no state dict needs",
  ],
  ["an extension", [[0x82, 1]], "EXT1 at byte 2"],
  ["a textual persistent id", ["Pstorage\n"], "PERSID at byte 2"],
  ["an unknown opcode", [[0xff]], "0xff at byte 2"],
  ["a second protocol", [[0x80, 2]], "PROTO at byte 2"],
  ["two objects", [int(1), int(2)], "STOP at byte 8"],
  ["no object", [], "STOP at byte 2"],
  ["an open mark", [MARK, int(1)], "STOP at byte"],
  ["a tuple without a mark", [int(1), "t"], "TUPLE at byte 5"],
  ["a pair from one value", [int(1), [0x86]], "TUPLE2 at byte 5"],
  ["an item of a number", [int(1), int(1), int(1), "s"], "SETITEM at byte"],
  ["an odd number of items", [EMPTY_DICT, MARK, int(1), "u"], "SETITEMS"],
  [
    "a key twice",
    [dict({ a: int(1) }), text("a"), int(1), "s"],
    'sets "a" twice',
  ],
  ["a tuple as a key", [EMPTY_DICT, EMPTY_TUPLE, int(1), "s"], "uses a key"],
  ["an append to text", [text("a"), int(1), "a"], "APPEND at byte"],
  ["an endless name", ["c" + "x".repeat(300)], "endless name"],
  ["a name without an end", ["cos"], "it ends after"],
  ["text past the end", ["X", u32(1e9)], "expected 1000000000 bytes"],
  ["text that is not UTF-8", ["X", u32(1), [0xff]], "not valid UTF-8"],
  ["a storage id that is text", [text("storage"), "Q"], "BINPERSID at byte"],
  [
    "a module as persistent id",
    [
      tuple(
        ...[text("module"), ORDERED, text("x.py"), text("import os"), int(1)],
      ),
      "Q",
    ],
    "BINPERSID at byte",
  ],
  [
    "a storage of two sizes",
    [
      tensor({ count: 4, size: [4], stride: [1] }),
      tensor({ count: 8, size: [8], stride: [1] }),
    ],
    "BINPERSID at byte",
  ],
  [
    "a storage of complex numbers",
    [tensor({ type: "ComplexFloatStorage", count: 1, size: [], stride: [] })],
    '"torch ComplexFloatStorage"',
  ],
  [
    "a tensor with fewer strides than extents",
    [tensor({ count: 4, size: [2, 2], stride: [1] })],
    "REDUCE at byte",
  ],
  ["a million marks", ["(".repeat(1_000_000)], "goes past 150000 objects"],
  ["a million dictionaries", ["}".repeat(1_000_000)], "goes past 150000"],
  [
    "half a million memo entries",
    [EMPTY_LIST, "q\0".repeat(500_000)],
    "goes past 150000",
  ],
];
for (const [what, fields, message] of attacks) {
  Deno.test(`a pickle with ${what} is refused`, () => {
    const error = assertThrows(() => read(pickle(...fields)), UserError);
    assertEquals(error.message.includes(message), true, error.message);
  });
}

Deno.test("a list in a list in a list, a hundred thousand deep, does no harm", () => {
  const depth = 100_000;
  const bytes = pickle(EMPTY_LIST.repeat(depth), "a".repeat(depth - 1));
  assertEquals(Array.isArray(read(bytes)), true);
});

Deno.test("a list that contains itself does no harm", () => {
  assertEquals(
    (read(pickle(EMPTY_LIST, "q\0h\0a")) as unknown[]).length,
    1,
  );
});

const SMALL = pickle(
  call(ORDERED),
  MARK,
  text("a"),
  tensor({ count: 6, size: [2, 3], stride: [3, 1] }),
  "q\0",
  text("b"),
  "h\0",
  "u",
);

Deno.test("every prefix of a pickle is refused", async () => {
  assertEquals(await unrefusedPrefixes(SMALL, read), []);
});

Deno.test("a pickle with changed bytes is read or refused, no more", async () => {
  assertEquals(await strayErrors(SMALL, read, 5000), []);
});

Deno.test("protocol 6 is refused with what to do", () => {
  const error = assertThrows(
    () => read(lay([0x80, 6, 0x95], STOP)),
    UserError,
    "protocol 6, expected 2 to 5",
  );
  assertEquals(error.hint.includes("state_dict()"), true);
});
