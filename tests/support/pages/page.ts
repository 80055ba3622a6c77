/** Pages of docs/ as tests read them: sections, and tables of fields. */

/** A page's sections by their headings of the second level. */
export function sectionsOf(page: string): Map<string, string> {
  return new Map(
    page.split(/^## /m).slice(1).map((section) => {
      const end = section.indexOf("\n");
      return [section.slice(0, end), section.slice(end)];
    }),
  );
}

/** The rows of tables that begin with code, as cells; code loses its quotes. */
export function rowsOf(text: string): string[][] {
  return text.split("\n")
    .filter((line) => /^\| `/.test(line))
    .map((line) =>
      line.split("|").slice(1, -1).map((cell) =>
        cell.trim().replaceAll("`", "")
      )
    );
}

/** Paths of an object's values that are not objects, as `timing.seconds`. */
export function pathsOf(value: object): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? pathsOf(inner).map((path) => `${name}.${path}`)
      : [name]
  );
}

/** Fields that only one side has: of some objects, or of a page. */
export interface Differences {
  undocumented: string[];
  neverWritten: string[];
}

/** What there is to find if both sides have the same fields. */
export const none: Differences = { undocumented: [], neverWritten: [] };

/**
 * Compares the fields of objects with those that a page has.
 *
 * @param objects What was written.
 * @param documented Fields as `timing.seconds`; `*` stands for any name.
 */
export function differences(
  objects: readonly object[],
  documented: readonly string[],
): Differences {
  const written = new Set(objects.flatMap(pathsOf));
  const patterns = documented.map((field) =>
    [
      field,
      new RegExp(`^${field.replaceAll(".", "\\.").replaceAll("*", ".+")}$`),
    ] as const
  );
  return {
    undocumented: [...written].filter((path) =>
      !patterns.some(([, pattern]) => pattern.test(path))
    ),
    neverWritten: patterns
      .filter(([, pattern]) => ![...written].some((path) => pattern.test(path)))
      .map(([field]) => field),
  };
}
