/**
 * The grammar of the command line: `--flag value`, `--flag=value`, and
 * `--switch`. What a value means is not known here.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { nearName } from "../base/near_name.ts";
import { FOREIGN_FLAGS } from "./foreign_flags.ts";
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
  const problems: string[] = [];
  const flags = [...kinds.keys()];
  const parsed = parseArgs(joinValues(args, kinds, problems), {
    string: flags,
    collect: flags.filter((flag) => kinds.get(flag) === "list"),
    unknown: (_, name) => {
      problems.push(describeUnknown(name!, flags));
      return false;
    },
  });
  const values: GivenFlags["values"] = new Map();
  for (const [flag, kind] of kinds) {
    const value = parsed[flag] as string | string[] | undefined;
    if (value === undefined || value.length === 0 && kind === "list") continue;
    values.set(flag, kind === "boolean" ? switchFrom(String(value)) : value);
  }
  return { values, problems };
}

/**
 * Writes every flag as `--flag=value`. The parser takes no value that starts
 * with a dash, or is empty, from the next word.
 */
function joinValues(
  args: readonly string[],
  kinds: ReadonlyMap<string, FieldKind>,
  problems: string[],
): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i] === "-h" ? "--help" : args[i];
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) problems.push(describeStray(word));
    else if (inline !== undefined) joined.push(word);
    else if (kinds.get(name) === "boolean") joined.push(`${word}=true`);
    else if (args[i + 1]?.startsWith("--") === false) {
      joined.push(`${word}=${args[++i]}`);
    } else if (kinds.has(name)) problems.push(`--${name} needs a value`);
    else joined.push(word);
  }
  return joined;
}

/** Other text is left for the schema. */
function switchFrom(text: string): string | boolean {
  return text === "true" ? true : text === "false" ? false : text;
}

function describeStray(word: string): string {
  return /^-[^-]/.test(word)
    ? `${word} is not a flag; flags start with two dashes, as --model DIR`
    : `"${word}" is not expected; values follow a flag, as --model DIR`;
}

function describeUnknown(name: string, flags: readonly string[]): string {
  const near = nearName(name, flags, { aliases: FOREIGN_FLAGS });
  return `--${name} is not a flag` + (near ? `; is --${near} meant?` : "");
}
