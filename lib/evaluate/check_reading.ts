/**
 * Whether a model reads encoded data as it was trained to.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import type { Table } from "../data/table/table.ts";
import type { WarningEvent } from "../events/events.ts";
import { cutDifferences, type TextRecipe } from "../text/recipe.ts";

/**
 * Refuses examples that were cut in another way than those that a model was
 * trained on. Where nothing was cut, and nothing would have been, they are the
 * same; examples that are only longer are read, with a warning.
 *
 * @param table The examples.
 * @param made How they were made.
 * @param expected How the model's text is made; if it says nothing of the
 * sentences, it doesn't know how it was.
 * @return What there is to know.
 * @throws {UserError} `wrong-table` if they are of another kind, or were cut
 * shorter or in another way.
 */
export function checkReading(
  table: Table,
  made: TextRecipe,
  expected: TextRecipe,
): WarningEvent[] {
  if (expected.sentences === undefined) return [];
  const differences = cutDifferences(made, expected);
  if (differences.length === 0) return [];
  const lengths = table.offsets.subarray(1)
    .map((end, i) => end - table.offsets[i]);
  const longest = lengths.reduce((a, b) => Math.max(a, b), 0);
  // Of examples as long as they may be nobody knows whether they were cut.
  const perhapsCut = longest >= made.maxLength;
  if (!perhapsCut && longest <= expected.maxLength) return [];
  const asLong = made.maxLength >= expected.maxLength;
  if (perhapsCut && !(asLong && made.truncation === expected.truncation)) {
    throw new UserError(
      `Cannot use the encoded data "${table.path}", which the model would ` +
        `read otherwise than it was trained to: ${differences.join("; ")}`,
      {
        code: "wrong-table",
        hint: "encode them as the model reads: deno task preprocess --model " +
          "RUN --data PATH --out DIR",
      },
    );
  }
  const longer = lengths.filter((length) => length > expected.maxLength).length;
  return [{
    event: "warning",
    code: "longer-text",
    message: `${longer} of the ${table.rows} examples in "${table.path}" are ` +
      `longer than the ${expected.maxLength} tokens that the model's text was ` +
      "cut to when it was trained",
    hint: "encode them as the model reads: deno task preprocess --model RUN " +
      "--data PATH --out DIR",
  }];
}
