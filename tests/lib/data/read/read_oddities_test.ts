import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { gzipSync } from "node:zlib";
import { UserError } from "../../../../lib/base/errors.ts";
import type { WarningEvent } from "../../../../lib/events/events.ts";
import {
  type ReadOptions,
  readRows,
  SNLI_HEADER,
  snliRow,
} from "../../../support/data/data_files.ts";

/**
 * What is read of a file, in short: `premise | hypothesis | class` of each row;
 * of a bad one `! line, column: what`; or the error that refuses it all.
 */
async function told(
  name: string,
  content: string | Uint8Array,
  options: ReadOptions = {},
): Promise<string[]> {
  const warnings: WarningEvent[] = [];
  try {
    const { examples, bad } = await readRows(name, content, {
      ...options,
      onWarning: (warning) => warnings.push(warning),
    });
    return [
      ...warnings.map(({ code }) => `warning ${code}`),
      ...examples.map(({ premise, hypothesis, label }) =>
        [premise, hypothesis, label].join(" | ")
      ),
      ...bad.map(({ sourceLine, column, what }) =>
        `! ${sourceLine}${column === undefined ? "" : `, ${column}`}: ${what}`
      ),
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    assertEquals([error.code, error.exitCode], ["bad-data", 2]);
    assertStringIncludes(error.message, `"${name}"`);
    return [`${error.message} (${error.hint})`];
  }
}

const HEADER = "premise,hypothesis,label";
const ROW = "A man,He is,neutral";
const READ = "A man | He is | 2";
const csv = (...rows: string[]) => [HEADER, ...rows, ""].join("\n");
const json = (...rows: unknown[]) =>
  rows.map((row) => JSON.stringify(row) + "\n").join("");
const OBJECT = { premise: "A man", hypothesis: "He is", label: "neutral" };
const utf16 = (text: string) =>
  new Uint8Array(Uint16Array.from(text, (c) => c.charCodeAt(0)).buffer);
const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const BOM = "\ufeff";

/** Files, and what is read of them: all the same row. */
const GOOD: [what: string, name: string, content: string | Uint8Array][] = [
  ["a CSV file", "a.csv", csv(ROW)],
  ["a byte order mark", "a.csv", BOM + csv(ROW)],
  [
    "a byte order mark before a quoted header",
    "a.csv",
    `${BOM}"premise","hypothesis","label"\r\n"A man","He is","neutral"\r\n`,
  ],
  ["a byte order mark in TSV", "a.tsv", BOM + csv(ROW).replaceAll(",", "\t")],
  ["a byte order mark in JSON", "a.jsonl", BOM + json(OBJECT)],
  ["Windows' line ends", "a.csv", csv(ROW).replaceAll("\n", "\r\n")],
  ["old Macintoshes' line ends", "a.csv", csv(ROW).replaceAll("\n", "\r")],
  ["line ends of each kind", "a.csv", `${HEADER}\r\n\n${ROW}\r\r\n`],
  ["no line end at the end", "a.csv", `${HEADER}\n${ROW}`],
  ["empty lines at the end", "a.csv", csv(ROW) + "\n\n\r\n"],
  ["gzip", "a.csv.gz", gzipSync(csv(ROW))],
  ["gzip without its name", "a.csv", gzipSync(csv(ROW))],
  ["plain text with gzip's name", "a.csv.gz", csv(ROW)],
  ["a name in capitals", "A.CSV", csv(ROW)],
  ["names in mixed case", "a.csv", `Premise,HYPOTHESIS,Label\n${ROW}\n`],
  ["blanks around names", "a.csv", ` premise, hypothesis ,label\n${ROW}\n`],
  ["pandas' index", "a.csv", `,${HEADER}\n0,${ROW}\n`],
  ["pandas' index read again", "a.csv", `Unnamed: 0,${HEADER}\n0,${ROW}\n`],
  ["a trailing delimiter in each line", "a.csv", `${HEADER},\n${ROW},\n`],
  ["a trailing delimiter in rows", "a.csv", `${HEADER}\n${ROW},,\n`],
  ["other columns of one name", "a.csv", `n,${HEADER},n\n1,${ROW},x\n`],
  ["Excel's line that names the separator", "a.csv", `sep=,\n${csv(ROW)}`],
  [
    "the same for a semicolon",
    "a.csv",
    `sep=;\r\n${csv(ROW).replaceAll(",", ";")}`,
  ],
  ["a European CSV", "a.csv", csv(ROW).replaceAll(",", ";")],
  ["a CSV with tabs", "a.csv", csv(ROW).replaceAll(",", "\t")],
  ["a CSV with bars", "a.csv", csv(ROW).replaceAll(",", "|")],
  ["a TSV with commas", "a.tsv", csv(ROW)],
  ["a TSV file", "a.tsv", csv(ROW).replaceAll(",", "\t")],
  [
    "a TSV whose every cell is quoted",
    "a.tsv",
    csv(ROW).replaceAll(/[^,\n]+/g, '"$&"').replaceAll(",", "\t"),
  ],
  ["JSON lines", "a.jsonl", json(OBJECT)],
  ["JSON lines named .json", "a.json", json(OBJECT)],
  ["JSON lines with \\r alone", "a.jsonl", json(OBJECT).replace("\n", "\r")],
  ["an array", "a.json", JSON.stringify([OBJECT])],
  ["an array over lines", "a.json", JSON.stringify([OBJECT], null, 2)],
  ["an array named .jsonl", "a.jsonl", JSON.stringify([OBJECT]) + "\n"],
  ["an array after a byte order mark", "a.json", `${BOM} [${json(OBJECT)}]`],
  ["an array in gzip", "a.json.gz", gzipSync(JSON.stringify([OBJECT]))],
  [
    "e-SNLI's columns",
    "a.csv",
    "pairID,gold_label,Sentence1,Sentence2,Explanation_1\n" +
    "7,neutral,A man,He is,because it is so\n",
  ],
  [
    "VitaminC's columns",
    "a.jsonl",
    json({
      claim: "He is",
      evidence: "A man",
      page: "A page of Wikipedia",
      label: "neutral",
    }),
  ],
  [
    "SICK's columns",
    "a.tsv",
    "pair_ID\tsentence_A\tsentence_B\tentailment_label\trelatedness_score\n" +
    "1\tA man\tHe is\tNEUTRAL\t4.5\n",
  ],
  [
    "semicolons between cells with commas",
    "a.csv",
    'premise;hypothesis;note;label\n"A man";He is;a, b;neutral\n',
  ],
  [
    "semicolons between names with commas",
    "a.csv",
    "premise;hypothesis;note, if any;label\nA man;He is;;neutral\n",
  ],
  [
    "a bar in the name of a column",
    "a.csv",
    `${HEADER},this|that\n${ROW},\n`,
  ],
  [
    "SNLI's own file",
    "a.txt",
    `${SNLI_HEADER}\n${snliRow("neutral", "( A man )", "( He is )")}\n`,
  ],
];

for (const [what, name, content] of GOOD) {
  Deno.test(`${what} is read (${name})`, async () => {
    assertEquals(await told(name, content), [READ]);
  });
}

for (
  const [what, name, content, expected] of [
    [
      "NUL and line separators of Unicode in JSON are text",
      "a.jsonl",
      json({ ...OBJECT, premise: "A\0B\u2028C\u0085D" }),
      ["A\0B\u2028C\u0085D | He is | 2"],
    ],
    [
      "half a surrogate pair is text",
      "a.jsonl",
      '{"premise": "A \\ud83d", "hypothesis": "\\udc00", "label": 2}\n',
      ["A \ud83d | \udc00 | 2"],
    ],
    [
      "NUL in CSV is text",
      "a.csv",
      csv("A\0B,C,neutral"),
      ["A\0B | C | 2"],
    ],
    [
      "words for nothing are text in CSV",
      "a.csv",
      csv("null,None,neutral", "NA,nan,entailment", "N/A,NULL,contradiction"),
      ["null | None | 2", "NA | nan | 0", "N/A | NULL | 1"],
    ],
    [
      "quoted line ends are text",
      "a.csv",
      'premise,hypothesis,label\r\n"Two\nlines","A\r\nB",entailment\n',
      ["Two\nlines | A\nB | 0"],
    ],
    [
      "quotes in TSV are text",
      "a.tsv",
      'premise\thypothesis\tlabel\n" It rains\tIt is wet\tentailment\n' +
      'He said "no"\tHe agreed\tcontradiction\n"Yes\tNo"\tneutral\n',
      [
        '" It rains | It is wet | 0',
        'He said "no" | He agreed | 1',
        '"Yes | No" | 2',
      ],
    ],
    [
      "a TSV that pandas wrote is unquoted, with a warning",
      "a.tsv",
      'premise\thypothesis\tlabel\n"He said ""no"" twice."\t"He\tagreed."' +
      '\tneutral\nA dog, a cat\t"Two\nlines"\tentailment\n',
      [
        "warning quoted-cells",
        'He said "no" twice. | He\tagreed. | 2',
        "A dog, a cat | Two\nlines | 0",
      ],
    ],
    [
      "quotes around whole cells of a TSV stay, with a warning",
      "a.tsv",
      'premise\thypothesis\tlabel\n"Yes."\tNo.\tneutral\n',
      ["warning quoted-cells", '"Yes." | No. | 2'],
    ],
    [
      "quotes in MRPC's file are text",
      "mrpc.tsv",
      `${BOM}Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n` +
      '1\t7\t8\tHe said "yes"\t"He agreed\r\n0\t9\t10\tA\tB\r\n',
      ['He said "yes" | "He agreed | 1', "A | B | 0"],
    ],
    [
      "SNLI's quotes are text, closed as they may be",
      "snli_1.0_train.txt",
      `${SNLI_HEADER}\n${snliRow("neutral", '"A ""b"" c"', '"d"')}\n`,
      ['"A ""b"" c" | "d" | 2'],
    ],
    [
      "the quotes in GLUE's table of MultiNLI are text",
      "train.tsv",
      "index\tsentence1_binary_parse\tsentence1\tsentence2\tgold_label\n" +
      '0\t( x )\t"A ""b"""\t"d"\tneutral\n',
      ['"A ""b""" | "d" | 2'],
    ],
    [
      "rows of blank cells are bad",
      "a.csv",
      csv(ROW, ",,", " , ,"),
      [READ, "! 3: all its cells are blank", "! 4: all its cells are blank"],
    ],
    [
      "rows with a blank sentence are bad",
      "a.csv",
      csv("A man,,neutral", ",He is,neutral", "A man, ,neutral"),
      [
        "! 2, hypothesis: it is blank, expected one of the two sentences of a pair",
        "! 3, premise: it is blank, expected one of the two sentences of a pair",
        "! 4, hypothesis: it is blank, expected one of the two sentences of a pair",
      ],
    ],
    [
      "a row with a cell too many is bad",
      "a.csv",
      csv(`${ROW},more`),
      ["! 2: it has 4 columns, expected 3"],
    ],
    [
      "a row that is Latin-1 is bad",
      "a.csv",
      latin1(csv(ROW, "Caf\xe9,He is,neutral")),
      [READ, "! 3: it is not UTF-8"],
    ],
    [
      "rows of an array are counted",
      "a.json",
      `[\n${JSON.stringify(OBJECT, null, 2)},\n{"premise": 42, "hypothesis": ` +
      '"A year.", "label": 0}]',
      [READ, "! 2, premise: it is 42, expected a string"],
    ],
    [
      "a header alone has no rows",
      "a.csv",
      `${HEADER}\n`,
      [],
    ],
  ] as const
) {
  Deno.test(what, async () => {
    assertEquals(await told(name, content), [...expected]);
  });
}

for (
  const [what, name, content, expected] of [
    [
      "UTF-16 with a byte order mark",
      "a.csv",
      utf16(BOM + csv(ROW)),
      /it is UTF-16 text, .*iconv -f UTF-16 -t UTF-8/,
    ],
    ["UTF-16 without one", "a.csv", utf16(csv(ROW)), /it is UTF-16 text/],
    [
      "a header in Latin-1",
      "a.csv",
      latin1(`pr\xe9misse,${csv(ROW)}`),
      /line 1: it is not UTF-8 \(.*iconv -f WINDOWS-1252/,
    ],
    ["an empty file", "a.csv", "", /it is empty/],
    ["a byte order mark alone", "a.jsonl", BOM, /it has no rows/],
    ["an empty array", "a.json", "[]", /it has no rows/],
    ["one column", "a.csv", "premise\nA man\n", /it has one column.*--delim/],
    [
      "two labels",
      "a.csv",
      `label,${HEADER}\n1,${ROW}\n`,
      /column "label": there are two of that name/,
    ],
    [
      "a table without a header",
      "a.tsv",
      "Plants need light to grow.\tLight helps plants.\tentails\nA\tB\tneutral\n",
      /it has Plants need.*first line must name the columns/,
    ],
    [
      "two characters between cells",
      "a.csv",
      csv(ROW).replaceAll(",", "||"),
      /it has one column, expected at least two \(--delimiter/,
    ],
    [
      "gzip that is cut short",
      "a.csv.gz",
      gzipSync(csv(ROW)).subarray(0, 30),
      /it is damaged gzip.*cut short/,
    ],
    [
      "an Excel workbook",
      "a.csv",
      "PK\x03\x04\x14\0\0\0\x08\0[Content_Types].xml xl/workbook.xml",
      /it is an Excel workbook.*save the sheet as CSV/,
    ],
    [
      "a zip archive",
      "a.csv",
      "PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0train.csv",
      /it is a zip archive.*unpack it/,
    ],
    [
      "a file that Parquet's name does not fit",
      "a.parquet",
      csv(ROW),
      /it is no Parquet file/,
    ],
    ["cut Parquet", "a.parquet", "PAR1\x15\x04\x15", /damaged Parquet.*cut/],
    [
      "a web page",
      "a.csv",
      "<!DOCTYPE html>\n<html>",
      /it is a web page or XML/,
    ],
    [
      "a pointer of Git LFS",
      "a.jsonl",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
      /Git LFS keeps.*git lfs pull/,
    ],
    [
      "pandas' columns",
      "a.json",
      '{"premise":{"0":"A"},"hypothesis":{"0":"B"},"label":{"0":1}}',
      /one JSON object of columns \(orient="columns"\).*orient="records"/,
    ],
    [
      "pandas' index",
      "a.json",
      '{"0":{"premise":"A","hypothesis":"B","label":1}}',
      /one JSON object of rows \(orient="index"\)/,
    ],
    [
      "pandas' split",
      "a.json",
      '{"columns":["premise","label"],"index":[0],"data":[["A",1]]}',
      /one JSON object of columns/,
    ],
    [
      "pandas' table",
      "a.json",
      '{"schema":{"fields":[]},"data":[{"premise":"A","label":1}]}',
      /one JSON object with a schema/,
    ],
    [
      "pandas' values",
      "a.json",
      '[["A","B",1]]',
      /it begins with \[\["A".*expected objects/,
    ],
    [
      "lists of columns",
      "a.json",
      '{"premise":["A"],"hypothesis":["B"],"label":[1]}',
      /one JSON object of columns/,
    ],
    [
      "rows inside an object",
      "a.json",
      '{"version":"1","data":[{"premise":"A","label":1}]}',
      /whose rows are in "data".*jq -c '.data\[\]'/,
    ],
    [
      "splits inside an object",
      "a.json",
      '{"train":[{"premise":"A","hypothesis":"B","label":1}]}',
      /whose rows are in "train".*jq -c '.train\[\]'/,
    ],
    [
      "the hub's rows",
      "a.json",
      '{"features":[],"rows":[{"row_idx":0,"row":{"premise":"A"}}]}',
      /whose rows are in "rows"/,
    ],
    [
      "lines of lists",
      "a.jsonl",
      '["A","B",1]\n["C","D",0]\n',
      /it begins with \["A","B",1\], expected objects/,
    ],
    [
      "a first row that is too long",
      "a.jsonl",
      `{"premise": "${"x".repeat(3 << 20)}"}\n`,
      /line 1: it is longer than 1048576 bytes/,
    ],
    [
      "a first element that is too long",
      "a.json",
      `[{"premise": "${"x".repeat(3 << 20)}"}]`,
      /row 1: it is longer than 1048576 bytes/,
    ],
    [
      "a header that is too long",
      "a.csv",
      `premise,${"x".repeat(3 << 20)}\n`,
      /line 1: it is longer than 1048576 bytes/,
    ],
    [
      "two ways of a label's name",
      "a.jsonl",
      '{"premise": "A", "hypothesis": "B", "Label": 0}\n' +
      '{"premise": "A", "hypothesis": "B", "label": 0}\n',
      /column "label": there are two of that name \(rename one of/,
    ],
    [
      "three sentences of COPA",
      "a.jsonl",
      json({ premise: "A b", choice1: "C d", choice2: "E f", label: 0 }),
      /which column is the second is not clear: there are "choice1", "choice2"/,
    ],
    [
      "triplets",
      "a.csv",
      "anchor,positive,negative\nA b,C d,E f\n",
      /it has anchor, positive, negative, expected label or/,
    ],
    [
      "a dictionary of Python",
      "a.jsonl",
      "{'premise': 'A', 'label': 0}\n",
      /line 1: it is not JSON/,
    ],
    [
      "an object over lines",
      "a.json",
      JSON.stringify(OBJECT, null, 2),
      /line 1: it is not JSON.*jq -c \. FILE/,
    ],
    [
      "an array that is not closed",
      "a.json",
      `[${JSON.stringify(OBJECT)},`,
      /its array is not closed after 1 rows.*cut short/,
    ],
    [
      "more after an array",
      "a.json",
      `[${JSON.stringify(OBJECT)}][]`,
      /more stands after its array/,
    ],
    [
      "rows that are not JSON alone",
      "a.jsonl",
      '{"premise": "A", "hypothesis": NaN, "label": 0}\n',
      /line 1, column "hypothesis": it is NaN, which is not JSON/,
    ],
  ] as const
) {
  Deno.test(`${what} is refused by name (${name})`, async () => {
    const [error, ...more] = await told(name, content);
    assertEquals(more, []);
    assertMatch(error, expected);
  });
}
