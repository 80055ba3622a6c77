import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { siblingsOf } from "../../../../lib/weights/formats/shards.ts";
import { readWeightFile } from "../../../../lib/weights/formats/weight_file.ts";
import { withFolder } from "../../../support/with_folder.ts";

const golden = "fixtures/golden/directories";
const whole = await readWeightFile(`${golden}/model/model.safetensors`);

const KINDS = [
  ["safetensors", "model.safetensors.index.json"],
  ["bin", "pytorch_model.bin.index.json"],
] as const;

async function copyTo(folder: string, kind: string): Promise<string[]> {
  const from = `${golden}/weights/sharded_${kind}`;
  const names = await Array.fromAsync(Deno.readDir(from), ({ name }) => name);
  for (const name of names) {
    await Deno.copyFile(join(from, name), join(folder, name));
  }
  return names.filter((name) => !name.endsWith(".json")).sort();
}

for (const [kind, index] of KINDS) {
  Deno.test(`a model in several .${kind} files is the one in a single file`, () =>
    withFolder(async (folder) => {
      const [first] = await copyTo(folder, kind);
      for (const name of [index, first]) {
        const arrays = await readWeightFile(join(folder, name));
        assertEquals(new Map([...arrays].toSorted()), whole, name);
      }
    }));

  Deno.test(`a model whose .${kind} files are not all there names those that are missing`, () =>
    withFolder(async (folder) => {
      const [first, second] = await copyTo(folder, kind);
      await Deno.remove(join(folder, second));
      for (const name of [index, first]) {
        await assertRejects(
          () => readWeightFile(join(folder, name)),
          UserError,
          `1 of its 2 files are not there: ${second}`,
        );
      }
    }));
}

Deno.test("an array that two numbered files have is refused", () =>
  withFolder(async (folder) => {
    const [first, second] = await copyTo(folder, "safetensors");
    await Deno.copyFile(join(folder, first), join(folder, second));
    await Deno.remove(join(folder, "model.safetensors.index.json"));
    await assertRejects(
      () => readWeightFile(join(folder, first)),
      UserError,
      "is in an earlier file too",
    );
  }));

Deno.test("only names with a number of a number are of several files", () => {
  for (
    const name of [
      "model.safetensors",
      "model-1-of-2.safetensors",
      "model-00003-of-00002.safetensors",
      "model-00000-of-00002.bin",
    ]
  ) {
    assertEquals(siblingsOf(name), null, name);
  }
  assertEquals(siblingsOf("a-00002-of-00002.bin"), [
    "a-00001-of-00002.bin",
    "a-00002-of-00002.bin",
  ]);
});
