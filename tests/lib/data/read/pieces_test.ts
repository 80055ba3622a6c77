import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { gzipSync } from "node:zlib";
import { UserError } from "../../../../lib/base/errors.ts";
import { decodeLines } from "../../../../lib/data/read/decode_lines.ts";
import { LONGEST_ROW, readPieces } from "../../../../lib/data/read/pieces.ts";
import { withFiles } from "../../../support/data/data_files.ts";

/** The pieces of a file as text; null for a line that is too long. */
async function piecesOf(
  content: string | Uint8Array,
  delimiter: string | null = null,
): Promise<(string | null)[]> {
  const pieces: (string | null)[] = [];
  await withFiles({ a: content }, async (directory) => {
    const file = { path: join(directory, "a"), shown: "a.txt" };
    for await (const { bytes } of readPieces(file, delimiter)) {
      pieces.push(bytes && new TextDecoder().decode(bytes));
    }
  });
  return pieces;
}

const BLOCK = 1 << 16;

Deno.test("line ends are found where the file is read in blocks", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    for (let length = BLOCK - 2; length <= BLOCK + 1; length++) {
      const pieces = await piecesOf("x".repeat(length) + end + "second" + end);
      const lines = pieces.flatMap((piece) =>
        decodeLines(new TextEncoder().encode(piece!), { first: false })
      );
      assertEquals(
        lines.map((line) => line!.length),
        [length, 6],
        `${JSON.stringify(end)} after ${length} bytes`,
      );
    }
  }
});

Deno.test("a quoted line end never ends a piece, wherever a block does", async () => {
  const cell = '"a\n""b"",\r\n"';
  for (let shift = 0; shift < cell.length + 4; shift++) {
    const start = "x".repeat(BLOCK - cell.length + shift - 2) + "\n";
    const pieces = await piecesOf(`${start}1,${cell}\n2,${cell}\n`, ",");
    assertEquals(pieces.join(""), `${start}1,${cell}\n2,${cell}\n`);
    const halves = pieces.filter((piece) => piece!.split('"').length % 2 === 0);
    assertEquals(halves, [], `shifted by ${shift}`);
  }
});

Deno.test("a line that is too long is told of, and the next ones are read", async () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const long = "x".repeat(LONGEST_ROW + 3 * BLOCK);
    assertEquals(
      await piecesOf(["a", long, "b", "c"].join(end)),
      ["a" + end, null, "b" + end, "c"],
      JSON.stringify(end),
    );
  }
});

Deno.test("a quote that is never closed hides no other row", async () => {
  const rows = "b,1\n".repeat(LONGEST_ROW / 2);
  const pieces = await piecesOf('"a,0\n' + rows, ",");
  assertEquals(pieces.join("").length, 5 + rows.length);
});

Deno.test("gzip is inflated, whatever its name, of any number of members", async () => {
  const bytes = [...gzipSync("one\n"), ...gzipSync("two\n")];
  assertEquals((await piecesOf(Uint8Array.from(bytes))).join(""), "one\ntwo\n");
});

for (
  const [what, change] of [
    ["cut short", (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 9)],
    ["changed", (bytes: Uint8Array) => bytes.with(bytes.length - 6, 7)],
    ["followed by junk", (bytes: Uint8Array) => Uint8Array.of(...bytes, 1, 2)],
  ] as const
) {
  Deno.test(`gzip that is ${what} is refused`, async () => {
    const error = await assertRejects(
      () => piecesOf(change(gzipSync("one\ntwo\n"))),
      UserError,
      'Cannot read "a.txt": it is damaged gzip',
    );
    assertEquals(error.code, "bad-data");
  });
}

Deno.test("a missing file is named", async () => {
  const file = { path: "nowhere.txt", shown: "nowhere.txt" };
  await assertRejects(
    () => Array.fromAsync(readPieces(file, null)),
    UserError,
    'Cannot read "nowhere.txt"',
  );
});
