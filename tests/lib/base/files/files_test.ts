import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  type FileSections,
  replaceFile,
  writeSynced,
} from "../../../../lib/base/files/files.ts";
import { withFolder } from "../../../support/with_folder.ts";

async function contentsOf(folder: string): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for await (const { name } of Deno.readDir(folder)) {
    contents[name] = await Deno.readTextFile(join(folder, name));
  }
  return contents;
}

const sections = ["one, ", "two"].map((text) => new TextEncoder().encode(text));

Deno.test("a new file is written from its sections", () =>
  withFolder(async (folder) => {
    await writeSynced(join(folder, "a.txt"), sections);
    assertEquals(await contentsOf(folder), { "a.txt": "one, two" });
  }));

Deno.test("a new file never takes the place of another", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "a.txt"), "old");
    await assertRejects(
      () => writeSynced(join(folder, "a.txt"), sections),
      Deno.errors.AlreadyExists,
    );
    assertEquals(await contentsOf(folder), { "a.txt": "old" });
  }));

Deno.test("a file is replaced, and nothing else is left", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "a.txt"), "a longer old text");
    await replaceFile(join(folder, "a.txt"), "new");
    assertEquals(await contentsOf(folder), { "a.txt": "new" });
  }));

Deno.test("a file that cannot be written whole leaves the old one alone", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "a.txt"), "old");
    const broken = [sections[0], null] as unknown as FileSections;
    await assertRejects(() => replaceFile(join(folder, "a.txt"), broken));
    assertEquals(await contentsOf(folder), { "a.txt": "old" });
  }));

Deno.test("a file in a folder that is not there is refused", () =>
  withFolder(async (folder) => {
    await assertRejects(
      () => replaceFile(join(folder, "none/a.txt"), "new"),
      Deno.errors.NotFound,
    );
  }));
