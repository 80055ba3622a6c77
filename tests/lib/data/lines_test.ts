import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { readLines } from "../../../lib/data/lines.ts";
import { UserError } from "../../../lib/errors.ts";
import { withFiles } from "./data_files.ts";

async function linesOf(content: string | Uint8Array): Promise<string[]> {
  let lines: string[] = [];
  await withFiles({ "a.txt": content }, async (directory) => {
    lines = await Array.fromAsync(readLines(join(directory, "a.txt")));
  });
  return lines;
}

Deno.test("lines end with \\n, \\r\\n or \\r", async () => {
  assertEquals(await linesOf("a\nb\r\nc\rd\n\r\ne"), [
    "a",
    "b",
    "c",
    "d",
    "",
    "e",
  ]);
});

Deno.test("Unicode's other separators end no line", async () => {
  const line = "a\u2028b\u2029c\u0085d\x0be\x1cf";
  assertEquals(await linesOf(line + "\n"), [line]);
});

Deno.test("a file's byte order mark is left out, others stay", async () => {
  assertEquals(await linesOf("\ufeffa\n\ufeffb\n"), ["a", "\ufeffb"]);
});

Deno.test("an empty file has no lines", async () => {
  assertEquals(await linesOf(""), []);
});

Deno.test("line ends are found where the file is read in pieces", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    for (let length = (1 << 18) - 2; length <= (1 << 18) + 1; length++) {
      const first = "é".repeat(length / 2) + "x".repeat(length % 2);
      const found = await linesOf(first + end + "second" + end);
      assertEquals(
        found.map((line) => line.length),
        [first.length, 6],
        `${JSON.stringify(end)} after ${length} bytes`,
      );
    }
  }
});

Deno.test("a line that is not UTF-8 is named", async () => {
  const latin1 = Uint8Array.of(0x61, 10, 0x63, 0x61, 0x66, 0xe9, 10, 0x62);
  const error = await assertRejects(
    () => linesOf(latin1),
    UserError,
    'a.txt", line 2: it is not UTF-8',
  );
  assertEquals(error.code, "bad-data");
});

Deno.test("a missing file is named", async () => {
  await assertRejects(
    () => Array.fromAsync(readLines("nowhere.txt")),
    UserError,
    'Cannot read "nowhere.txt"',
  );
});
