import { assertEquals } from "@std/assert";
import { jsonLine } from "../../../lib/base/json_line.ts";

/** Every unit of UTF-16 below U+3000, where all line breaks and controls are. */
const UNITS = Array.from({ length: 0x3000 }, (_, i) => String.fromCharCode(i));

Deno.test("a line of JSON holds nothing that any program splits lines at", () => {
  const line = jsonLine({ text: UNITS.join("") });
  // What Python's str.splitlines knows, and all other control characters.
  assertEquals(/[\p{Cc}\u2028\u2029]/u.test(line.slice(0, -1)), false);
});

Deno.test("what is escaped in a line of JSON is read as it was", () => {
  assertEquals(JSON.parse(jsonLine(UNITS)), UNITS);
});

Deno.test("letters and emoji stand in a line of JSON as they are", () => {
  assertEquals(jsonLine("Größe 猫 🐈"), '"Größe 猫 🐈"\n');
});
