/**
 * The grammar of the command line: `--flag value`, `--flag=value`, and
 * `--switch`. What a value means is not known here.
 *
 * @module
 */
import { levenshteinDistance } from "@std/text";
import type { FieldKind } from "./schema.ts";

/** The flags of a command line, and what is wrong with it. */
export interface GivenFlags {
  /** By the flags' names: a switch's is a boolean, a `list` flag's a list. */
  values: Map<string, string | boolean | string[]>;
  /** One sentence a mistake. */
  problems: string[];
}

/**
 * Takes a command line apart. A value may start with one dash, as `-1`; one
 * that starts with two is written `--flag=--value`. Of a flag that is
 * repeated the last counts, unless it is a `list`.
 *
 * @param args The words after the program's name.
 * @param kinds What each flag holds, by its name without dashes.
 *
 * @example
 * ```ts
 * import { readFlags } from "./flags.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { values } = readFlags(["--seed", "-1"], new Map([["seed", "number"]]));
 * assertEquals(values.get("seed"), "-1");
 * ```
 */
export function readFlags(
  args: readonly string[],
  kinds: ReadonlyMap<string, FieldKind>,
): GivenFlags {
  const values: GivenFlags["values"] = new Map();
  const problems: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] === "-h" ? "--help" : args[i];
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) {
      problems.push(describeStray(word));
      continue;
    }
    const kind = kinds.get(name);
    const valueFollows = inline === undefined && kind !== "boolean" &&
      args[i + 1]?.startsWith("--") === false;
    const text = valueFollows ? args[++i] : inline;
    if (kind === undefined) {
      problems.push(describeUnknown(name, [...kinds.keys()]));
    } else if (kind === "boolean") {
      values.set(name, switchFrom(text));
    } else if (text === undefined) {
      problems.push(`--${name} needs a value`);
    } else if (kind === "list") {
      values.set(name, [...values.get(name) as string[] ?? [], text]);
    } else {
      values.set(name, text);
    }
  }
  return { values, problems };
}

/** A switch is on when it is there; other text is left for the schema. */
function switchFrom(text: string | undefined): string | boolean {
  if (text === undefined || text === "true") return true;
  return text === "false" ? false : text;
}

function describeStray(word: string): string {
  return /^-[^-]/.test(word)
    ? `${word} is not a flag; flags start with two dashes, as --model DIR`
    : `"${word}" is not expected; values follow a flag, as --model DIR`;
}

function describeUnknown(name: string, flags: readonly string[]): string {
  const plain = (flag: string) => flag.replaceAll(/[-_]/g, "").toLowerCase();
  const near = flags.find((flag) =>
    flag.startsWith(name) || name.startsWith(flag) ||
    levenshteinDistance(plain(flag), plain(name)) < name.length / 2
  );
  return `--${name} is not a flag` + (near ? `; is --${near} meant?` : "");
}
