import { assert, assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../lib/base/errors.ts";
import { refuseWithoutHead } from "../../../lib/model/without_head.ts";
import { tellWeights } from "../../../lib/run/tell_run.ts";
import {
  type OpenedModel,
  openModelDir,
} from "../../../lib/weights/model_dir.ts";
import { Copy, HF } from "../../support/weights/model_copy.ts";

/** A model of a class of transformers', whose head has another name or none. */
async function modelWith(
  { architecture, head }: { architecture: string; head: string | undefined },
): Promise<OpenedModel> {
  await using copy = await Copy.hf();
  await copy.editJson("config.json", { architectures: [architecture] });
  await copy.editArrays(
    `${HF}/model.safetensors`,
    "model.safetensors",
    (all) => {
      for (const leaf of ["weight", "bias"]) {
        const array = all.get(`classifier.${leaf}`)!;
        all.delete(`classifier.${leaf}`);
        if (head !== undefined) all.set(`${head}.${leaf}`, array);
      }
    },
  );
  return await openModelDir(copy.path);
}

for (
  const [architecture, head, why] of [
    [
      "BertForMultipleChoice",
      "classifier",
      "gives each choice a score, and has no classes (BertForMultipleChoice)",
    ],
    [
      "BertForTokenClassification",
      "classifier",
      "gives classes of words (BertForTokenClassification)",
    ],
    [
      "BertForQuestionAnswering",
      "qa_outputs",
      "marks answers in a text (BertForQuestionAnswering)",
    ],
    ["MyBert", "fc", 'it has no array "classifier.weight"'],
    [
      "BertForSequenceClassification",
      "classifier.0",
      '"classifier.0.weight" has no place in it',
    ],
    ["BertModel", undefined, "it is pretrained but not fine-tuned"],
  ] as const
) {
  Deno.test(`a ${architecture} with the head ${head} is refused with why it cannot classify`, async () => {
    const model = await modelWith({ architecture, head });
    const { message, hint } = assertThrows(
      () => refuseWithoutHead(model, "classify with"),
      UserError,
    );
    assert(message.includes(why), message);
    assert(hint!.includes("deno task finetune"), hint);
  });
}

Deno.test("a head of another name may be renamed, or else trained anew", async () => {
  const model = await modelWith({
    architecture: "BertForSequenceClassification",
    head: "fc",
  });
  const { hint } = assertThrows(
    () => refuseWithoutHead(model, "classify with"),
    UserError,
  );
  assert(hint!.startsWith('if "fc.weight" is of its output layer, rename'));
  const [warning] = tellWeights(model);
  assertEquals(
    [warning.code, warning.hint],
    [
      "unused-weights",
      "a fresh output layer takes their place, whatever they have learned",
    ],
  );
});
