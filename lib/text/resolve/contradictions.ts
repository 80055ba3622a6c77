/**
 * Where a tokenizer is another than its `tokenizer.json` says.
 *
 * @module
 */
import { showValue } from "../../base/show_value.ts";
import type { AddedVocabulary } from "./added_vocabulary.ts";
import type { JsonObject } from "./json_files.ts";
import type { Template } from "./template.ts";

/** What a file says, and what is done, by names. */
export interface ReadFields {
  /** As `tokenizer.json` has it; undefined for what it does not say. */
  told: Record<string, unknown>;
  /** As it is done. */
  taken: Record<string, unknown>;
}

/**
 * Tells what transformers reads otherwise than a `tokenizer.json` has it.
 *
 * @param json Its content.
 * @param fields What was read of it, and what is done.
 * @param added The tokens that are added.
 * @return One phrase a difference.
 */
export function contradictions(
  json: JsonObject,
  { told, taken }: ReadFields,
  added: AddedVocabulary,
): string[] {
  const fields = Object.keys(told).filter((name) =>
    told[name] !== undefined && told[name] !== taken[name]
  ).map((name) =>
    `${name} is ${showValue(taken[name])}, not ${showValue(told[name])}`
  );
  const now = new Map(added.show().map((token) => [token.content, token]));
  const tokens = Array.isArray(json.added_tokens)
    ? json.added_tokens as JsonObject[]
    : [];
  const lost = tokens.filter(({ content, ...flags }) => {
    const token = now.get(content);
    if (!token) return true;
    return Object.keys(token).some((name) =>
      name in flags && name !== "special" && token[name] !== flags[name]
    );
  }).map(({ content }) => showValue(content));
  if (lost.length > 0) {
    fields.push(
      `added tokens are not, or otherwise, added: ${
        lost.slice(0, MOST_SHOWN).join(", ")
      }${lost.length > MOST_SHOWN ? ", ..." : ""}`,
    );
  }
  return fields;
}

const MOST_SHOWN = 5;

/** What a template says, by names; a file without one says nothing of it. */
export function templateFields(
  template: Template | null,
): Record<string, unknown> {
  return {
    cls: template?.cls.id,
    sep: template?.sep.id,
    "separators between sentences": template?.separators,
    "segment of second sentences": template?.segment,
  };
}
