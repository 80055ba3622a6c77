import { assertEquals } from "@std/assert";
import { showValue } from "../../../lib/base/show_value.ts";

for (
  const [what, text] of [
    ["plain letters", "a".repeat(99)],
    ["quotation marks", '"'.repeat(99)],
    ["backslashes behind a letter", `a${"\\".repeat(99)}`],
    ["control characters", "a\u0001".repeat(99)],
    ["characters of two halves", `a${"😀".repeat(99)}`],
    ["lone halves", "\ud800".repeat(99)],
  ]
) {
  Deno.test(`a long text of ${what} is shown as a whole text that is its beginning`, () => {
    const shown = showValue(text);
    const beginning: string = JSON.parse(shown.replace(/\.\.\."$/, '"'));
    assertEquals(
      [text.startsWith(beginning), beginning.length > 5, shown.length < 65],
      [true, true, true],
    );
  });
}
