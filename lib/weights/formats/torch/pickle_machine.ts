/**
 * The stack machine under {@link readPickle}: one method an opcode.
 *
 * @module
 */
import { badWeights } from "../bad_weights.ts";
import type { ByteReader } from "../byte_reader.ts";

/** A name of Python that a pickle may mention. */
export class PickleGlobal {
  /**
   * Describes a name.
   *
   * @param name Module and name, separated by a blank.
   * @param call What a call of it gives, undefined for arguments that it does
   *     not accept; absent if it must not be called.
   */
  constructor(
    readonly name: string,
    readonly call?: (args: readonly unknown[]) => unknown,
  ) {}
}

/** What a pickle may mention; all else is refused. */
export interface PickleRules {
  /** Finds a name, `collections OrderedDict` for instance. */
  global(name: string): PickleGlobal | undefined;
  /** Says of a name that the whole file is of another kind, if it is. */
  refuse?(name: string): string | undefined;
  /** Gives the object behind a persistent id; undefined to refuse it. */
  persistent(id: unknown): unknown;
  /** What to do about a pickle that mentions more. */
  hint: string;
}

/** A tuple, which no opcode can change. */
export class PickleTuple {
  /** Wraps the items. */
  constructor(readonly items: readonly unknown[]) {}
}

/** Python's `OrderedDict`; its attributes are dropped. */
export class OrderedDict extends Map<unknown, unknown> {}

/** An object that is not made, only named; whatever is put into it is dropped. */
export class PickleOpaque {
  /** Names its class. */
  constructor(readonly name: string) {}
}

const MAX_BYTES = 64 * 2 ** 20;

/**
 * One byte, an opcode, makes a dictionary of some hundred, so these are counted
 * too: values, marks and memo entries. A tensor takes some forty of them.
 */
const MAX_OBJECTS = 150_000;

/** Runs the opcodes of one pickle. */
export class PickleMachine {
  /** Where the pickle is read from. */
  readonly reader: ByteReader;
  readonly #rules: PickleRules;
  readonly #start: number;
  #stack: unknown[] = [];
  readonly #outer: unknown[][] = [];
  readonly #memo = new Map<number, unknown>();
  #opcode = "";
  #at = 0;
  #objects = 0;

  /** Starts with an empty stack where the reader is. */
  constructor(reader: ByteReader, rules: PickleRules) {
    this.reader = reader;
    this.#rules = rules;
    this.#start = reader.offset;
  }

  /** Reads the next opcode; its name, once known, goes to {@link named}. */
  next(): number {
    this.#at = this.reader.offset;
    if (this.#at - this.#start > MAX_BYTES) {
      throw this.error(`goes past ${MAX_BYTES} bytes of pickle`);
    }
    return this.reader.u8("a pickle");
  }

  /** Says what the opcode read last is called, for errors. */
  named(opcode: string): void {
    this.#opcode = opcode;
  }

  /** Ends with the one object that is left. */
  stop(): unknown {
    if (this.#stack.length !== 1 || this.#outer.length > 0) {
      throw this.error("leaves other than one object");
    }
    return this.#stack[0];
  }

  /** Checks the protocol, which only the first opcode tells. */
  protocol(): void {
    const version = this.reader.u8("PROTO");
    if (this.#at !== this.#start || version < 2 || version > 5) {
      throw this.error(
        `asks for protocol ${version}, expected 2 to 5 at the beginning`,
      );
    }
  }

  /** Puts a value on the stack. */
  push(value: unknown): void {
    this.#count();
    this.#stack.push(value);
  }

  /** Takes the topmost value since the last mark. */
  pop(): unknown {
    if (this.#stack.length === 0) throw this.error("finds nothing to take");
    return this.#stack.pop();
  }

  /** Begins a run of items. */
  mark(): void {
    this.#count();
    this.#outer.push(this.#stack);
    this.#stack = [];
  }

  /** Ends the run of items and takes them. */
  popToMark(): unknown[] {
    const items = this.#stack;
    const outer = this.#outer.pop();
    if (!outer) throw this.error("finds no mark");
    this.#stack = outer;
    return items;
  }

  /** Makes a tuple of the topmost values. */
  tuple(size: number): void {
    const items = Array.from({ length: size }, () => this.pop()).reverse();
    this.push(new PickleTuple(items));
  }

  /** Passes over the size of a frame, which only helps who reads in blocks. */
  frame(): void {
    this.reader.bytes(8, "FRAME");
  }

  /** Reads an integer of up to 255 bytes. */
  long(): number | bigint {
    const bytes = this.reader.bytes(this.reader.u8("LONG1"), "LONG1");
    let value = 0n;
    for (const byte of bytes.toReversed()) value = value << 8n | BigInt(byte);
    value = BigInt.asIntN(8 * bytes.length, value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  /** Reads text of so many bytes. */
  text(length: number): string {
    return this.reader.utf8(length, "a string");
  }

  /** Appends to the list on top. */
  append(items: unknown[]): void {
    const list = this.#top();
    if (list instanceof PickleOpaque) return;
    if (!Array.isArray(list)) throw this.error("appends to no list");
    for (const item of items) list.push(item);
  }

  /** Sets items, keys and values in turn, of the dictionary on top. */
  setItems(items: unknown[]): void {
    const dictionary = this.#top();
    if (dictionary instanceof PickleOpaque) return;
    if (!(dictionary instanceof Map) || items.length % 2 !== 0) {
      throw this.error("sets items of no dictionary");
    }
    for (let i = 0; i < items.length; i += 2) {
      const item = items[i];
      const key = item instanceof PickleGlobal ? item.name : item;
      if (typeof key !== "string" && typeof key !== "number") {
        throw this.error("uses a key that is neither text nor number");
      }
      if (dictionary.has(key)) throw this.error(`sets "${key}" twice`);
      dictionary.set(key, items[i + 1]);
    }
  }

  /** Stores the value on top. */
  remember(key: number): void {
    this.#count();
    this.#memo.set(key, this.#top());
  }

  /** Stores the value on top under the next number. */
  memoize(): void {
    this.remember(this.#memo.size);
  }

  /** Puts a stored value on the stack. */
  recall(key: number): void {
    if (!this.#memo.has(key)) {
      throw this.error(`recalls ${key}, which was never stored`);
    }
    this.push(this.#memo.get(key));
  }

  /** Looks a name up among those that the rules allow. */
  global(): void {
    this.#lookUp(`${this.#line()} ${this.#line()}`);
  }

  /** Does the same with a module and a name from the stack. */
  stackGlobal(): void {
    const [name, module] = [this.pop(), this.pop()];
    if (typeof module !== "string" || typeof name !== "string") {
      throw this.error("finds no name");
    }
    this.#lookUp(`${module} ${name}`);
  }

  #lookUp(name: string): void {
    const problem = this.#rules.refuse?.(name);
    if (problem) {
      throw badWeights(this.reader.file, problem, this.#rules.hint);
    }
    const global = this.#rules.global(name);
    if (!global) {
      throw this.error(`asks for "${name}", which no state dict needs`);
    }
    this.push(global);
  }

  /** Replaces an id by what the rules give for it. */
  persistent(): void {
    const value = this.#rules.persistent(this.pop());
    if (value === undefined) throw this.error("has no valid storage id");
    this.push(value);
  }

  /** Makes a call, if the rules allow it. */
  reduce(): void {
    const args = this.pop();
    const callee = this.pop();
    const value = callee instanceof PickleGlobal && args instanceof PickleTuple
      ? callee.call?.(args.items)
      : undefined;
    if (value === undefined) {
      throw this.error("makes a call that no state dict needs");
    }
    this.push(value);
  }

  /** Makes an object of a class, of which no more than the name is kept. */
  newObject(): void {
    const args = this.pop();
    const callee = this.pop();
    const value = callee instanceof PickleGlobal && args instanceof PickleTuple
      ? callee.call?.(args.items)
      : undefined;
    if (!(value instanceof PickleOpaque)) {
      throw this.error("makes an object that no state dict needs");
    }
    this.push(value);
  }

  /** Drops the attributes that an OrderedDict, or what isn't made, is given. */
  build(): void {
    this.pop();
    const object = this.#top();
    if (!(object instanceof OrderedDict || object instanceof PickleOpaque)) {
      throw this.error("sets attributes of something but an OrderedDict");
    }
  }

  /** An error about the current opcode. */
  error(problem: string): Error {
    return badWeights(
      this.reader.file,
      `its pickle's opcode ${this.#opcode} at byte ${this.#at} ${problem}; nothing was run`,
      this.#rules.hint,
    );
  }

  #count(): void {
    if (++this.#objects > MAX_OBJECTS) {
      throw this.error(`goes past ${MAX_OBJECTS} objects`);
    }
  }

  #top(): unknown {
    if (this.#stack.length === 0) throw this.error("finds nothing to change");
    return this.#stack[this.#stack.length - 1];
  }

  /** A line of the text protocol, as GLOBAL still has it. */
  #line(): string {
    const bytes: number[] = [];
    for (let byte; (byte = this.reader.u8("a name")) !== 0x0a;) {
      if (bytes.length >= 256) throw this.error("has an endless name");
      bytes.push(byte);
    }
    return String.fromCharCode(...bytes);
  }
}
