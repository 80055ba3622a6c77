import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../../lib/base/errors.ts";
import type { NamedArrays } from "../../../../lib/weights/formats/arrays.ts";
import { unwrapNames } from "../../../../lib/weights/formats/wrapped_names.ts";

function arraysOf(...names: string[]): NamedArrays {
  const array = { shape: [1], data: Float32Array.of(1) };
  return new Map(names.map((name) => [name, array]));
}

const TABLE = "embeddings.word_embeddings.weight";

for (
  const [wrapper, prefix] of [
    ["model.", "bert."],
    ["module.", "bert."],
    ["_orig_mod.", "roberta."],
    ["module._orig_mod.", "electra."],
    ["net.model.", "distilbert."],
    ["bert.", "bert."],
    ["encoder.", ""],
    ["model.encoder.", "bert."],
    ["transformer.", "bert."],
    ["student.", ""],
  ]
) {
  Deno.test(`"${wrapper}" is taken off the names of a model that begin with "${prefix}"`, () => {
    const plain = [`${prefix}${TABLE}`, "classifier.bias"];
    const wrapped = plain.map((name) => wrapper + name);
    const found = unwrapNames(arraysOf(...wrapped, "metric.sum"), "x.ckpt");
    assertEquals([...found.arrays.keys()], plain);
    assertEquals(found.outside, ["metric.sum"]);
  });
}

Deno.test("wrappers within a name are taken off too", () => {
  const layer = "encoder.layer.0";
  const { arrays } = unwrapNames(
    arraysOf(
      `_fsdp_wrapped_module.bert.${TABLE}`,
      `_fsdp_wrapped_module.bert.${layer}._checkpoint_wrapped_module.output.dense.bias`,
    ),
    "x",
  );
  assertEquals([...arrays.keys()], [
    `bert.${TABLE}`,
    `bert.${layer}.output.dense.bias`,
  ]);
});

const QUERY = "bert.encoder.layer.0.attention.self.query";
for (
  const [name, message] of [
    [`base_model.model.${QUERY}.lora_A.default.weight`, "an adapter's"],
    [`base_model.model.${QUERY}.base_layer.weight`, "an adapter's"],
    [`${QUERY}.qweight`, "of quantized weights"],
    [`${QUERY}.SCB`, "of quantized weights"],
    [`${QUERY}.weight.absmax`, "of quantized weights"],
    [`${QUERY}.weight.quant_state.bitsandbytes__nf4`, "of quantized weights"],
  ]
) {
  Deno.test(`weights with an array "${name}" are refused`, () => {
    assertThrows(
      () => unwrapNames(arraysOf(`bert.${TABLE}`, name), "x"),
      UserError,
      `its array "${name}" is ${message}`,
    );
  });
}

for (
  const name of [
    `bert.${TABLE}`,
    TABLE,
    "encoder.token_embedding.weight",
    "embeddings.token.weight",
    "arg:encoder.token_embedding.weight",
    "layers.0.ffn.up.bias",
  ]
) {
  Deno.test(`the name "${name}" has no wrapper`, () => {
    const arrays = arraysOf(name, "loss.weight");
    assertEquals(unwrapNames(arrays, "x"), { arrays, outside: [] });
  });
}

Deno.test("a file of a teacher and a student is refused by their names", () => {
  assertThrows(
    () =>
      unwrapNames(
        arraysOf(`teacher.bert.${TABLE}`, `student.bert.${TABLE}`),
        "x",
      ),
    UserError,
    'it holds 2 models, whose names begin with "teacher.", "student."',
  );
});
