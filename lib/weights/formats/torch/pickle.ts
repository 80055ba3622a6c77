/**
 * Reads pickles without running anything.
 *
 * A pickle is a program for a stack machine that can call any function of
 * Python. This machine knows the opcodes that a state dict needs and calls
 * nothing but what it is handed by {@link PickleRules}; at anything else it
 * stops and names the opcode and its offset. Opcodes are those of the
 * protocols 2 to 5 (`Lib/pickletools.py` of CPython).
 *
 * @module
 */
import type { ByteReader } from "../byte_reader.ts";
import {
  PickleMachine,
  PickleOpaque,
  type PickleRules,
  PickleTuple,
} from "./pickle_machine.ts";

const OPCODES = new Map<number, readonly [string, (m: PickleMachine) => void]>([
  [0x80, ["PROTO", (m) => m.protocol()]],
  [0x28, ["MARK", (m) => m.mark()]],
  [0x63, ["GLOBAL", (m) => m.global()]],
  [0x4e, ["NONE", (m) => m.push(null)]],
  [0x88, ["NEWTRUE", (m) => m.push(true)]],
  [0x89, ["NEWFALSE", (m) => m.push(false)]],
  [0x4b, ["BININT1", (m) => m.push(m.reader.u8("BININT1"))]],
  [0x4d, ["BININT2", (m) => m.push(m.reader.u16("BININT2"))]],
  [0x4a, ["BININT", (m) => m.push(m.reader.i32("BININT"))]],
  [0x8a, ["LONG1", (m) => m.push(m.long())]],
  [0x47, ["BINFLOAT", (m) => m.push(m.reader.f64BigEndian("BINFLOAT"))]],
  [0x58, ["BINUNICODE", (m) => m.push(m.text(m.reader.u32("BINUNICODE")))]],
  [0x8c, [
    "SHORT_BINUNICODE",
    (m) => m.push(m.text(m.reader.u8("SHORT_BINUNICODE"))),
  ]],
  [0x43, [
    "SHORT_BINBYTES",
    (m) => m.push(m.reader.bytes(m.reader.u8("SHORT_BINBYTES"), "bytes")),
  ]],
  [0x42, [
    "BINBYTES",
    (m) => m.push(m.reader.bytes(m.reader.u32("BINBYTES"), "bytes")),
  ]],
  [0x29, ["EMPTY_TUPLE", (m) => m.push(new PickleTuple([]))]],
  [0x85, ["TUPLE1", (m) => m.tuple(1)]],
  [0x86, ["TUPLE2", (m) => m.tuple(2)]],
  [0x87, ["TUPLE3", (m) => m.tuple(3)]],
  [0x74, ["TUPLE", (m) => m.push(new PickleTuple(m.popToMark()))]],
  [0x5d, ["EMPTY_LIST", (m) => m.push([])]],
  [0x61, ["APPEND", (m) => m.append([m.pop()])]],
  [0x65, ["APPENDS", (m) => m.append(m.popToMark())]],
  [0x7d, ["EMPTY_DICT", (m) => m.push(new Map())]],
  [0x73, ["SETITEM", (m) => m.setItems([m.pop(), m.pop()].reverse())]],
  [0x75, ["SETITEMS", (m) => m.setItems(m.popToMark())]],
  [0x71, ["BINPUT", (m) => m.remember(m.reader.u8("BINPUT"))]],
  [0x72, ["LONG_BINPUT", (m) => m.remember(m.reader.u32("LONG_BINPUT"))]],
  [0x68, ["BINGET", (m) => m.recall(m.reader.u8("BINGET"))]],
  [0x6a, ["LONG_BINGET", (m) => m.recall(m.reader.u32("LONG_BINGET"))]],
  [0x51, ["BINPERSID", (m) => m.persistent()]],
  [0x52, ["REDUCE", (m) => m.reduce()]],
  [0x81, ["NEWOBJ", (m) => m.newObject()]],
  [0x93, ["STACK_GLOBAL", (m) => m.stackGlobal()]],
  [0x94, ["MEMOIZE", (m) => m.memoize()]],
  [0x95, ["FRAME", (m) => m.frame()]],
  [0x8f, ["EMPTY_SET", (m) => m.push(new PickleOpaque("set"))]],
  [0x90, ["ADDITEMS", (m) => m.append(m.popToMark())]],
  [0x62, ["BUILD", (m) => m.build()]],
]);

const STOP = 0x2e;

/** Names of opcodes that are refused, for the error alone. */
const REFUSED = new Map([
  [0x69, "INST"],
  [0x6f, "OBJ"],
  [0x92, "NEWOBJ_EX"],
  [0x82, "EXT1"],
  [0x83, "EXT2"],
  [0x84, "EXT4"],
  [0x50, "PERSID"],
  [0x55, "SHORT_BINSTRING"],
  [0x54, "BINSTRING"],
  [0x30, "POP"],
  [0x32, "DUP"],
]);

/**
 * Reads one pickle, to its STOP.
 *
 * Tuples come as {@link PickleTuple}, lists as arrays, dictionaries as maps
 * with keys that are strings or numbers, integers past 2^53 as bigints.
 *
 * @param reader Where the pickle begins; left after its STOP.
 * @param rules What the pickle may mention.
 * @return The object that the pickle describes.
 * @throws UserError `bad-weights` naming the opcode and its offset.
 *
 * @example
 * ```ts
 * import { ByteReader } from "../byte_reader.ts";
 * import { readPickle } from "./pickle.ts";
 * import { assertThrows } from "@std/assert";
 *
 * const attack = new TextEncoder().encode("cos\nsystem\n(X\x02\x00\x00\x00lstR.");
 * const none = { global: () => undefined, persistent: () => undefined };
 * assertThrows(
 *   () => readPickle(new ByteReader(attack, "x"), { ...none, hint: "" }),
 *   Error,
 *   'opcode GLOBAL at byte 0 asks for "os system"',
 * );
 * ```
 */
export function readPickle(reader: ByteReader, rules: PickleRules): unknown {
  const machine = new PickleMachine(reader, rules);
  for (;;) {
    const code = machine.next();
    if (code === STOP) {
      machine.named("STOP");
      return machine.stop();
    }
    const [name, execute] = OPCODES.get(code) ?? [nameRefused(code)];
    machine.named(name);
    if (!execute) throw machine.error("is not one of a state dict");
    execute(machine);
  }
}

function nameRefused(code: number): string {
  return REFUSED.get(code) ?? `0x${code.toString(16).padStart(2, "0")}`;
}
