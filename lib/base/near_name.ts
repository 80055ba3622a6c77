/**
 * Names that may be meant by one that is not known.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { levenshteinDistance } from "@std/text";

/** Letters of a name that may be part of a longer one; fewer fit too many. */
const SHORTEST_PART = 3;

/** Of so many letters one may be wrong. */
const LETTERS_PER_TYPO = 3;

/**
 * The name that is most likely meant: the same but for case and separators,
 * or else the one with the fewest wrong letters, or else one that contains
 * the given name or is contained in it.
 *
 * @param given What was written.
 * @param names The names that there are.
 * @param options What others call the same: by its letters, without case and
 * separators, the names here, of which the first that there is counts.
 * @return A name, or undefined if none is near.
 *
 * @example
 * ```ts
 * import { nearName } from "./near_name.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearName("bert_smal", ["bert.base", "bert.small"]), "bert.small");
 * assertEquals(nearName("gpt", ["bert.base", "bert.small"]), undefined);
 * ```
 */
export function nearName(
  given: string,
  names: readonly string[],
  { aliases = {} }: { aliases?: Readonly<Record<string, readonly string[]>> } =
    {},
): string | undefined {
  const letters = lettersOf(given);
  const same = names.find((name) => lettersOf(name) === letters);
  if (same !== undefined) return same;
  if (Object.hasOwn(aliases, letters)) {
    const alias = aliases[letters].find((name) => names.includes(name));
    if (alias !== undefined) return alias;
  }
  const most = Math.floor(letters.length / LETTERS_PER_TYPO);
  const near = names
    .map((name) => ({
      name,
      typos: typosOf(lettersOf(name), letters),
    }))
    .filter(({ typos }) => typos <= most)
    .toSorted((a, b) => a.typos - b.typos);
  return near[0]?.name ??
    names.find((name) => isPart(lettersOf(name), letters));
}

/**
 * The end of a sentence that asks whether another name is meant; empty if
 * none is near.
 *
 * @param given As {@link nearName} takes it.
 * @param names Likewise.
 * @param options Likewise.
 */
export function askForName(
  ...[given, names, options]: Parameters<typeof nearName>
): string {
  const near = nearName(given, names, options);
  return near === undefined ? "" : `; is ${near} meant?`;
}

/**
 * The end of a sentence about a path that is missing: asks whether another one
 * in its folder is meant. Empty if none is near, or nobody may look.
 *
 * @param path The path.
 * @param names What else may stand in the place of a path, as a catalogue's.
 *
 * @example
 * ```ts
 * import { askForPath } from "./near_name.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/tickets.csv`, "");
 * assertEquals(
 *   await askForPath(`${folder}/ticket.csv`),
 *   `; is "${folder}/tickets.csv" meant?`,
 * );
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function askForPath(
  path: string,
  names: readonly string[] = [],
): Promise<string> {
  const name = basename(path);
  // A link to nothing has the missing name itself.
  const others = (await namesIn(dirname(path))).filter((it) => it !== name);
  const near = nearName(name, [...names, ...others]);
  if (near === undefined) return "";
  if (names.includes(near)) return `; is ${near} meant?`;
  // What was written before the name is kept as it was written.
  const before = path.slice(0, path.lastIndexOf(name));
  return `; is "${before}${near}" meant?`;
}

/** What is in a folder, less what is hidden; nothing if it isn't there. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    const names = await Array.fromAsync(Deno.readDir(folder), (e) => e.name);
    return names.filter((name) => !name.startsWith(".")).sort();
  } catch {
    return [];
  }
}

/** How many letters are wrong; two in each other's place count as one. */
function typosOf(name: string, other: string): number {
  const at = [...name].findIndex((letter, i) => letter !== other[i]);
  const swapped = name.slice(0, at) + name.slice(at, at + 2).split("")
    .reverse().join("") +
    name.slice(at + 2);
  return swapped === other ? 1 : levenshteinDistance(name, other);
}

function lettersOf(name: string): string {
  return name.replaceAll(/[-_.\s]/g, "").toLowerCase();
}

/** Whether one of two names begins or ends with the other. */
function isPart(name: string, other: string): boolean {
  const [short, long] = [name, other].sort((a, b) => a.length - b.length);
  return short.length >= SHORTEST_PART &&
    (long.startsWith(short) || long.endsWith(short));
}
