import type { Random } from "../../support/random.ts";
import { type Bytes, mutateBytes } from "./bytes.ts";

/** Stands for JSON that no value of JavaScript gives, one letter each. */
const LITERALS: Record<string, () => string> = {
  a: () => "1e999",
  b: () => "-0",
  c: () => "9007199254740993",
  d: () => "18446744073709551616",
  e: () => "1.0",
  f: () => "[".repeat(20_000) + "]".repeat(20_000),
  g: () => '{"a":'.repeat(20_000) + "0" + "}".repeat(20_000),
  h: () => `"${"x".repeat(100_000)}"`,
  i: () => '"\\ud800"',
  j: () => '{"a":1,"a":2}',
  k: () => "NaN",
  l: () => `[${"0,".repeat(50_000)}0]`,
  m: () => `[${"{},".repeat(50_000)}0]`,
  n: () => `{${Array.from({ length: 30_000 }, (_, i) => `"${i}x":0`).join()}}`,
};

const MARK = "literal \u0001";

const VALUES: unknown[] = [
  ...[null, true, false, 0, -1, 1, 0.5, 1e-320, 2 ** 31, 2 ** 53, 1e300],
  ...["", "0", "\0", "\u2028", "__proto__", "../x", "é\u0301", "[UNK]", "-"],
  ...[[], {}, [[]], [null], { a: 1 }, { length: 1 }, { __proto__: null }],
  ...Object.keys(LITERALS).map((letter) => MARK + letter),
];

const KEYS = ["__proto__", "constructor", "toString", "", "0", "length", "a"];

/** Changes a value, a key or a list somewhere in JSON. */
export function mutateJson(file: Bytes, random: Random): Bytes {
  try {
    const root = JSON.parse(new TextDecoder().decode(file));
    const holder: Record<string, unknown> = { root };
    const [container, key] = random.pick(places(holder));
    change(container, key, random);
    const text = JSON.stringify(holder.root ?? null);
    return new TextEncoder().encode(
      text.replace(/"literal \\u0001(.)"/g, (_, letter) => LITERALS[letter]()),
    );
  } catch {
    // It is no JSON any more, or nested deeper than can be written.
    return mutateBytes(file, random);
  }
}

type Container = Record<string | number, unknown> | unknown[];

/** Every place in a value, shallow ones first, up to some thousand. */
function places(root: Container): [Container, string][] {
  const found: [Container, string][] = [];
  const open = [root];
  for (let container; (container = open.shift()) && found.length < 5000;) {
    for (const [key, value] of Object.entries(container)) {
      found.push([container, key]);
      if (typeof value === "object" && value !== null) {
        open.push(value as Container);
      }
    }
  }
  return found;
}

function change(container: Container, key: string, random: Random): void {
  const values = container as Record<string, unknown>;
  const value = values[key];
  const set = (name: string, to: unknown) =>
    Object.defineProperty(values, name, {
      value: to,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  switch (random.below(7)) {
    case 0:
      if (Array.isArray(container)) container.splice(Number(key), 1);
      else delete values[key];
      break;
    case 1:
      if (Array.isArray(container)) container.push(value);
      else set(random.pick(KEYS), value);
      break;
    case 2: {
      const other = random.pick(Object.keys(container));
      [values[key], values[other]] = [values[other], value];
      break;
    }
    case 3:
      if (typeof value === "number") {
        set(key, value + random.pick([1, -1, 0.5, value, 1e9, -2 * value]));
      } else if (typeof value === "string") {
        set(key, value + random.pick(["\0", " ", value, "ä", "/", "\n", "."]));
      } else set(key, random.pick(VALUES));
      break;
    default:
      set(key, random.pick(VALUES));
  }
}
