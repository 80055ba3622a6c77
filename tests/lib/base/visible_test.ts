import { assertEquals } from "@std/assert";
import {
  visible,
  visibleLines,
  visibleValue,
} from "../../../lib/base/visible.ts";

for (
  const [what, text, expected] of [
    ["Escape", "\x1b[31m", "\\u001b[31m"],
    ["the bell", "\x07", "\\u0007"],
    ["a backspace", "a\bb", "a\\u0008b"],
    ["a carriage return", "good\rbad", "good\\rbad"],
    ["a line break", "a\nb", "a\\nb"],
    ["a tab", "a\tb", "a\\tb"],
    ["DEL", "\x7f", "\\u007f"],
    ["C1's CSI", "\x9b2J", "\\u009b2J"],
    ["a right-to-left override", "\u202egpj", "\\u202egpj"],
    ["an isolate", "\u2066a\u2069", "\\u2066a\\u2069"],
    ["the Arabic letter mark", "\u061c", "\\u061c"],
    ["a line separator", "\u2028", "\\u2028"],
    ["a zero-width space", "a\u200bb", "a\\u200bb"],
    ["a byte order mark", "\ufeffa", "\\ufeffa"],
    ["half a surrogate pair", "\ud83d", "\\ud83d"],
    ["a tag character", "\u{e0041}", "\\udb40\\udc41"],
  ] as const
) {
  Deno.test(`a terminal sees ${what} as an escape`, () => {
    assertEquals(visible(text), expected);
  });
}

for (const text of ["naïve Ωμέγα", "日本語", "می‌خواهم", "👩‍👩‍👧 🏴", "שלום"]) {
  Deno.test(`a terminal sees ${text} as it is`, () => {
    assertEquals(visible(text), text);
  });
}

Deno.test("a message keeps its indented lines alone", () => {
  assertEquals(visibleLines("a:\n  - b\nerror: c"), "a:\n  - b\\nerror: c");
});

Deno.test("values are made visible in texts and names alike, at any depth", () => {
  const value = { "a\x1b": ["b\x07", 1, null, { c: "\r", d: true }] };
  assertEquals(visibleValue(value), {
    "a\\u001b": ["b\\u0007", 1, null, { c: "\\r", d: true }],
  } as unknown);
});
