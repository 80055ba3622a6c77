import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  detectFamily,
  detectNaming,
} from "../../../../lib/weights/families/detect_names.ts";
import {
  foreignName,
  neutralName,
} from "../../../../lib/weights/families/names.ts";
import { renameToNeutral } from "../../../../lib/weights/families/rename_arrays.ts";
import { readSafetensors } from "../../../../lib/weights/formats/safetensors.ts";

const fixtures = new URL("../../../../fixtures/golden/", import.meta.url);
const one = { shape: [1], data: new Float32Array([1]) };

function arraysNamed(...names: string[]) {
  return new Map(names.map((name) => [name, one]));
}

async function goldenNames(kind: "mxnet" | "torch" | "hf"): Promise<string[]> {
  if (kind === "hf") {
    const file = new URL("hf/model.safetensors", fixtures);
    const bytes = await Deno.readFile(file);
    return [...readSafetensors(bytes, "hf").arrays.keys()];
  }
  const reference = new URL(`${kind}/reference.json`, fixtures);
  return Object.keys(JSON.parse(await Deno.readTextFile(reference)).names);
}

for (
  const [kind, naming] of [
    ["mxnet", "d2l-mxnet"],
    ["torch", "d2l-torch"],
    ["hf", "hf"],
  ] as const
) {
  Deno.test(`names of ${naming} are recognised`, async () => {
    assertEquals(detectNaming(await goldenNames(kind)), naming);
  });

  Deno.test(`every name of ${naming} becomes neutral and comes back`, async () => {
    const names = await goldenNames(kind);
    assertEquals(
      names.map((name) => foreignName(neutralName(name, naming)!, naming)),
      names,
    );
  });
}

for (const family of ["distilbert", "electra", "roberta"] as const) {
  const file = new URL(`families/${family}/model.safetensors`, fixtures);

  Deno.test(`every name of ${family} becomes neutral and comes back`, async () => {
    const bytes = await Deno.readFile(file);
    const names = [...readSafetensors(bytes, family).arrays.keys()];
    assertEquals([detectNaming(names), detectFamily(names)], ["hf", family]);
    assertEquals(
      names.map((name) =>
        foreignName(neutralName(name, "hf", family)!, "hf", family)
      ),
      names,
    );
  });
}

for (
  const [family, name, neutral] of [
    [
      "distilbert",
      "transformer.layer.1.sa_layer_norm.bias",
      "layers.1.attentionNorm.bias",
    ],
    [
      "distilbert",
      "module.distilbert.transformer.layer.0.ffn.lin2.bias",
      "layers.0.ffn.down.bias",
    ],
    ["distilbert", "encoder.layer.0.output.dense.bias", null],
    ["distilbert", "embeddings.token_type_embeddings.weight", null],
    ["electra", "embeddings_project.bias", "embeddings.projection.bias"],
    [
      "electra",
      "electra.embeddings.LayerNorm.gamma",
      "embeddings.norm.weight",
    ],
    ["electra", "classifier.weight", null],
    ["electra", "bert.embeddings.LayerNorm.weight", null],
    ["roberta", "roberta.pooler.dense.weight", null],
    ["roberta", "classifier.dense.bias", "pooler.bias"],
    ["roberta", "encoder.layer.3.output.dense.bias", "layers.3.ffn.down.bias"],
  ] as const
) {
  Deno.test(`"${name}" of ${family} is ${neutral ?? "none of its own"}`, () => {
    assertEquals(neutralName(name, "hf", family), neutral);
  });
}

Deno.test("a RoBERTa's pooler, words' head and buffers are left out, and told but for buffers", () => {
  const { arrays, foreign, problems } = renameToNeutral(
    arraysNamed(
      "roberta.embeddings.position_ids",
      "roberta.pooler.dense.weight",
      "lm_head.dense.weight",
      "roberta.encoder.layer.0.output.dense.bias",
      "roberta.encoder.layer.0.surplus.bias",
    ),
    "x",
    "roberta",
  );
  assertEquals([...arrays.keys()], ["layers.0.ffn.down.bias"]);
  assertEquals(foreign, [
    "roberta.pooler.dense.weight",
    "lm_head.dense.weight",
  ]);
  assertEquals(problems, [
    'array "roberta.encoder.layer.0.surplus.bias" is not part of a RoBERTa encoder or its heads',
  ]);
});

Deno.test("the names of MXNet and PyTorch mean the same parameters", async () => {
  const [mxnet, torch] = await Promise.all([
    goldenNames("mxnet"),
    goldenNames("torch"),
  ]);
  assertEquals(
    new Set(mxnet.map((name) => neutralName(name, "d2l-mxnet"))),
    new Set(torch.map((name) => neutralName(name, "d2l-torch"))),
  );
});

const ALIASES = [
  ["d2l-mxnet", "encoder.word_embedding.weight", "embeddings.token.weight"],
  [
    "d2l-mxnet",
    "encoder.blks.0.addnorm_1.ln.beta",
    "layers.0.attentionNorm.bias",
  ],
  [
    "d2l-mxnet",
    "encoder.blks.0.addnorm_2.norm.gamma",
    "layers.0.ffnNorm.weight",
  ],
  [
    "d2l-mxnet",
    "encoder.blks.0.addnorm1.norm.gamma",
    "layers.0.attentionNorm.weight",
  ],
  ["d2l-mxnet", "encoder.blks.0.ffn.ffn_1.weight", "layers.0.ffn.up.weight"],
  ["d2l-mxnet", "encoder.blks.0.ffn.ffn_2.bias", "layers.0.ffn.down.bias"],
  ["d2l-mxnet", "encoder.blks.0.ffn.net.0.bias", "layers.0.ffn.up.bias"],
  ["d2l-mxnet", "encoder.blks.0.ffn.net.1.bias", "layers.0.ffn.down.bias"],
  ["d2l-torch", "encoder.blks.0.ffn.net.2.bias", "layers.0.ffn.down.bias"],
  ["d2l-torch", "encoder.blks.0.ffn.net.0.bias", "layers.0.ffn.up.bias"],
  [
    "d2l-mxnet",
    "encoder.blks.block3.attention.W_o.bias",
    "layers.3.attention.output.bias",
  ],
  ["d2l-mxnet", "mlm_decoder.decoder.0.bias", "mlm.transform.bias"],
  ["d2l-mxnet", "mlm_decoder.decoder.1.gamma", "mlm.norm.weight"],
  ["d2l-mxnet", "mlm_decoder.decoder.2.weight", "mlm.decoder.weight"],
  ["d2l-mxnet", "ns_classifier.classifier.0.weight", "pooler.weight"],
  ["d2l-mxnet", "ns_classifier.classifier.1.bias", "nsp.bias"],
  ["d2l-mxnet", "nsp.mlp.0.weight", "pooler.weight"],
  ["d2l-mxnet", "nsp.mlp.1.weight", "nsp.weight"],
  ["d2l-mxnet", "nsp.mlp.weight", "nsp.weight"],
  ["d2l-mxnet", "nsp.mlp.bias", "nsp.bias"],
  ["d2l-mxnet", "pooler.bias", "pooler.bias"],
  [
    "d2l-mxnet",
    "bert.encoder.word_embedding.weight",
    "embeddings.token.weight",
  ],
  ["d2l-mxnet", "output.weight", "classifier.weight"],
  ["d2l-mxnet", "arg:hidden.weight", "pooler.weight"],
  ["d2l-mxnet", "aux:hidden.bias", "pooler.bias"],
  ["d2l-torch", "module.hidden.0.weight", "pooler.weight"],
  ["d2l-torch", "output.bias", "classifier.bias"],
  ["d2l-mxnet", "mlm.mlp.2.bias", "mlm.decoder.bias"],
  ["d2l-torch", "mlm.mlp.2.bias", "mlm.norm.bias"],
  ["d2l-torch", "_orig_mod.module.hidden.0.bias", "pooler.bias"],
  ["hf", "bert.embeddings.LayerNorm.gamma", "embeddings.norm.weight"],
  [
    "hf",
    "module.bert.encoder.layer.0.output.LayerNorm.beta",
    "layers.0.ffnNorm.bias",
  ],
  ["hf", "cls.predictions.bias", "mlm.decoder.bias"],
  ["hf", "cls.seq_relationship.weight", "nsp.weight"],
] as const;
for (const [naming, name, neutral] of ALIASES) {
  Deno.test(`"${name}" of ${naming} is ${neutral}`, () => {
    assertEquals(neutralName(name, naming), neutral);
  });
}

for (
  const name of [
    "encoder.blks.01.attention.W_q.bias",
    "encoder.blks.x.attention.W_q.bias",
    "classifier.0.weight",
    "constructor",
    "",
  ]
) {
  Deno.test(`"${name}" is no parameter of the book's BERT`, () => {
    assertEquals(neutralName(name, "d2l-mxnet"), null);
  });
}

Deno.test("arrays of a generator beside those of an ELECTRA are left out", () => {
  const { arrays, foreign } = renameToNeutral(
    arraysNamed(
      "bert.encoder.layer.0.output.dense.bias",
      "electra.encoder.layer.0.output.dense.bias",
    ),
    "x",
    "electra",
  );
  assertEquals([[...arrays.keys()], foreign], [
    ["layers.0.ffn.down.bias"],
    ["bert.encoder.layer.0.output.dense.bias"],
  ]);
});

Deno.test("two arrays that are the same parameter are a problem", () => {
  const { problems } = renameToNeutral(
    arraysNamed(
      "embeddings.LayerNorm.gamma",
      "bert.embeddings.LayerNorm.weight",
      "encoder.layer.0.output.dense.bias",
    ),
    "x",
  );
  assertEquals(problems, [
    'arrays "embeddings.LayerNorm.gamma" and "bert.embeddings.LayerNorm.weight" are both embeddings.norm.weight',
  ]);
});

Deno.test("buffers and tied copies of transformers are passed over", () => {
  const { arrays, problems } = renameToNeutral(
    arraysNamed(
      "bert.embeddings.position_ids",
      "cls.predictions.decoder.bias",
      "cls.predictions.bias",
      "bert.encoder.layer.0.output.dense.bias",
    ),
    "x",
  );
  assertEquals([[...arrays.keys()], problems], [
    ["mlm.decoder.bias", "layers.0.ffn.down.bias"],
    [],
  ]);
});

Deno.test("numbered names of old Gluon files are refused with what to do", () => {
  const error = assertThrows(
    () => renameToNeutral(arraysNamed("dense0_weight", "dense0_bias"), "x"),
    UserError,
    "numbered",
  );
  assertEquals(error.hint.includes("save_parameters()"), true);
});

Deno.test("names of another model are refused", () => {
  assertThrows(
    () => renameToNeutral(arraysNamed("transformer.h.0.attn.weight"), "x"),
    UserError,
    "not named as in BERT",
  );
});
