import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../../lib/base/errors.ts";
import { readWeightFile } from "../../../../../lib/weights/formats/weight_file.ts";

/** One model, saved in many ways (`make.py` beside it). */
const folder = "fixtures/golden/directories";
const model = await readWeightFile(`${folder}/model/model.safetensors`);
const names = await Array.fromAsync(
  Deno.readDir(`${folder}/weights`),
  ({ name }) => name,
);
const saved = names.filter((name) =>
  /\.(bin|pt|ckpt|safetensors)$/.test(name) && !/^other|^tied/.test(name)
);

for (const name of saved) {
  Deno.test(`the weights that were saved as "${name}" are the model's`, async () => {
    const arrays = await readWeightFile(`${folder}/weights/${name}`);
    const plain = new Map(
      Array.from(arrays, ([key, { shape, data }]) => [
        key.replace(/^(module|_orig_mod|model|net)\./, "")
          .replace(/gamma$/, "weight").replace(/beta$/, "bias"),
        { shape, data },
      ]),
    );
    plain.delete("loss.weight");
    assertEquals([...plain.keys()].sort(), [...model.keys()].sort());
    // Eight bits of bfloat16 and eleven of a half are left.
    const tolerance = name.startsWith("bf16")
      ? 2 ** -6
      : name.includes("half")
      ? 2 ** -9
      : 0;
    for (const [key, { shape, data }] of plain) {
      const expected = model.get(key)!;
      assertEquals(shape, expected.shape, key);
      data.forEach((value, i) =>
        assertAlmostEquals(value, expected.data[i], tolerance)
      );
    }
  });
}

for (
  const [name, message] of [
    [
      "other_module.pt",
      'pickled as "transformers.models.bert.modeling_bert BertForSequenceClassification"',
    ],
    ["other_module_in.pt", "it holds a whole model"],
    ["other_optimizer.pt", "the state of an optimizer, not a model"],
    ["other_torchscript.pt", "it is a TorchScript program"],
  ]
) {
  Deno.test(`the file "${name}" is refused by what it holds`, async () => {
    await assertRejects(
      () => readWeightFile(`${folder}/weights/${name}`),
      UserError,
      message,
    );
  });
}
