/** Small files as people and programs write them, and what is read of them. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import type { WarningEvent } from "../../../lib/events/events.ts";
import { readRows } from "./data_files.ts";

/** The names of a pair's columns. */
export const HEADER = "premise,hypothesis,label";
/** A row below them. */
export const ROW = "A man,He is,neutral";
/** What is read of it. */
export const READ = "A man | He is | 2";
/** A CSV file of some rows. */
export const csv = (...rows: string[]) => [HEADER, ...rows, ""].join("\n");
/** JSON lines of some rows. */
export const json = (...rows: unknown[]) =>
  rows.map((row) => JSON.stringify(row) + "\n").join("");
/** The row as an object. */
export const OBJECT = {
  premise: "A man",
  hypothesis: "He is",
  label: "neutral",
};
/** A text as UTF-16 without a byte order mark. */
export const utf16 = (text: string) =>
  new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer);
/** A text as Latin-1. */
export const latin1 = (text: string) =>
  Uint8Array.from(text, (c) => c.charCodeAt(0));
/** A byte order mark. */
export const BOM = "\ufeff";

/** A file: what it is, its name, and its content. */
type OddFile = readonly [
  what: string,
  name: string,
  content: string | Uint8Array,
];

/** Tests files of which just the one row is read. */
export function testGood(files: readonly OddFile[]): void {
  for (const [what, name, content] of files) {
    Deno.test(`${what} is read (${name})`, async () => {
      assertEquals(await told(name, content), [READ]);
    });
  }
}

/** Tests what is read of files: the test is called as the file is. */
export function testTold(
  files: readonly (readonly [...OddFile, expected: readonly string[]])[],
): void {
  for (const [what, name, content, expected] of files) {
    Deno.test(what, async () => {
      assertEquals(await told(name, content), [...expected]);
    });
  }
}

/** Tests files that are refused as a whole. */
export function testRefused(
  files: readonly (readonly [...OddFile, expected: RegExp])[],
): void {
  for (const [what, name, content, expected] of files) {
    Deno.test(`${what} is refused by name (${name})`, async () => {
      const [error, ...more] = await told(name, content);
      assertEquals(more, []);
      assertMatch(error, expected);
    });
  }
}

/**
 * What is read of a file, in short: `premise | hypothesis | class` of each row;
 * of a bad one `! line, column: what`; or the error that refuses it all.
 */
async function told(
  name: string,
  content: string | Uint8Array,
): Promise<string[]> {
  const warnings: WarningEvent[] = [];
  try {
    const { examples, bad } = await readRows(name, content, {
      onWarning: (warning) => warnings.push(warning),
    });
    return [
      ...warnings.map(({ code }) => `warning ${code}`),
      ...examples.map(({ premise, hypothesis, label }) =>
        [premise, hypothesis, label].join(" | ")
      ),
      ...bad.map(({ sourceLine, column, what }) =>
        `! ${sourceLine}${column === undefined ? "" : `, ${column}`}: ${what}`
      ),
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    assertEquals([error.code, error.exitCode], ["bad-data", 2]);
    assertStringIncludes(error.message, `"${name}"`);
    return [`${error.message} (${error.hint})`];
  }
}
