/**
 * Files that are something else than text in UTF-8, told by their first bytes.
 *
 * @module
 */
import { RowError } from "../bad_data.ts";

/** How a kind of file begins, and what to do about it. */
interface Foreign {
  /** What it is. */
  what: string;
  /** Its first bytes, a character each. */
  start: string;
  /** What to do. */
  hint: string;
}

const SPREADSHEET_HINT = "save the sheet as CSV in UTF-8, or in Python: " +
  'pandas.read_excel(FILE).to_csv("data.csv", index=False)';

const UTF8_HINT = "save it as UTF-8, as by: iconv -f UTF-16 -t UTF-8 FILE";

const FOREIGN: readonly Foreign[] = [
  { what: "UTF-16 text", start: "\xff\xfe", hint: UTF8_HINT },
  { what: "UTF-16 text", start: "\xfe\xff", hint: UTF8_HINT },
  {
    what: "an old Excel workbook",
    start: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    hint: SPREADSHEET_HINT,
  },
  {
    what: "an Arrow file",
    start: "ARROW1",
    hint: "write it as Parquet, as pandas' to_parquet does",
  },
  {
    what: "a stream of Arrow's",
    start: "\xff\xff\xff\xff",
    hint: "write it as Parquet, as datasets' to_parquet does",
  },
  {
    what: "a pickle of Python's",
    start: "\x80\x04",
    hint: "write it as Parquet, as pandas' to_parquet does",
  },
  {
    what: "an ORC file",
    start: "ORC",
    hint: "write it as Parquet, as pandas' to_parquet does",
  },
  {
    what: "a pointer to a file that Git LFS keeps",
    start: "version https://git-lfs.github.com/spec",
    hint: "git lfs pull fetches the file",
  },
  {
    what: "bzip2",
    start: "BZh",
    hint: "unpack it, or pack it as .gz",
  },
  { what: "xz", start: "\xfd7zXZ", hint: "unpack it, or pack it as .gz" },
  {
    what: "zstandard",
    start: "\x28\xb5\x2f\xfd",
    hint: "unpack it, or pack it as .gz",
  },
];

const ZIP = "PK\x03\x04";

/** How a Parquet file begins. */
const PARQUET = "PAR1";

/**
 * Refuses what is no text in UTF-8.
 *
 * @param head The first bytes, out of gzip.
 * @throws {RowError} Saying what it is and what to do.
 */
export function refuseForeign(head: Uint8Array): void {
  const start = latin1(head.subarray(0, 64));
  const foreign = FOREIGN.find((kind) => start.startsWith(kind.start));
  if (foreign) throw isForeign(foreign);
  if (start.startsWith(ZIP)) throw isForeign(kindOfZip(head));
  if (/^\s*<(!doctype|html|\?xml)/i.test(start)) {
    throw isForeign({
      what: "a web page or XML",
      start,
      hint: "is it what should have been downloaded?",
    });
  }
  if (isWide(head)) {
    throw isForeign({ what: "UTF-16 text", start, hint: UTF8_HINT });
  }
}

/** Whether a file is Parquet. */
export function isParquet(head: Uint8Array): boolean {
  return latin1(head.subarray(0, PARQUET.length)) === PARQUET;
}

function isForeign({ what, hint }: Foreign): RowError {
  return new RowError(`it is ${what}, expected text in UTF-8`, { hint });
}

function kindOfZip(head: Uint8Array): Foreign {
  const text = latin1(head);
  const sheet = /xl\/|\[Content_Types\]\.xml/.test(text);
  const open = text.includes("mimetypeapplication/vnd.oasis.opendocument");
  return {
    what: sheet
      ? "an Excel workbook"
      : open
      ? "an OpenDocument sheet"
      : "a zip archive",
    start: ZIP,
    hint: sheet || open
      ? SPREADSHEET_HINT
      : "unpack it, or give --data the archive alone, without SPLIT=",
  };
}

/** Whether every other byte is 0, as in UTF-16 without a byte order mark. */
function isWide(head: Uint8Array): boolean {
  const length = Math.min(head.length, 256) & ~1;
  if (length < 4) return false;
  const zeros = [0, 0];
  for (let i = 0; i < length; i++) if (head[i] === 0) zeros[i % 2]++;
  const half = length / 2;
  return zeros.some((count, i) => count > 0.7 * half && zeros[1 - i] === 0);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 4096));
}
