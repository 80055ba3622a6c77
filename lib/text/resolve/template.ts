/**
 * What stands around the sentences of an example, the part of a
 * `tokenizer.json` that is called its post-processor, and from which end they
 * are cut, which is all that counts of its truncation.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import { isId, isObject, type JsonObject, valueAt } from "./json_files.ts";

/** A token of a template. */
export interface Sign {
  /** Its text. */
  content: string;
  /** Its id. */
  id: number;
}

/** `<cls> A <sep>`, and `<cls> A <sep> B <sep>` with one or more in between. */
export interface Template {
  /** Opens an example. */
  cls: Sign;
  /** Closes a sentence. */
  sep: Sign;
  /** How many `sep` stand between two sentences. */
  separators: 1 | 2;
  /** The segment of a second sentence. */
  segment: 0 | 1;
}

const EXPECTED = "expected a TemplateProcessing of [CLS] A [SEP] and " +
  "[CLS] A [SEP] B [SEP], or the like with two [SEP] in between, a " +
  "BertProcessing or a RobertaProcessing";

/**
 * Reads a post-processor.
 *
 * @param value The part of the file.
 * @return What it makes; null if there is none; what is wrong with it.
 */
export function readTemplate(value: unknown): Template | null | string {
  if (value == null) return null;
  const template = isObject(value)
    ? readPair(value) ?? readPieces(value)
    : undefined;
  return template ??
    `tokenizer.json's post_processor is ${showValue(value)}, ${EXPECTED}`;
}

/** The same as a TemplateProcessing. */
export function showTemplate(
  { cls, sep, separators, segment }: Template,
): JsonObject {
  const sign = ({ content }: Sign, type_id: number) => ({
    SpecialToken: { id: content, type_id },
  });
  const sentence = (id: string, type_id: number) => ({
    Sequence: { id, type_id },
  });
  const single = [sign(cls, 0), sentence("A", 0), sign(sep, 0)];
  const signs = [cls, sep].map(({ content, id }) => [
    content,
    { id: content, ids: [id], tokens: [content] },
  ]);
  return {
    type: "TemplateProcessing",
    single,
    pair: [
      ...single,
      ...separators === 2 ? [sign(sep, 0)] : [],
      sentence("B", segment),
      sign(sep, segment),
    ],
    special_tokens: Object.fromEntries(signs),
  };
}

/** The two forms that name only the two tokens. */
function readPair({ type, cls, sep }: JsonObject): Template | undefined {
  if (type !== "BertProcessing" && type !== "RobertaProcessing") return;
  const [opens, closes] = [cls, sep].map((sign) => {
    const [content, id] = Array.isArray(sign) ? sign : [];
    return typeof content === "string" && isId(id) ? { content, id } : null;
  });
  if (!opens || !closes) return;
  return type === "BertProcessing"
    ? { cls: opens, sep: closes, separators: 1, segment: 1 }
    : { cls: opens, sep: closes, separators: 2, segment: 0 };
}

/** A template, piece by piece. */
function readPieces(
  { type, single, pair, special_tokens: tokens }: JsonObject,
): Template | undefined {
  if (type !== "TemplateProcessing" || !isObject(tokens)) return;
  const [one, two] = [single, pair].map(readList);
  const [opens, , closes] = one ?? [];
  const [cls, sep] = [opens, closes].map((piece) => signOf(piece, tokens));
  if (!cls || !sep) return;
  // What is read must write the same two lists.
  const last = two?.at(-1);
  const segment = last?.type_id === 1 ? 1 : 0;
  const separators = two?.length === 6 ? 2 : 1;
  const template: Template = { cls, sep, separators, segment };
  const written = showTemplate(template);
  const same = [[written.single, single], [written.pair, pair]]
    .every(([a, b]) => sameList(readList(a), readList(b)));
  return same ? template : undefined;
}

/** A piece of a template, flat. */
interface Piece {
  kind: string;
  id: unknown;
  type_id: unknown;
}

function readList(list: unknown): Piece[] | undefined {
  if (!Array.isArray(list)) return undefined;
  return list.map((piece) => {
    const [[kind, value] = []] = Object.entries(Object(piece));
    const { id, type_id } = Object(value);
    return { kind: String(kind), id, type_id };
  });
}

function sameList(a: Piece[] | undefined, b: Piece[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function signOf(
  piece: Piece | undefined,
  tokens: JsonObject,
): Sign | undefined {
  if (piece?.kind !== "SpecialToken") return undefined;
  const { ids } = Object(tokens[String(piece.id)]);
  const [id] = Array.isArray(ids) && ids.length === 1 ? ids : [];
  return isId(id) ? { content: String(piece.id), id } : undefined;
}

/**
 * From which end a text that is too long is cut.
 *
 * @param json The content of a `tokenizer.json`.
 */
export function readCut(json: JsonObject): "left" | "right" {
  return valueAt(json, "truncation.direction") === "Left" ? "left" : "right";
}

/** Writes what {@link readCut} reads: how long texts are is the caller's. */
export function showCut(cut: "left" | "right"): JsonObject | null {
  if (cut === "right") return null;
  return {
    direction: "Left",
    max_length: 512,
    strategy: "LongestFirst",
    stride: 0,
  };
}
