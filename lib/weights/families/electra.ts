/**
 * ELECTRA (Clark et al., 2020) as transformers has it: `ElectraConfig`,
 * `ElectraForSequenceClassification`.
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
  embedding_size: z.number().default(128),
  hidden_size: z.number().default(256),
  num_attention_heads: z.number().default(4),
  intermediate_size: z.number().default(1024),
});

/**
 * ELECTRA: tables that may be narrower than the encoder, and a head of dropout, a
 * layer with GELU whatever the encoder's activation, dropout, and the output
 * layer.
 */
export const electra: HuggingFaceFamily = {
  name: "electra",
  title: "ELECTRA",
  modelType: "electra",
  classPrefix: "Electra",
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
        ["embeddings.projection", "embeddings_project"],
        ["pooler", "classifier.dense"],
        ["classifier", "classifier.out_proj"],
      ]),
    ],
    prefix: "electra.",
    prefixed: /^(?:embeddings|layers)\./,
    aliases: NORM_ALIASES,
    redundant: BUFFERS,
  },
  translate(config, problems): Architecture | undefined {
    const fields = readFields(schema, config, problems);
    if (!fields) return undefined;
    const encoder = bertEncoder(fields, problems);
    return {
      ...encoder,
      embedding: fields.embedding_size,
      poolerActivation: "gelu",
      clsDropout: encoder.classifierDropout,
    };
  },
  describe(architecture): Record<string, unknown> {
    return {
      ...describeBertEncoder(architecture),
      embedding_size: architecture.embedding,
    };
  },
};
