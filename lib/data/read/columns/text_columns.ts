/**
 * Which columns of a file may hold sentences.
 *
 * @module
 */
import { normalName } from "./usual_names.ts";

/** A column of a table, or a field of JSON objects. */
export interface Column {
  /** Its name as the file has it. */
  name: string;
  /** What the first rows have there; those that have nothing are left out. */
  cells: readonly unknown[];
}

/** Columns whose names say that they hold no sentence, however they look. */
const NO_TEXT = [
  // Ids, and the index that pandas writes.
  /^$/,
  /^unnamed: \d+/,
  /^#?\d* ?(id|ids|idx|index|uid|guid|uuid|hash|key|qid)\d*$/,
  /(^|[^a-z])(id|ids|idx|uid|guid|key)\d*$/,
  /^(pair|caption|prompt|image|target|sense|question|document|sentence)id\d*$/,
  // Addresses and files.
  /(^|_)(url|uri|link|path|file|filename|image)s?$/,
  // Parses and what is counted in them.
  /parse$/,
  /(^|_)(pos|tags|tokens|lemmas|ner)$/,
  // Labels and what is said of them.
  /label/,
  /^(gold|class|category|score|rating|genre|domain|topic|source|dataset|page)$/,
  /^(annotator|worker|author|user|username|date|time|timestamp|created_at)s?$/,
  /^(split|subset|fold|lang|language|lang_abv|heuristic|subcase|template)$/,
];

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?%?$/i;
const WORD = /^(true|false|nan|null|none|n\/a|na|-)$/i;
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/\S*$/i;
const PARSE = /^\(.*\)$/s;

/** A script that puts no blanks between its words, so many of it in a row. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{5}/u;

/**
 * The columns that look like sentences: their cells are mostly several words,
 * and their names are not those of ids, labels, addresses or parses.
 *
 * @param columns All columns but the label's.
 */
export function textColumns<C extends Column>(columns: readonly C[]): C[] {
  return mayBeText(columns).filter(({ cells }) => {
    const texts = textsOf(cells);
    const several = texts.filter((text) =>
      /\S\s+\S/.test(text) || UNSPACED.test(text)
    );
    return several.length * 2 > texts.length;
  });
}

/**
 * The columns that nothing says are no sentences: short as they may be.
 *
 * @param columns All columns but the label's.
 */
export function mayBeText<C extends Column>(columns: readonly C[]): C[] {
  return columns.filter(({ name, cells }) => {
    const normal = normalName(name);
    if (NO_TEXT.some((pattern) => pattern.test(normal))) return false;
    const texts = textsOf(cells);
    const words = texts.filter((text) =>
      !NUMBER.test(text) && !WORD.test(text) && !ADDRESS.test(text) &&
      !PARSE.test(text)
    );
    return words.length * 2 > texts.length;
  });
}

function textsOf(cells: readonly unknown[]): string[] {
  return cells.filter((cell) => typeof cell === "string")
    .map((cell) => cell.trim()).filter((text) => text !== "");
}
