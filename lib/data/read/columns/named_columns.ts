/**
 * The columns of a file by their names.
 *
 * @module
 */
import { RowError } from "../bad_data.ts";
import type { Column } from "./text_columns.ts";
import { normalName } from "./usual_names.ts";

/** What to do where a field is not found. */
export const FIELD_FLAGS =
  "--premise-field, --hypothesis-field and --label-field name them";

/** The columns of a file. */
export class NamedColumns {
  /** All of them, in their order. */
  readonly all: readonly Column[];
  /** Their names. */
  readonly names: readonly string[];

  constructor(columns: readonly Column[]) {
    this.all = columns;
    this.names = columns.map(({ name }) => name);
  }

  /**
   * A column by one of the names that data sets give it, whatever its case and
   * outer blanks.
   *
   * @param usual The name.
   * @return The name as the file has it; null if there is no such column.
   * @throws {RowError} If there are two.
   */
  find(usual: string): string | null {
    const normal = normalName(usual);
    const alike = this.names.filter((name) => normalName(name) === normal);
    if (alike.length < 2) return alike[0] ?? null;
    throw new RowError("there are two of that name", {
      column: usual,
      hint: `rename one of ${listNames(alike)}`,
    });
  }

  /**
   * A column by the name that the user gives: of several that are alike it is
   * the very same.
   *
   * @param name The name.
   * @return The name as the file has it.
   * @throws {RowError} If there is no such column, or there are two.
   */
  take(name: string): string {
    const same = this.names.filter((other) => other === name);
    const found = same.length === 1 ? name : this.find(name);
    if (found === null) throw this.missing(name);
    return found;
  }

  /** All columns but some. */
  without(...names: readonly (string | null)[]): Column[] {
    return this.all.filter(({ name }) => !names.includes(name));
  }

  /** The error for a column that is not there. */
  missing(expected: string): RowError {
    return new RowError(
      `it has ${this.names.join(", ")}, expected ${expected} as well`,
      { hint: FIELD_FLAGS },
    );
  }
}

/** Names as messages list them. */
export function listNames(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
