import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { Buffer } from "node:buffer";
import { UserError } from "../../../../lib/base/errors.ts";
import {
  type FileSections,
  replaceFile,
  writeSynced,
} from "../../../../lib/base/files/files.ts";
import { live } from "../../../support/faults/faulty_disk.ts";
import { unixTest } from "../../../support/require.ts";
import { withFolder } from "../../../support/with_folder.ts";

/** Quicker than an assertion, for megabytes. */
function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

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

Deno.test("sections of all sizes are written in their order", () =>
  withFolder(async (folder) => {
    const sizes = [3, 0, 1 << 20, 5, (1 << 20) - 5, 1, (1 << 20) + 1, 2];
    const parts = sizes.map((size, i) => new Uint8Array(size).fill(i));
    await writeSynced(join(folder, "a.bin"), parts);
    const whole = await new Blob(parts).bytes();
    assert(equalBytes(await Deno.readFile(join(folder, "a.bin")), whole));
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

Deno.test("a file that many replace at once is one of theirs in the end", () =>
  withFolder(async (folder) => {
    const texts = Array.from({ length: 8 }, (_, i) => "x".repeat(i));
    for (let round = 0; round < 20; round++) {
      await Promise.all(
        texts.map((text) => replaceFile(join(folder, "a.txt"), text)),
      );
    }
    const { "a.txt": text, ...others } = await contentsOf(folder);
    assert(texts.includes(text));
    assertEquals(others, {});
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

unixTest(
  "a file that is replaced through a link is the one that it leads to",
  () =>
    withFolder(async (folder) => {
      await Deno.writeTextFile(join(folder, "a.txt"), "old");
      await Deno.symlink("a.txt", join(folder, "link"));
      await replaceFile(join(folder, "link"), "new");
      assertEquals((await Deno.lstat(join(folder, "link"))).isSymlink, true);
      assertEquals(await Deno.readTextFile(join(folder, "a.txt")), "new");
    }),
);

Deno.test("what a killed process was writing of a file goes when it is written again", () =>
  withFolder(async (folder) => {
    for (const name of [".a.0123abcd.tmp", ".b.0123abcd.tmp", ".a.tmp"]) {
      await Deno.writeTextFile(join(folder, name), "");
    }
    await replaceFile(join(folder, "a"), "new");
    assertEquals(Object.keys(await contentsOf(folder)).sort(), [
      ".a.tmp",
      ".b.0123abcd.tmp",
      "a",
    ]);
  }));

Deno.test("what may not be removed of a file is in nobody's way", () =>
  withFolder(async (folder) => {
    const [path, left] = [join(folder, "a"), join(folder, ".a.0123abcd.tmp")];
    await Deno.writeTextFile(left, "");
    const replace = () => replaceFile(path, "new").then(() => 0);
    const { calls, code } = await live(replace, { at: 0, kind: "EACCES" });
    assertEquals([calls[0].name, code], ["open", 0]);
    assertEquals(await Deno.readTextFile(path), "new");
  }));

Deno.test("what another process is writing of a file stays", () =>
  withFolder(async (folder) => {
    const partial = join(folder, ".a.0123abcd.tmp");
    using file = await Deno.open(partial, { write: true, create: true });
    await file.lock(true);
    await replaceFile(join(folder, "a"), "new");
    assertEquals(Object.keys(await contentsOf(folder)).length, 2);
  }));

unixTest(
  "a file does not take the place of a pipe",
  () =>
    withFolder(async (folder) => {
      const pipe = join(folder, "pipe");
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
      await assertRejects(
        () => replaceFile(pipe, "new"),
        UserError,
        "it is a pipe",
      );
    }),
);
