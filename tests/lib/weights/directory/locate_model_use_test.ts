import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { openModelDir } from "../../../../lib/weights/model_dir.ts";
import { pinModel } from "../../../../lib/weights/open_model.ts";
import { makeFiles, modelIn } from "../../../support/weights/directories.ts";
import { withFolder } from "../../../support/with_folder.ts";

const ONE_SCORE = {
  ...modelIn(),
  "config.json": {
    config: { id2label: { 0: "LABEL_0" }, label2id: { LABEL_0: 0 } },
  },
};

Deno.test("a CrossEncoder of one score gives its encoder to a new head", () =>
  withFolder(async (folder) => {
    await makeFiles(folder, ONE_SCORE);
    const { hasHead, arrays } = await openModelDir(folder, { newHead: true });
    assertEquals([hasHead, arrays.has("pooler.weight")], [false, true]);
  }));

Deno.test("text can be encoded for a CrossEncoder of one score", () =>
  withFolder(async (folder) => {
    await makeFiles(folder, ONE_SCORE);
    const { hasHead, config } = await openModelDir(folder, { textOnly: true });
    assertEquals([hasHead, config.labels.length], [false, 3]);
  }));

Deno.test("text is not encoded for a model that only other programs open", () =>
  withFolder(async (folder) => {
    await makeFiles(folder, {
      ...modelIn(".", {}),
      "model.onnx": { text: "x" },
    });
    await assertRejects(
      () => openModelDir(folder, { textOnly: true }),
      UserError,
      "it holds an ONNX graph",
    );
  }));

Deno.test("a model without weights opens with random ones, whoever else's lie there", () =>
  withFolder(async (folder) => {
    await makeFiles(folder, {
      ...modelIn(".", {}),
      "tf_model.h5": { text: "x" },
    });
    const { arrays } = await openModelDir(folder, { weights: "random" });
    assertEquals(arrays.size, 0);
  }));

Deno.test("weights that a decoder is tied to open, and the decoder is left out", () =>
  withFolder(async (folder) => {
    await makeFiles(folder, {
      ...modelIn(".", { "pytorch_model.bin": "weights/tied.bin" }),
      "config.json": { config: { architectures: ["BertForMaskedLM"] } },
    });
    const { hasHead, unused, fresh } = await openModelDir(folder);
    assertEquals(hasHead, false);
    assertEquals(fresh, ["pooler.weight", "pooler.bias"]);
    assertEquals(
      unused.every((name) => name.startsWith("cls.predictions.")),
      true,
    );
  }));

Deno.test("arrays of a Lightning module's loss are told as unused", () =>
  withFolder(async (folder) => {
    await makeFiles(
      folder,
      modelIn(".", { "last.ckpt": "weights/lightning_metric.ckpt" }),
    );
    const { unused, hasHead } = await openModelDir(folder);
    assertEquals([unused, hasHead], [["loss.weight"], true]);
  }));

Deno.test("a model located in folders says in which directory it lies", () =>
  withFolder(async (folder) => {
    await makeFiles(folder, modelIn("out/checkpoint-7"));
    const { directory, weightsFile } = await openModelDir(join(folder, "out"));
    const checkpoint = join(folder, "out/checkpoint-7");
    assertEquals(directory, checkpoint);
    assertEquals(weightsFile, join(checkpoint, "model.safetensors"));
  }));

Deno.test("a run goes on with the checkpoint that was the newest when it began", () =>
  withFolder(async (folder) => {
    await makeFiles(folder, modelIn("out/checkpoint-7"));
    const pinned = await pinModel(join(folder, "out"));
    await makeFiles(folder, modelIn("out/checkpoint-8"));
    assertEquals(pinned, join(folder, "out/checkpoint-7"));
    assertEquals(await pinModel(pinned), pinned);
  }));
