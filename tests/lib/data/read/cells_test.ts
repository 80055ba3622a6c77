import { assertEquals, assertInstanceOf } from "@std/assert";
import { parse } from "csv-parse/sync";
import { RowError } from "../../../../lib/data/read/bad_data.ts";
import { splitPlain, splitQuoted } from "../../../../lib/data/read/cells.ts";

/** What csv-parse makes of a table, or null if it refuses it. */
function csvParse(text: string, delimiter: string): string[][] | null {
  try {
    return parse(text, {
      delimiter,
      recordDelimiter: "\n",
      relaxColumnCount: true,
      skipEmptyLines: true,
    });
  } catch {
    return null;
  }
}

/** All texts of so many of these characters. */
function* textsOf(characters: string, length: number): Generator<string> {
  if (length === 0) yield "";
  else {
    for (const text of textsOf(characters, length - 1)) {
      for (const character of characters) yield text + character;
    }
  }
}

for (const delimiter of [",", ";", "\t"]) {
  Deno.test(`cells between ${JSON.stringify(delimiter)} are csv-parse's`, () => {
    for (let length = 0; length <= 6; length++) {
      for (const text of textsOf(`a"\n${delimiter}`, length)) {
        const lines = text.split("\n");
        if (lines.at(-1) === "") lines.pop();
        const rows = [...splitQuoted(lines, delimiter)].map(([, cells]) =>
          cells
        );
        const bad = rows.some((cells) => cells instanceof RowError);
        assertEquals(
          bad ? null : rows,
          csvParse(text, delimiter),
          JSON.stringify(text),
        );
      }
    }
  });
}

Deno.test("a bad row takes no other row with it", () => {
  const lines = ['a,"0', "b,1", 'c"d,2', "e,3", '"f"g,4', "h,5", '"i', "j,6"];
  const rows = [...splitQuoted(lines, ",")];
  assertEquals(
    rows.filter(([, cells]) => !(cells instanceof RowError)),
    [[1, ["b", "1"]], [3, ["e", "3"]], [5, ["h", "5"]], [7, ["j", "6"]]],
  );
  assertEquals(rows.length, 8);
});

for (
  const [what, line, expected] of [
    ["a quote inside a cell", 'a"b,0', 'a quote stands inside the cell a"b'],
    [
      "text after a quote",
      '"a"b,0',
      'after a quoted cell stands "b", expected',
    ],
    ["a quote that stays open", '"a,0', "a quote in it is not closed"],
  ]
) {
  Deno.test(`${what} is bad`, () => {
    const [[, error]] = splitQuoted([line], ",");
    assertInstanceOf(error, RowError);
    assertEquals(error.message.startsWith(expected), true, error.message);
  });
}

Deno.test("a quoted row with a line that is not UTF-8 is bad", () => {
  const [[row, error], next] = splitQuoted(['"a', null, 'b",0'], ",");
  assertEquals([row, (error as RowError).message], [0, "it is not UTF-8"]);
  assertEquals(next[0], 1, "reading goes on with the next line");
});

Deno.test("quotes mean nothing in a plain table", () => {
  assertEquals([...splitPlain(['"a\tb"', "", null, "c"], "\t")].slice(0, 1), [
    [0, ['"a', 'b"']],
  ]);
});
