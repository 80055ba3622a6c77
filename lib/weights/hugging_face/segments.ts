/**
 * Whether a pair's second sentence is of another segment than its first: where
 * the tokenizer makes `token_type_ids`, and the model has a row for them.
 *
 * @module
 */
import type { WarningEvent } from "../../events/events.ts";
import type { ResolvedTokenizer } from "../../text/resolve/tokenizer_sources.ts";
import type { ModelConfig } from "../model_config.ts";

/**
 * What a user should know of a model that cannot tell a pair's sentences apart
 * by their segments, where its tokenizer does, or the reverse.
 *
 * @param config The model.
 * @param tokenizer What the files of its tokenizer say.
 */
export function tellSegments(
  { family, segments, secondSegment }: ModelConfig,
  { segments: makes }: Pick<ResolvedTokenizer, "segments">,
): WarningEvent[] {
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
