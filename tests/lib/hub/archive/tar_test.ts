import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { extractArchive } from "../../../../lib/hub/archive/archive.ts";
import { gzip, makeTar, type TarEntry } from "../../../support/hub/make_tar.ts";
import {
  refusal,
  refusalAtOnce,
  withArchive,
} from "../../../support/hub/with_archive.ts";

const text = "A man inspects a uniform.\n".repeat(100);
const entries: TarEntry[] = [
  { name: "./", type: "directory" },
  { name: "./a/", type: "directory" },
  { name: "./a/b", content: text },
  { name: "./a/c", content: "c" },
];

/** Names and contents of what is extracted. */
async function extracted(bytes: Uint8Array): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  await withArchive(bytes, async (archive, directory) => {
    for (const { path } of await extractArchive(archive, directory)) {
      found[path] = await Deno.readTextFile(join(directory, path));
    }
  });
  return found;
}

Deno.test("extractArchive writes every file of a tar archive", async () => {
  const tar = await makeTar(entries);
  assertEquals(await extracted(tar), { "a/b": text, "a/c": "c" });
});

Deno.test("extractArchive reads a tar archive compressed in several members", async () => {
  const tar = await makeTar(entries);
  const members = [tar.slice(0, 700), tar.slice(700)].map(gzip);
  const joined = await new Blob(await Promise.all(members)).bytes();
  assertEquals(await extracted(joined), { "a/b": text, "a/c": "c" });
});

Deno.test("extractArchive leaves Apple's files in a tar archive", async () => {
  const tar = await makeTar([
    { name: "__MACOSX/x", content: "x" },
    { name: "./a/._b", content: "x" },
    { name: "a/Icon\r", content: "x" },
    { name: "a/b", content: "b" },
  ]);
  assertEquals(await extracted(tar), { "a/b": "b" });
});

const refused: [what: string, entries: TarEntry[], message: string][] = [
  ["an absolute name", [{ name: "/etc/x" }], "absolute"],
  ["a name that leads out", [{ name: "./../x" }], "leads out"],
  ["a drive", [{ name: "C:x" }], "names a drive"],
  ["a network path", [{ name: "\\\\host\\x" }], "absolute"],
  ["a symbolic link", [
    { name: "l", type: "symlink", linkname: "/etc/passwd" },
  ], "is a link"],
  ["a hard link", [{ name: "l", type: "link", linkname: "a/b" }], "is a link"],
  ["a device", [{ name: "d", type: "character-device" }], "a device"],
  ["a pipe", [{ name: "d", type: "fifo" }], "a device"],
  ["a sparse file", [
    { name: "s", content: "1", pax: { "GNU.sparse.major": "1" } },
  ], "a sparse file"],
  ["a name twice", [{ name: "a/b", content: "other" }], "name of another"],
  ["names that differ in case", [{ name: "A/b" }], "name of another"],
  ["a file in a file", [{ name: "a/b/c" }], "name of another"],
];

for (const [what, more, message] of refused) {
  Deno.test(`extractArchive refuses ${what} in a tar archive and writes nothing`, async () => {
    const tar = await makeTar([...entries, ...more]);
    assertStringIncludes((await refusalAtOnce(tar)).message, message);
  });
}

for (const name of ["f", "._f"]) {
  Deno.test(`extractArchive refuses the folder "${name}" with data in a tar archive`, async () => {
    const tar = await makeTar([{ name, content: "text" }]);
    tar[156] = "5".charCodeAt(0); // the type: a folder, no more a file
    const sum = parseInt(new TextDecoder().decode(tar.subarray(148, 154)), 8);
    const digits = (sum + 5).toString(8).padStart(6, "0");
    tar.set(new TextEncoder().encode(digits), 148);
    assertStringIncludes(
      (await refusalAtOnce(tar)).message,
      "is a folder with data",
    );
  });
}

Deno.test("extractArchive refuses a tar.gz archive that grows a thousandfold", async () => {
  const content = new Uint8Array(2 ** 23);
  const bomb = await gzip(await makeTar([{ name: "a", content }]));
  assertStringIncludes(
    (await refusalAtOnce(bomb)).message,
    "expected at most 200",
  );
});

Deno.test("extractArchive refuses a tar.gz archive with a thousandfold empty end", async () => {
  const tar = await makeTar(entries);
  const bomb = await gzip(
    await new Blob([tar, new Uint8Array(2 ** 23)]).bytes(),
  );
  assertStringIncludes((await refusalAtOnce(bomb)).message, "would grow");
});

Deno.test("extractArchive refuses more bytes in all than the limit, by a tar's headers", async () => {
  const tar = await makeTar(entries);
  assertStringIncludes(
    (await refusalAtOnce(tar, { bytes: 2600 })).message,
    "2601 bytes extracted or more, expected at most 2600",
  );
});

Deno.test("extractArchive refuses more entries of a tar archive than the limit", async () => {
  const tar = await makeTar(entries);
  assertStringIncludes(
    (await refusalAtOnce(tar, { entries: 3 })).message,
    "more entries than the 3 allowed",
  );
});

Deno.test("extractArchive refuses a header that would take gigabytes", async () => {
  const tar = await makeTar([{ name: "a", type: "file", pax: { path: "b" } }]);
  const size = new TextEncoder().encode("77777777777");
  tar.set(size, 124); // of the pax header, 8 GiB
  tar.fill(0x20, 148, 156);
  const sum = tar.subarray(0, 512).reduce((a, b) => a + b, 0);
  tar.set(new TextEncoder().encode(sum.toString(8).padStart(6, "0")), 148);
  tar[154] = 0;
  assertStringIncludes((await refusal(tar)).message, "Header exceeds max size");
});

Deno.test("extractArchive refuses the beginning of a tar archive, however long", async () => {
  const tar = await makeTar(entries);
  const whole = tar.length - 512; // one of the two empty blocks will do
  for (let length = 0; length < whole; length += 128) {
    await refusal(tar.slice(0, length));
  }
});

Deno.test("extractArchive refuses the beginning of a tar.gz archive, however long", async () => {
  const zipped = await gzip(await makeTar(entries));
  for (let length = 0; length < zipped.length; length++) {
    await refusal(zipped.slice(0, length));
  }
});

Deno.test("extractArchive answers damaged tar headers with a UserError or whole files", async () => {
  const tar = await makeTar(entries.slice(2));
  for (let at = 0; at < 512; at++) {
    const damaged = tar.slice();
    damaged[at] ^= 0xff;
    await withArchive(damaged, async (archive, directory) => {
      try {
        for (
          const { path, bytes } of await extractArchive(archive, directory)
        ) {
          assertEquals((await Deno.stat(join(directory, path))).size, bytes);
        }
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    });
  }
});

Deno.test("extractArchive stops at a signal while it reads a tar archive", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  await withArchive(await makeTar(entries), async (archive, directory) => {
    const error = await assertRejects(() =>
      extractArchive(archive, directory, {
        signal: stop.signal,
        onProgress: () => stop.abort(reason),
      })
    );
    assertEquals(error, reason);
  });
});
