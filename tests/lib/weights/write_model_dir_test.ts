import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import { writeModelDir } from "../../../lib/weights/write_model_dir.ts";
import {
  Copy,
  HF,
  MXNET,
  refusal,
  TORCH,
} from "../../support/weights/model_copy.ts";

Deno.test("a model written opens as it was", async () => {
  await using copy = await Copy.of(HF);
  const { config, vocabularyFile, arrays } = await openModelDir(HF);
  await writeModelDir(copy.path, { config, vocabularyFile, arrays });
  const again = await openModelDir(copy.path);
  assertEquals([again.source, again.config], ["hf", config]);
  assertEquals(again.arrays, arrays);
});

Deno.test("a model is written with all of its tokenizer's files", async () => {
  await using source = await Copy.of(HF);
  const files = {
    "special_tokens_map.json": '{"cls_token": "[CLS]"}',
    "added_tokens.json": "{}",
    "notes.txt": "of somebody",
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(source.path, name), text);
  }
  for await (const { name } of Deno.readDir(HF)) {
    await Deno.copyFile(join(HF, name), join(source.path, name));
  }
  const run = join(source.path, "run");
  await writeModelDir(run, await openModelDir(source.path));
  const names = (await Array.fromAsync(Deno.readDir(run)))
    .map(({ name }) => name).sort();
  assertEquals(names, [
    "SHA256SUMS",
    "added_tokens.json",
    "config.json",
    "model.safetensors",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
  ]);
  for (
    const name of names.filter((name) => !/config.json|model|SUMS/.test(name))
  ) {
    assertEquals(
      await Deno.readFile(join(run, name)),
      await Deno.readFile(join(source.path, name)),
    );
  }
});

Deno.test("a model written over itself stays whole", async () => {
  await using copy = await Copy.of(HF);
  const model = await openModelDir(MXNET, { heads: 4 });
  await writeModelDir(copy.path, model);
  await writeModelDir(copy.path, await openModelDir(copy.path));
  assertEquals((await openModelDir(copy.path)).arrays, model.arrays);
});

Deno.test("a model directory holds three files with their digests, and no temporary ones", async () => {
  await using copy = await Copy.of(HF);
  await writeModelDir(copy.path, await openModelDir(MXNET, { heads: 4 }));
  const names = (await Array.fromAsync(Deno.readDir(copy.path)))
    .map(({ name }) => name).sort();
  assertEquals(names, [
    "SHA256SUMS",
    "config.json",
    "model.safetensors",
    "vocab.json",
  ]);
});

Deno.test("a model whose config.json tells its heads is refused with others, and taken with the same", async () => {
  await using own = await Copy.of(HF);
  await writeModelDir(own.path, await openModelDir(MXNET, { heads: 4 }));
  for (const path of [own.path, HF]) {
    const { config: { heads } } = await openModelDir(path, { heads: 4 });
    assertEquals(heads, 4);
    assertEquals(
      await refusal(path, { heads: 2 }),
      `Cannot use the model "${path}" with 2 attention heads: its config.json tells 4`,
    );
  }
});

Deno.test("our own model takes dropout and length from the options", async () => {
  await using copy = await Copy.of(HF);
  await writeModelDir(copy.path, await openModelDir(MXNET, { heads: 4 }));
  const { config } = await openModelDir(copy.path, {
    dropout: 0.3,
    maxLength: 9,
    facts: { heads: 2 },
  });
  assertEquals([config.dropout, config.text.maxLength, config.heads], [
    0.3,
    9,
    4,
  ]);
});

Deno.test("a config.json of ours with a field too many is refused", async () => {
  await using copy = await Copy.of(HF);
  await writeModelDir(copy.path, await openModelDir(MXNET, { heads: 4 }));
  await copy.editJson("config.json", { layers: 2 });
  await Deno.remove(`${copy.path}/SHA256SUMS`);
  assert((await refusal(copy.path)).includes("layers"));
});

Deno.test("weights of the book's do not open under a config.json of ours", async () => {
  await using copy = await Copy.of(HF);
  await writeModelDir(copy.path, await openModelDir(MXNET, { heads: 4 }));
  const weights = `${TORCH}/pretrained.params`;
  const found = await refusal(copy.path, { weights });
  assert(found.includes("named as by d2l-torch"), found);
});

Deno.test("weights trained further differ from those they came from", async () => {
  const [before, after] = await Promise.all(
    ["classifier.params", "classifier_after10.params"].map((weights) =>
      openModelDir(MXNET, { heads: 4, weights })
    ),
  );
  assertNotEquals(
    before.arrays.get("classifier.bias"),
    after.arrays.get("classifier.bias"),
  );
});
