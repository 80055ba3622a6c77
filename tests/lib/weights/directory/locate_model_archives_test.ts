import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { openModel } from "../../../../lib/weights/open_model.ts";
import { gzip, makeTar } from "../../../support/hub/make_tar.ts";
import { makeZip } from "../../../support/hub/make_zip.ts";
import { largestDifference } from "../../../support/model/golden.ts";
import {
  DIRECTORIES,
  logitsOf,
  readLogits,
} from "../../../support/weights/directories.ts";
import { withFolder } from "../../../support/with_folder.ts";

const NAMES = ["config.json", "vocab.txt", "model.safetensors"];
const expected = await readLogits();

/** The entries of an archive with the model in each of some folders. */
async function entriesIn(...folders: string[]) {
  const contents = await Promise.all(
    NAMES.map((name) => Deno.readFile(join(DIRECTORIES, "model", name))),
  );
  return folders.flatMap((folder) =>
    NAMES.map((name, i) => ({
      name: `${folder}${name}`,
      content: contents[i],
    }))
  );
}

const WAYS = [
  ["zip", makeZip],
  ["tar", makeTar],
  [
    "tar.gz",
    async (entries: Parameters<typeof makeTar>[0]) =>
      await gzip(await makeTar(entries)),
  ],
] as const;

for (const [ending, pack] of WAYS) {
  for (const folder of ["", "model/", "a/b/c/model/", "./a/model/"]) {
    Deno.test(`a model in "${folder}" of a ${ending} archive opens to the logits of transformers`, () =>
      withFolder(async (place) => {
        const file = join(place, `mine.${ending}`);
        const note = { name: `${folder.split("/")[0]}-note.md`, content: "x" };
        const entries = [...await entriesIn(folder), note];
        await Deno.writeFile(file, await pack(entries));
        const opened = await openModel(file, { cache: join(place, "cache") });
        const difference = largestDifference(
          await logitsOf(opened),
          expected,
        );
        assertLess(difference, 1e-5);
        assertEquals(
          opened.warnings.map(({ code }) => code),
          folder === "" ? [] : ["model-within"],
        );
      }));
  }

  Deno.test(`a ${ending} archive with two models is refused with their names`, () =>
    withFolder(async (place) => {
      const file = join(place, `mine.${ending}`);
      await Deno.writeFile(file, await pack(await entriesIn("a/", "b/c/")));
      const cache = join(place, "cache");
      const { message, hint } = await assertRejects(
        () => openModel(file, { cache }),
        UserError,
      );
      assertEquals(message.endsWith("it holds 2 models: a, b/c"), true);
      // What the hint names can be given.
      const [, named] = /--model (.*)/.exec(hint)!;
      await openModel(named, { cache });
    }));
}

Deno.test("an archive of a cache with links says how to pack it again", () =>
  withFolder(async (place) => {
    const file = join(place, "cache.tar");
    const link = { type: "symlink", linkname: "../../blobs/1" } as const;
    await Deno.writeFile(
      file,
      await makeTar([{ name: "snapshots/1/config.json", ...link }]),
    );
    const { code, hint } = await assertRejects(
      () => openModel(file, { cache: join(place, "cache") }),
      UserError,
    );
    assertEquals([code, hint.includes("tar -h")], ["bad-archive", true]);
  }));
