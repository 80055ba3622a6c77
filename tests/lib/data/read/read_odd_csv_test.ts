import {
  BOM,
  csv,
  HEADER,
  READ,
  ROW,
  testGood,
  testRefused,
  testTold,
} from "../../../support/data/odd_files.ts";

testGood([
  ["a CSV file", "a.csv", csv(ROW)],
  ["a byte order mark", "a.csv", BOM + csv(ROW)],
  [
    "a byte order mark before a quoted header",
    "a.csv",
    `${BOM}"premise","hypothesis","label"\r\n"A man","He is","neutral"\r\n`,
  ],
  ["Windows' line ends", "a.csv", csv(ROW).replaceAll("\n", "\r\n")],
  ["old Macintoshes' line ends", "a.csv", csv(ROW).replaceAll("\n", "\r")],
  ["line ends of each kind", "a.csv", `${HEADER}\r\n\n${ROW}\r\r\n`],
  ["no line end at the end", "a.csv", `${HEADER}\n${ROW}`],
  ["empty lines at the end", "a.csv", csv(ROW) + "\n\n\r\n"],
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
  [
    "e-SNLI's columns",
    "a.csv",
    "pairID,gold_label,Sentence1,Sentence2,Explanation_1\n" +
    "7,neutral,A man,He is,because it is so\n",
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
]);

testTold([
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
    "a header alone has no rows",
    "a.csv",
    `${HEADER}\n`,
    [],
  ],
]);

testRefused([
  ["an empty file", "a.csv", "", /it is empty/],
  ["one column", "a.csv", "premise\nA man\n", /it has one column.*--delim/],
  [
    "two labels",
    "a.csv",
    `label,${HEADER}\n1,${ROW}\n`,
    /column "label": there are two of that name/,
  ],
  [
    "two characters between cells",
    "a.csv",
    csv(ROW).replaceAll(",", "||"),
    /it has one column, expected at least two \(--delimiter/,
  ],
  [
    "a header that is too long",
    "a.csv",
    `premise,${"x".repeat(3 << 20)}\n`,
    /line 1: it is longer than 1048576 bytes/,
  ],
  [
    "triplets",
    "a.csv",
    "anchor,positive,negative\nA b,C d,E f\n",
    /it has anchor, positive, negative, expected label or/,
  ],
]);
