import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { withWorkFolder } from "../../../../lib/base/files/work_folder.ts";
import { withFiles } from "../../../support/data/data_files.ts";

async function namesIn(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory), (e) => e.name)).sort();
}

Deno.test("a work folder is beside its target, and gone afterwards", () =>
  withFiles({}, async (directory) => {
    const target = join(directory, "deep", "out");
    const inside = await withWorkFolder(target, async (folder) => {
      await Deno.writeTextFile(join(folder, "a"), "");
      return folder;
    });
    assertEquals(inside, join(directory, "deep", ".out.tmp"));
    assertEquals(await namesIn(join(directory, "deep")), []);
  }));

Deno.test("a work folder is empty, whatever was left in it", () =>
  withFiles({}, async (directory) => {
    const left = join(directory, ".out.tmp", "tables");
    await Deno.mkdir(left, { recursive: true });
    await Deno.writeTextFile(join(directory, ".out.tmp.lock"), "");
    await withWorkFolder(join(directory, "out"), async (folder) => {
      assertEquals(await namesIn(folder), []);
    });
    assertEquals(await namesIn(directory), []);
  }));

Deno.test("a work folder is gone after work that fails", () =>
  withFiles({}, async (directory) => {
    await assertRejects(
      () =>
        withWorkFolder(
          join(directory, "out"),
          () => Promise.reject(new Error("it failed")),
        ),
      Error,
      "it failed",
    );
    assertEquals(await namesIn(directory), []);
  }));

Deno.test("a work folder has one user at a time", () =>
  withFiles({}, async (directory) => {
    const order: string[] = [];
    const work = (name: string) =>
      withWorkFolder(join(directory, "out"), async () => {
        order.push(name);
        await Promise.resolve();
        order.push(name);
      });
    await Promise.all([work("a"), work("b")]);
    assertEquals(order[0], order[1]);
  }));
