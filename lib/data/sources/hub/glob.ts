/**
 * Patterns of paths as data sets of the Hugging Face hub have them: `*` and `?`
 * within a name, `**` over folders, `[ab]`, `{a,b}`. A stranger writes them, so
 * they are no regular expressions, some of which never end.
 *
 * @module
 */

/** From where a part of a pattern begins in a path to where it may end. */
type Part = (path: string, from: number) => Iterable<number>;

/**
 * Reads a pattern.
 *
 * @param pattern With `/`, from the top of the repository.
 * @return Tells whether a whole path fits.
 *
 * @example
 * ```ts
 * import { globOf } from "./glob.ts";
 * import { assert } from "@std/assert";
 *
 * assert(globOf("data/*.csv")("data/a.csv"));
 * assert(!globOf("data/*.csv")("data/old/a.csv"));
 * assert(globOf("data/**")("data/old/a.csv"));
 * ```
 */
export function globOf(pattern: string): (path: string) => boolean {
  const parts = pattern.replace(/^\.?\/+/, "")
    .match(/\*\*\/?|\*|\?|\[!?[^\]/]+\]|\{[^{}]*\}|[^*?[{]+|[^]/g) ?? [];
  const steps = parts.map((part) => ({
    step: partOf(part),
    isRun: part.startsWith("*"),
  }));
  return (path) => {
    // All places at which the parts so far may end: never more than letters.
    let places = new Set([0]);
    for (const { step, isRun } of steps) {
      const next = new Set<number>();
      for (const from of places) {
        for (const place of step(path, from)) {
          // A run that comes here was followed on from an earlier place.
          if (isRun && next.has(place)) break;
          next.add(place);
        }
      }
      places = next;
    }
    return places.has(path.length);
  };
}

function partOf(part: string): Part {
  if (part === "**/") return folders;
  if (part === "**") return (path, from) => upTo(from, path.length);
  if (part === "*") {
    return (path, from) => {
      const slash = path.indexOf("/", from);
      return upTo(from, slash < 0 ? path.length : slash);
    };
  }
  if (part === "?") return oneOf((letter) => letter !== "/");
  if (part.length > 1 && part.startsWith("[")) return oneOf(letters(part));
  if (part.length > 1 && part.startsWith("{")) {
    return oneText(part.slice(1, -1).split(","));
  }
  return oneText([part]);
}

/** Any number of whole folders, none too. */
function* folders(path: string, from: number): Generator<number> {
  yield from;
  for (let at = from; (at = path.indexOf("/", at) + 1) > 0;) yield at;
}

function* upTo(from: number, end: number): Generator<number> {
  for (let at = from; at <= end; at++) yield at;
}

function oneOf(fits: (letter: string) => boolean): Part {
  return (path, from) =>
    from < path.length && fits(path[from]) ? [from + 1] : [];
}

function oneText(texts: readonly string[]): Part {
  return (path, from) =>
    texts.filter((text) => path.startsWith(text, from))
      .map((text) => from + text.length);
}

/** The letters of `[a-c_]`, or all others of `[!a-c_]`. */
function letters(part: string): (letter: string) => boolean {
  const isInverted = part[1] === "!";
  const text = part.slice(isInverted ? 2 : 1, -1);
  const ranges = text.match(/[^]-[^]|[^]/g)!.map((range) =>
    [range[0], range.at(-1)!] as const
  );
  return (letter) =>
    letter !== "/" &&
    ranges.some(([first, last]) => first <= letter && letter <= last) !==
      isInverted;
}
