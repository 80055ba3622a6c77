/**
 * Whether a pair's second sentence is of another segment than its first: where
 * the tokenizer makes `token_type_ids`, and the model has a row for them.
 *
 * @module
 */
import { z } from "zod";
import type { WarningEvent } from "../../events/events.ts";
import type { FamilyName, ModelConfig } from "../model_config.ts";

/** The fields of a `tokenizer_config.json` that tell. */
export const segmentFields = {
  tokenizer_class: z.string().nullish(),
  model_input_names: z.array(z.string()).nullish(),
};

/** These fields as they were read. */
export interface SegmentFields {
  /** Which of transformers' classes reads the text. */
  tokenizer_class?: string | null | undefined;
  /** What that hands to the model. */
  model_input_names?: string[] | null | undefined;
}

/** Classes that are BERT's tokenizer, which makes `token_type_ids`. */
const OF_BERT =
  /^(?:Bert|Electra|ConvBert|LayoutLM|MobileBert|SqueezeBert)Tokenizer(?:Fast)?$/;
/** That of RoBERTa, which makes them all 0 where it is asked for them. */
const OF_ROBERTA = /^RobertaTokenizer(?:Fast)?$/;

/**
 * Whether a tokenizer tells a pair's sentences apart, by transformers' rules.
 *
 * @param fields What its `tokenizer_config.json` says.
 * @param family The model's family, whose own tokenizer is meant if the file
 *     names none.
 */
export function makesSegments(
  { tokenizer_class: name, model_input_names: inputs }: SegmentFields,
  family: FamilyName,
): boolean {
  const own = family === "roberta" ? "RobertaTokenizer" : "BertTokenizer";
  const tokenizer = name ?? own;
  if (OF_ROBERTA.test(tokenizer)) return false;
  return inputs?.includes("token_type_ids") ?? OF_BERT.test(tokenizer);
}

/**
 * What a user should know of a model that cannot tell a pair's sentences apart
 * by their segments, where its tokenizer does, or the reverse.
 *
 * @param config The model.
 * @param tokenizer The content of its `tokenizer_config.json`.
 */
export function tellSegments(
  { family, segments, secondSegment }: ModelConfig,
  tokenizer: Readonly<Record<string, unknown>>,
): WarningEvent[] {
  const fields = z.object(segmentFields).safeParse(tokenizer).data ?? {};
  const makes = makesSegments(fields, family);
  const ofBert = family === "hf-bert" || family === "electra";
  if (secondSegment === 1 || segments === 0 || !(makes || ofBert)) return [];
  const message = "Both sentences of a pair are of segment 0, as ";
  return [
    makes
      ? {
        event: "warning",
        code: "one-segment",
        message: message + `the model has ${segments} (type_vocab_size)`,
        hint: "transformers fails on pairs for such a model",
      }
      : {
        event: "warning",
        code: "one-segment",
        message: message + "the model's tokenizer makes no token_type_ids " +
          `(tokenizer_class, model_input_names)`,
        hint: "so it is in transformers; of a model that has learned with " +
          'two, write "tokenizer_class": "BertTokenizer" into its ' +
          "tokenizer_config.json",
      },
  ];
}
