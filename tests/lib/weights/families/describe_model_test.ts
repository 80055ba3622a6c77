import { assertEquals, assertStringIncludes } from "@std/assert";
import { HUGGING_FACE_FAMILIES } from "../../../../lib/weights/families/families.ts";

/** Fields that no default has, as each family calls them. */
const BERT = {
  vocab_size: 101,
  hidden_size: 24,
  num_hidden_layers: 3,
  num_attention_heads: 6,
  intermediate_size: 40,
  hidden_act: "relu",
  hidden_dropout_prob: 0.05,
  attention_probs_dropout_prob: 0.15,
  classifier_dropout: 0.25,
  max_position_embeddings: 70,
  type_vocab_size: 3,
  initializer_range: 0.5,
  layer_norm_eps: 1e-3,
  pad_token_id: 4,
};
const FIELDS: Record<string, Record<string, unknown>> = {
  "hf-bert": BERT,
  electra: { ...BERT, embedding_size: 8 },
  roberta: BERT,
  distilbert: {
    vocab_size: 101,
    max_position_embeddings: 70,
    n_layers: 3,
    n_heads: 6,
    dim: 24,
    hidden_dim: 40,
    dropout: 0.05,
    attention_dropout: 0.15,
    activation: "relu",
    initializer_range: 0.5,
    seq_classif_dropout: 0.25,
    pad_token_id: null,
  },
};

for (const family of HUGGING_FACE_FAMILIES) {
  for (const activation of ["gelu", "gelu_new", "relu"]) {
    Deno.test(`a config.json of ${family.title} with ${activation} is described by the fields that it has`, () => {
      const fields = { ...FIELDS[family.name] };
      const key = "activation" in fields ? "activation" : "hidden_act";
      fields[key] = activation;
      const problems: string[] = [];
      const architecture = family.translate(fields, problems)!;
      assertEquals(problems, []);
      assertEquals(family.describe(architecture), fields);
    });
  }

  Deno.test(`the defaults of ${family.title} are described as what they are`, () => {
    const architecture = family.translate({}, [])!;
    const described = family.describe(architecture);
    assertEquals(family.translate(described, []), architecture);
  });
}

/** What `pad_token_id` means where there are 101 tokens, as PyTorch has it. */
const PADDING: [id: number | null | undefined, row: number | null][] = [
  [undefined, 0],
  [null, null],
  [0, 0],
  [100, 100],
  [-1, 100],
  [-101, 0],
];
const THREE = HUGGING_FACE_FAMILIES.filter(({ name }) => name !== "roberta");

for (const { name, title, translate } of THREE) {
  for (const [id, row] of PADDING) {
    Deno.test(`the padding row of ${title} with pad_token_id ${id} is ${row}`, () => {
      const problems: string[] = [];
      const fields = { ...FIELDS[name], pad_token_id: id };
      assertEquals(translate(fields, problems)?.paddingRow, row);
      assertEquals(problems, []);
    });
  }
}

for (const { name, title, translate } of HUGGING_FACE_FAMILIES) {
  for (const id of [101, -102, 0.5, "0", true]) {
    Deno.test(`${title} is refused with ${JSON.stringify(id)} as its pad_token_id`, () => {
      const problems: string[] = [];
      translate({ ...FIELDS[name], pad_token_id: id }, problems);
      assertEquals(problems.length, 1);
      assertStringIncludes(problems[0], "pad_token_id is ");
    });
  }
}
