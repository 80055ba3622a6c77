/**
 * What each program calls the parameters of BERT, as a table.
 *
 * The neutral names are this project's own. Linear weights are (out, in) in all
 * of them, so that arrays move between programs without a transposition.
 *
 * @module
 */

/** Whose names: this project's, the book's in MXNet or PyTorch, Hugging Face's. */
export type Naming = "premise" | "d2l-mxnet" | "d2l-torch" | "hf";

/**
 * A parameter's, or module's, name in each program; `{i}` is the block, null
 * what a program has not.
 */
export type NameRow = readonly [
  neutral: string,
  mxnet: string | null,
  torch: string | null,
  hf: string,
];

/** Modules with `weight` and `bias` everywhere. */
const LINEAR_LAYERS: readonly NameRow[] = [
  ...[
    ["attention.query", "attention.W_q", "attention.self.query"],
    ["attention.key", "attention.W_k", "attention.self.key"],
    ["attention.value", "attention.W_v", "attention.self.value"],
    ["attention.output", "attention.W_o", "attention.output.dense"],
    ["ffn.up", "ffn.dense1", "intermediate.dense"],
    ["ffn.down", "ffn.dense2", "output.dense"],
  ].map(inBlock),
  ["pooler", "hidden", "hidden.0", "pooler.dense"],
  ["classifier", "output", "output", "classifier"],
  [
    "mlm.transform",
    "mlm.mlp.0",
    "mlm.mlp.0",
    "cls.predictions.transform.dense",
  ],
  ["nsp", "nsp.output", "nsp.output", "cls.seq_relationship"],
];

/** Modules with `weight` and `bias`, which MXNet calls `gamma` and `beta`. */
const LAYER_NORMS: readonly NameRow[] = [
  ["embeddings.norm", null, null, "embeddings.LayerNorm"],
  ...[
    ["attentionNorm", "addnorm1.ln", "attention.output.LayerNorm"],
    ["ffnNorm", "addnorm2.ln", "output.LayerNorm"],
  ].map(inBlock),
  [
    "mlm.norm",
    "mlm.mlp.1",
    "mlm.mlp.2",
    "cls.predictions.transform.LayerNorm",
  ],
];

/** Arrays that follow no pattern. */
const ARRAYS: readonly NameRow[] = [
  [
    "embeddings.token.weight",
    "encoder.token_embedding.weight",
    "encoder.token_embedding.weight",
    "embeddings.word_embeddings.weight",
  ],
  [
    "embeddings.segment.weight",
    "encoder.segment_embedding.weight",
    "encoder.segment_embedding.weight",
    "embeddings.token_type_embeddings.weight",
  ],
  [
    "embeddings.position.weight",
    "encoder.pos_embedding",
    "encoder.pos_embedding",
    "embeddings.position_embeddings.weight",
  ],
  [
    "mlm.decoder.weight",
    "mlm.mlp.2.weight",
    "mlm.mlp.3.weight",
    "cls.predictions.decoder.weight",
  ],
  [
    "mlm.decoder.bias",
    "mlm.mlp.2.bias",
    "mlm.mlp.3.bias",
    "cls.predictions.bias",
  ],
];

function inBlock([neutral, d2l, hf]: string[]): NameRow {
  const book = `encoder.blks.{i}.${d2l}`;
  return [`layers.{i}.${neutral}`, book, book, `encoder.layer.{i}.${hf}`];
}

function withLeaves(
  rows: readonly NameRow[],
  mxnetLeaves: [string, string],
): NameRow[] {
  return rows.flatMap(([neutral, mxnet, torch, hf]) =>
    ["weight", "bias"].map((leaf, i): NameRow => [
      `${neutral}.${leaf}`,
      mxnet && `${mxnet}.${mxnetLeaves[i]}`,
      torch && `${torch}.${leaf}`,
      `${hf}.${leaf}`,
    ])
  );
}

/**
 * Every parameter's name in each program; Hugging Face's without the `bert.`
 * that models with a head put before it.
 */
export const NAME_TABLE: readonly NameRow[] = [
  ...ARRAYS,
  ...withLeaves(LINEAR_LAYERS, ["weight", "bias"]),
  ...withLeaves(LAYER_NORMS, ["gamma", "beta"]),
];
