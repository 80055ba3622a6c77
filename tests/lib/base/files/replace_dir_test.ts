import { assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import {
  replaceDirectory,
  restoreDirectory,
} from "../../../../lib/base/files/replace_dir.ts";
import { live } from "../../../support/faults/faulty_disk.ts";
import { unixTest } from "../../../support/require.ts";
import { withFolder } from "../../../support/with_folder.ts";

/** Makes a directory with two files. */
async function make(path: string, content: string): Promise<void> {
  await Deno.mkdir(path);
  for (const name of ["a", "b"]) {
    await Deno.writeTextFile(join(path, name), content);
  }
}

async function contentsOf(path: string): Promise<string[]> {
  return await Promise.all(
    ["a", "b"].map((name) => Deno.readTextFile(join(path, name))),
  );
}

async function namesIn(path: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(path), (e) => e.name)).sort();
}

for (const kind of ["kill", "tear", "EIO"] as const) {
  Deno.test(`a directory is the old or the new one whatever call meets ${kind}`, async () => {
    let at = 0;
    for (let ended = false; !ended; at++) {
      await withFolder(async (folder) => {
        const [made, target] = [join(folder, "made"), join(folder, "target")];
        await make(target, "old");
        await make(made, "new");
        const replace = () =>
          replaceDirectory(made, target).then(() => 0, () => 1);
        const { calls } = await live(replace, { at, kind });
        ended = calls.length <= at;
        await restoreDirectory(target);
        const [a, b] = await contentsOf(target);
        assertEquals(a, b, `${kind} at call ${at}`);
        const left = (await namesIn(folder)).filter((name) => name !== "made");
        assertEquals(left, ["target"]);
      });
    }
    assertGreater(at, 4);
  });
}

Deno.test("a directory takes the place of none", () =>
  withFolder(async (folder) => {
    const [made, target] = [join(folder, "made"), join(folder, "target")];
    await make(made, "new");
    await replaceDirectory(made, target);
    assertEquals(await contentsOf(target), ["new", "new"]);
  }));

unixTest(
  "a directory takes the place that a link leads to",
  () =>
    withFolder(async (folder) => {
      const [made, place] = [join(folder, "made"), join(folder, "place")];
      await make(made, "new");
      await make(place, "old");
      await Deno.symlink("place", join(folder, "link"));
      await Deno.symlink("link", join(folder, "target"));
      await replaceDirectory(made, join(folder, "target"));
      assertEquals(await contentsOf(place), ["new", "new"]);
      assertEquals(await namesIn(folder), ["link", "place", "target"]);
    }),
);

unixTest(
  "a directory takes the place that a link leads to in vain",
  () =>
    withFolder(async (folder) => {
      const [made, target] = [join(folder, "made"), join(folder, "target")];
      await make(made, "new");
      await Deno.symlink("place", target);
      await replaceDirectory(made, target);
      assertEquals(await contentsOf(join(folder, "place")), ["new", "new"]);
    }),
);

Deno.test("a new directory that cannot be moved leaves the old one", () =>
  withFolder(async (folder) => {
    const target = join(folder, "target");
    await make(target, "old");
    await replaceDirectory(join(folder, "none"), target).catch(() => {});
    assertEquals(await contentsOf(target), ["old", "old"]);
    assertEquals(await namesIn(folder), ["target"]);
  }));
