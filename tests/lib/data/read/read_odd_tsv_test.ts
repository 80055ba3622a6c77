import { SNLI_HEADER, snliRow } from "../../../support/data/data_files.ts";
import {
  BOM,
  csv,
  ROW,
  testGood,
  testRefused,
  testTold,
} from "../../../support/data/odd_files.ts";

testGood([
  ["a byte order mark in TSV", "a.tsv", BOM + csv(ROW).replaceAll(",", "\t")],
  ["a TSV with commas", "a.tsv", csv(ROW)],
  ["a TSV file", "a.tsv", csv(ROW).replaceAll(",", "\t")],
  [
    "a TSV whose every cell is quoted",
    "a.tsv",
    csv(ROW).replaceAll(/[^,\n]+/g, '"$&"').replaceAll(",", "\t"),
  ],
  [
    "SICK's columns",
    "a.tsv",
    "pair_ID\tsentence_A\tsentence_B\tentailment_label\trelatedness_score\n" +
    "1\tA man\tHe is\tNEUTRAL\t4.5\n",
  ],
  [
    "SNLI's own file",
    "a.txt",
    `${SNLI_HEADER}\n${snliRow("neutral", "( A man )", "( He is )")}\n`,
  ],
]);

testTold([
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
]);

testRefused([
  [
    "a table without a header",
    "a.tsv",
    "Plants need light to grow.\tLight helps plants.\tentails\nA\tB\tneutral\n",
    /it has Plants need.*first line must name the columns/,
  ],
]);
