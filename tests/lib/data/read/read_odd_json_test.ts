import { gzipSync } from "node:zlib";
import {
  BOM,
  json,
  OBJECT,
  READ,
  testGood,
  testRefused,
  testTold,
} from "../../../support/data/odd_files.ts";

testGood([
  ["a byte order mark in JSON", "a.jsonl", BOM + json(OBJECT)],
  ["JSON lines", "a.jsonl", json(OBJECT)],
  ["JSON lines named .json", "a.json", json(OBJECT)],
  ["JSON lines with \\r alone", "a.jsonl", json(OBJECT).replace("\n", "\r")],
  ["an array", "a.json", JSON.stringify([OBJECT])],
  ["an array over lines", "a.json", JSON.stringify([OBJECT], null, 2)],
  ["an array named .jsonl", "a.jsonl", JSON.stringify([OBJECT]) + "\n"],
  ["an array after a byte order mark", "a.json", `${BOM} [${json(OBJECT)}]`],
  ["an array in gzip", "a.json.gz", gzipSync(JSON.stringify([OBJECT]))],
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
]);

testTold([
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
    "rows of an array are counted",
    "a.json",
    `[\n${JSON.stringify(OBJECT, null, 2)},\n{"premise": 42, "hypothesis": ` +
    '"A year.", "label": 0}]',
    [READ, "! 2, premise: it is 42, expected a string"],
  ],
]);

testRefused([
  ["a byte order mark alone", "a.jsonl", BOM, /it has no rows/],
  ["an empty array", "a.json", "[]", /it has no rows/],
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
]);
