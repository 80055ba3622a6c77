import { gzipSync } from "node:zlib";
import {
  BOM,
  csv,
  latin1,
  READ,
  ROW,
  testGood,
  testRefused,
  testTold,
  utf16,
} from "../../../support/data/odd_files.ts";

testGood([
  ["gzip", "a.csv.gz", gzipSync(csv(ROW))],
  ["gzip without its name", "a.csv", gzipSync(csv(ROW))],
  ["plain text with gzip's name", "a.csv.gz", csv(ROW)],
]);

testTold([
  [
    "a row that is Latin-1 is bad",
    "a.csv",
    latin1(csv(ROW, "Caf\xe9,He is,neutral")),
    [READ, "! 3: it is not UTF-8"],
  ],
]);

testRefused([
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
]);
