/**
 * The JSON header of a safetensors file: what lies where.
 *
 * @module
 */
import { elementCount } from "./arrays.ts";
import { badWeights } from "./bad_weights.ts";
import { elementBytes, type ElementType } from "./element_types.ts";

/** One array in the file. */
export interface SafetensorsEntry {
  /** The array's name. */
  name: string;
  /** The type of its elements. */
  type: ElementType;
  /** Its shape; empty for a scalar. */
  shape: number[];
  /** Its first byte, counted from the end of the header. */
  begin: number;
  /** The byte after its last. */
  end: number;
}

/** What a header says. */
export interface SafetensorsHeader {
  /** The writer's remarks, as `format: pt`. */
  metadata: Map<string, string>;
  /** The arrays in the order of their data. */
  entries: SafetensorsEntry[];
}

/** The types that become floats; the format's 8-bit floats and less do not. */
const ELEMENT_TYPES = new Map<unknown, ElementType>([
  ["F64", "f64"],
  ["F32", "f32"],
  ["F16", "f16"],
  ["BF16", "bf16"],
  ["I64", "i64"],
  ["U64", "u64"],
  ["I32", "i32"],
  ["U32", "u32"],
  ["I16", "i16"],
  ["U16", "u16"],
  ["I8", "i8"],
  ["U8", "u8"],
  ["BOOL", "bool"],
]);

const FIELDS = ["dtype", "shape", "data_offsets"];

/**
 * Of strings, objects and lists together: each takes far more memory than its
 * bytes in the file. BERT's header has some thousands.
 */
const MAX_VALUES = 1_000_000;

/**
 * Parses a header and checks all that the format demands: no name twice, whole
 * numbers, and data that lie one after the other without gap or overlap.
 *
 * @param text The header.
 * @param dataBytes How many bytes follow it.
 * @param file The file's path, for errors.
 * @throws UserError `bad-weights` with every problem.
 */
export function parseSafetensorsHeader(
  text: string,
  dataBytes: number,
  file: string,
): SafetensorsHeader {
  const problems: string[] = [];
  const header: SafetensorsHeader = { metadata: new Map(), entries: [] };
  for (const [name, value] of Object.entries(parseObject(text, file))) {
    if (name === "__metadata__") {
      header.metadata = parseMetadata(value, problems);
      continue;
    }
    const entry = parseEntry(name, value);
    if (typeof entry === "string") problems.push(entry);
    else header.entries.push(entry);
  }
  header.entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  if (problems.length === 0) {
    problems.push(...misplacements(header.entries, dataBytes));
  }
  if (problems.length > 0) throw badWeights(file, problems);
  return header;
}

function parseObject(text: string, file: string): Record<string, unknown> {
  if (!text.startsWith("{")) {
    throw badWeights(file, 'its header does not begin with "{"');
  }
  if (countValues(text) > MAX_VALUES) {
    throw badWeights(file, `its header has more than ${MAX_VALUES} values`);
  }
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badWeights(
      file,
      `its header is not JSON (${(cause as Error).message})`,
    );
  }
  const problem = findUnfaithful(text);
  if (problem) throw badWeights(file, `its header ${problem}`);
  return value;
}

/** Counts strings, objects and lists; what is quoted counts too. */
function countValues(text: string): number {
  let values = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) values += 0.5;
    else if (code === BRACE || code === BRACKET) values++;
  }
  return values;
}

const QUOTE = 0x22;
const BRACE = 0x7b;
const BRACKET = 0x5b;

/**
 * Finds what `JSON.parse` would pass over in silence: a key that occurs twice
 * in an object, and a number that is not written as a whole one.
 *
 * @param text Valid JSON.
 */
function findUnfaithful(text: string): string | null {
  const keys: Set<string>[] = [];
  const nonBlank = /\S/g;
  const tokens = /["{}]|-?\d[\d.eE+-]{0,40}/g;
  for (let match; (match = tokens.exec(text));) {
    const [token] = match;
    if (token === "{") keys.push(new Set());
    else if (token === "}") keys.pop();
    else if (token === '"') {
      const end = tokens.lastIndex = endOfString(text, match.index);
      nonBlank.lastIndex = end;
      if (nonBlank.exec(text)?.[0] !== ":") continue;
      const key: string = JSON.parse(text.slice(match.index, end));
      const seen = keys[keys.length - 1];
      if (seen.has(key)) return `has "${key}" twice`;
      seen.add(key);
    } else if (!/^\d+$/.test(token)) {
      return `has the number ${token}, expected a whole one`;
    }
  }
  return null;
}

/**
 * Finds the index after a string's closing quote. By hand, since a regular
 * expression runs out of stack at a string of some megabytes.
 */
function endOfString(text: string, start: number): number {
  for (let quote = start;;) {
    quote = text.indexOf('"', quote + 1);
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
}

function parseMetadata(
  value: unknown,
  problems: string[],
): Map<string, string> {
  const pairs = Object.entries(value ?? {});
  if (
    Array.isArray(value) || typeof (value ?? {}) !== "object" ||
    pairs.some(([, remark]) => typeof remark !== "string")
  ) {
    problems.push("__metadata__ is not an object of strings");
    return new Map();
  }
  return new Map(pairs);
}

/** The entry, or what is wrong with it. */
function parseEntry(name: string, value: unknown): SafetensorsEntry | string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `array "${name}" is not described by an object`;
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const stray = [...fields.keys()].find((field) => !FIELDS.includes(field));
  if (stray !== undefined) return `array "${name}" has the field "${stray}"`;
  const dtype = fields.get("dtype");
  const type = ELEMENT_TYPES.get(dtype);
  if (!type) {
    return `array "${name}" has ${
      typeof dtype === "string" ? `the element type "${dtype}"` : "no dtype"
    }, expected one of ${[...ELEMENT_TYPES.keys()].join(", ")}`;
  }
  const shape = fields.get("shape");
  if (!isSizes(shape)) return `array "${name}" has no valid shape`;
  const offsets = fields.get("data_offsets");
  if (!isSizes(offsets) || offsets.length !== 2) {
    return `array "${name}" has no valid data_offsets`;
  }
  const [begin, end] = offsets;
  const bytes = elementCount(shape) * elementBytes(type);
  if (end - begin !== bytes) {
    return `array "${name}" of shape [${shape.join(", ")}] has ${
      end - begin
    } bytes, expected ${bytes}`;
  }
  return { name, type, shape, begin, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) &&
    value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function misplacements(
  entries: readonly SafetensorsEntry[],
  dataBytes: number,
): string[] {
  const problems: string[] = [];
  let end = 0;
  for (const entry of entries) {
    if (entry.begin !== end) {
      problems.push(
        `array "${entry.name}" begins at byte ${entry.begin} of the data, expected ${end}`,
      );
    }
    end = entry.end;
  }
  if (problems.length === 0 && end !== dataBytes) {
    problems.push(
      `it has ${dataBytes} bytes of data, expected ${end}` +
        (dataBytes < end ? ", and so is cut short" : ""),
    );
  }
  return problems;
}
