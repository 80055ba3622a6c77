/**
 * RoBERTa (Liu et al., 2019) as transformers has it: `RobertaConfig`,
 * `RobertaForSequenceClassification`.
 *
 * @module
 */
import { z } from "zod";
import {
  bertEncoder,
  bertFields,
  BUFFERS,
  describeBertEncoder,
  ENCODER_NAMES,
  NORM_ALIASES,
} from "./bert.ts";
import {
  type Architecture,
  type HuggingFaceFamily,
  withLeaves,
} from "./family.ts";
import { readFields } from "./hf_fields.ts";

const schema = z.object({
  ...bertFields,
  vocab_size: z.number().default(50265),
  pad_token_id: z.int().min(0).default(1),
});

/**
 * RoBERTa: positions are counted from the one after padding's, and the head is dropout, a layer with tanh, dropout, and the
 * output layer. The pooler of its pretraining is left out, as there.
 */
export const roberta: HuggingFaceFamily = {
  name: "roberta",
  title: "RoBERTa",
  modelType: "roberta",
  classPrefix: "Roberta",
  dropouts: [
    "dropout",
    "attentionDropout",
    "attendedDropout",
    "clsDropout",
    "classifierDropout",
  ],
  names: {
    rows: [
      ...ENCODER_NAMES,
      ...withLeaves([
        ["pooler", "classifier.dense"],
        ["classifier", "classifier.out_proj"],
      ]),
    ],
    prefix: "roberta.",
    prefixed: /^(?:embeddings|layers)\./,
    aliases: NORM_ALIASES,
    redundant: BUFFERS,
    unused: /^pooler\./,
  },
  translate(config, problems): Architecture | undefined {
    const fields = readFields(schema, config, problems);
    if (!fields) return undefined;
    const encoder = bertEncoder(fields, problems);
    return {
      ...encoder,
      firstPosition: fields.pad_token_id + 1,
      poolerActivation: "tanh",
      clsDropout: encoder.classifierDropout,
    };
  },
  describe(architecture): Record<string, unknown> {
    return {
      ...describeBertEncoder(architecture),
      pad_token_id: architecture.firstPosition - 1,
    };
  },
};
