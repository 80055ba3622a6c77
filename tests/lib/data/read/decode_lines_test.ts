import { assertEquals } from "@std/assert";
import { decodeLines } from "../../../../lib/data/read/decode_lines.ts";

const lines = (text: string, first = true) =>
  decodeLines(new TextEncoder().encode(text), { first });

Deno.test("lines end with \\n, \\r\\n or \\r", () => {
  assertEquals(lines("a\nb\r\nc\rd\n\r\ne"), ["a", "b", "c", "d", "", "e"]);
});

Deno.test("Unicode's other separators end no line", () => {
  const line = "a\u2028b\u2029c\u0085d\x0be\x1cf";
  assertEquals(lines(line + "\n"), [line]);
});

Deno.test("a file's byte order mark is left out, others stay", () => {
  assertEquals(lines("\ufeffa\n\ufeffb\n"), ["a", "\ufeffb"]);
  assertEquals(lines("\ufeffa\n", false), ["\ufeffa"]);
});

Deno.test("nothing has no lines", () => {
  assertEquals(lines(""), []);
});

Deno.test("lines that are not UTF-8 are null, whatever ends them", () => {
  const bytes = [..."\ufeffa\r\ncaf?\r\ufffd?\n?"]
    .flatMap((c) => c === "?" ? [0xe9] : [...new TextEncoder().encode(c)]);
  assertEquals(decodeLines(Uint8Array.from(bytes), { first: true }), [
    "a",
    null,
    null,
    null,
  ]);
});

Deno.test("a replacement character of the text itself is text", () => {
  const bytes = Uint8Array.of(0xef, 0xbf, 0xbd, 10, 0xff);
  assertEquals(decodeLines(bytes, { first: true }), ["\ufffd", null]);
});
