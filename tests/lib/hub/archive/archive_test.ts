import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { digestFile } from "../../../../lib/base/files/digest.ts";
import { extractArchive } from "../../../../lib/hub/archive/archive.ts";
import {
  findAll,
  makeZip,
  type ZipFile,
} from "../../../support/hub/make_zip.ts";
import {
  refusal,
  refusalAtOnce,
  withArchive,
} from "../../../support/hub/with_archive.ts";

const fixture = "fixtures/snli_1.0.zip";

for (
  const [name, what] of [
    ["stored.zip", "stored files"],
    ["zip64.zip", "zip64 sizes"],
    ["streamed.zip", "sizes after the data"],
    ["streamed_zip64.zip", "zip64 sizes after the data"],
    ["pax.tar", "the long names of POSIX pax"],
    ["gnu.tar.gz", "the long names of GNU tar, compressed"],
  ]
) {
  Deno.test(`extractArchive reads what Python wrote with ${what}`, async () => {
    const bytes = await Deno.readFile(`tests/lib/hub/archives/${name}`);
    await withArchive(bytes, async (archive, directory) => {
      const files = await extractArchive(archive, directory);
      const long = `folder/${"long-".repeat(40)}été.txt`;
      assertEquals(files.map(({ path }) => path), ["folder/text.txt", long]);
      assertEquals(
        await Deno.readTextFile(join(directory, "folder/text.txt")),
        "A man inspects a uniform.\n".repeat(20),
      );
      assertEquals(await Deno.readTextFile(join(directory, long)), "short");
    });
  });
}

Deno.test("extractArchive writes every file of the SNLI archive but Apple's", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const files = await extractArchive(fixture, directory);
    assertEquals(files.map(({ path, bytes }) => ({ path, bytes })), [
      { path: "snli_1.0/README.txt", bytes: 345 },
      { path: "snli_1.0/snli_1.0_train.txt", bytes: 5035206 },
      { path: "snli_1.0/snli_1.0_test.txt", bytes: 580235 },
    ]);
    for (const { path, bytes, sha256 } of files) {
      const written = join(directory, path);
      assertEquals((await Deno.stat(written)).size, bytes);
      assertEquals(await digestFile(written, "sha256"), sha256);
    }
    const top = await Array.fromAsync(Deno.readDir(directory));
    assertEquals(top.map(({ name }) => name), ["snli_1.0"]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("extractArchive reports progress up to the total", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const seen: [number, number | null][] = [];
    await extractArchive("fixtures/bert.tiny.zip", directory, {
      onProgress: ({ done, total }) => seen.push([done, total]),
    });
    assertEquals(seen.at(-1), [2703648, 2703648]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("extractArchive keeps names that are not flagged as UTF-8", async () => {
  const zip = await makeZip([{ name: "été.txt", content: "x" }]);
  for (const at of findAll(zip, [0x50, 0x4b, 3, 4])) zip[at + 7] &= ~0x08;
  for (const at of findAll(zip, [0x50, 0x4b, 1, 2])) zip[at + 9] &= ~0x08;
  await withArchive(zip, async (archive, directory) => {
    const files = await extractArchive(archive, directory);
    assertEquals(files.map(({ path }) => path), ["été.txt"]);
  });
});

const refused: [what: string, files: ZipFile[], message: string][] = [
  ["an absolute name", [{ name: "/etc/x" }], "absolute"],
  ["a name that leads out", [{ name: "a/../../x" }], "leads out"],
  ["a drive", [{ name: "C:/x" }], "names a drive"],
  ["a network path", [{ name: "\\\\host\\x" }], "absolute"],
  ["a backslash", [{ name: "a\\..\\x" }], "backslash"],
  ["an empty part", [{ name: "a//x" }], "empty part"],
  ["a control character", [{ name: "a\nb" }], "forbidden character"],
  ["a colon", [{ name: "ab:stream" }], "forbidden character"],
  ["a folder too deep", [{ name: "d/".repeat(32) + "x" }], "33 folders deep"],
  ["a name too long", [{ name: "x".repeat(256) }], "more than 255 bytes"],
  ["the name of a device", [{ name: "a/NUL.txt" }], "name of a device"],
  ["a link", [{ name: "l", content: "/etc", unixMode: 0o120777 }], "a link"],
  ["a device", [{ name: "d", unixMode: 0o020666 }], "a link, a device"],
  ["encryption", [{ name: "e", content: "x", password: "p" }], "is encrypted"],
  ["a name twice", [{ name: "a" }, { name: "a" }], "name of another"],
  ["names that differ in case", [{ name: "a/X" }, { name: "a/x" }], "another"],
  [
    "names that differ in Unicode form",
    [{ name: "\u00e9" }, { name: "e\u0301" }],
    "another",
  ],
  [
    "folders that differ in case",
    [{ name: "A/x" }, { name: "a/y" }],
    "another",
  ],
  ["a file in a file", [{ name: "a" }, { name: "a/b" }], "another"],
  ["a file named as a folder", [{ name: "a/b" }, { name: "a" }], "another"],
];

for (const [what, files, message] of refused) {
  Deno.test(`extractArchive refuses ${what} and writes nothing`, async () => {
    const zip = await makeZip([{ name: "first", content: "x" }, ...files]);
    assertStringIncludes((await refusalAtOnce(zip)).message, message);
  });
}

Deno.test("extractArchive refuses a file that would grow a thousandfold", async () => {
  const zip = await makeZip([
    { name: "bomb", content: new Uint8Array(2 ** 22) },
  ]);
  assertStringIncludes((await refusal(zip)).message, "expected at most 200");
});

Deno.test("extractArchive refuses more bytes in all than the limit", async () => {
  const zip = await makeZip([{ name: "a", content: "12345" }]);
  assertStringIncludes(
    (await refusal(zip, { bytes: 4 })).message,
    "5 bytes extracted or more, expected at most 4",
  );
});

Deno.test("extractArchive refuses more entries than the limit", async () => {
  const zip = await makeZip([{ name: "a" }, { name: "b" }]);
  assertStringIncludes(
    (await refusal(zip, { entries: 1 })).message,
    "more entries than the 1 allowed",
  );
});

Deno.test("extractArchive refuses a file that holds more than it declares", async () => {
  const zip = await makeZip([{ name: "a", content: "x".repeat(5000) }]);
  const view = new DataView(zip.buffer, zip.byteOffset);
  // Local header, data descriptor and central header tell the same lie.
  const places = [[3, 22], [7, 12], [1, 24]];
  for (const [kind, size] of places) {
    for (const at of findAll(zip, [0x50, 0x4b, kind, kind + 1])) {
      view.setUint32(at + size, 10, true);
    }
  }
  assertStringIncludes((await refusal(zip)).message, "uncompressed size");
});

Deno.test("extractArchive refuses data whose checksum is another", async () => {
  const zip = await makeZip([{ name: "a", content: "unpacked" }]);
  const [central] = findAll(zip, [0x50, 0x4b, 1, 2]);
  const [local] = findAll(zip, [0x50, 0x4b, 3, 4]);
  zip[central + 16] ^= 1;
  zip[local + 14] ^= 1;
  assertStringIncludes((await refusal(zip)).message, 'entry "a"');
});

Deno.test("extractArchive refuses two entries that share their data", async () => {
  const zip = await makeZip([
    { name: "a", content: "same" },
    { name: "b", content: "same" },
  ]);
  const [first, second] = findAll(zip, [0x50, 0x4b, 1, 2]);
  zip.copyWithin(second + 42, first + 42, first + 46);
  assertStringIncludes((await refusal(zip)).message, "Overlapping entry");
});

Deno.test("extractArchive refuses an entry within another's data", async () => {
  const noise = crypto.getRandomValues(new Uint8Array(500));
  const zip = await makeZip([
    { name: "a", content: "text" },
    { name: "b", content: noise },
  ]);
  const [first, second] = findAll(zip, [0x50, 0x4b, 3, 4]);
  const [central] = findAll(zip, [0x50, 0x4b, 1, 2]);
  // Noise stays as long as it is, so that all of a fits into b.
  const inside = second + 200;
  zip.copyWithin(inside, first, second);
  const view = new DataView(zip.buffer, zip.byteOffset);
  view.setUint32(central + 42, inside, true);
  assertStringIncludes((await refusal(zip)).message, "Overlapping entry");
});

Deno.test("extractArchive refuses a part of an archive over several disks", async () => {
  const zip = await makeZip([{ name: "a", content: "text" }]);
  const [end] = findAll(zip, [0x50, 0x4b, 5, 6]);
  zip[end + 4] = 1; // this disk
  zip[end + 6] = 0; // the one where the directory begins
  assertStringIncludes((await refusalAtOnce(zip)).message, "Split zip file");
});

Deno.test("extractArchive never opens an archive within an archive", async () => {
  const bomb = await makeZip([
    { name: "x", content: new Uint8Array(2 ** 24) },
  ]);
  const zip = await makeZip([{ name: "a/inner.zip", content: bomb }]);
  await withArchive(zip, async (archive, directory) => {
    await extractArchive(archive, directory);
    assertEquals(await Deno.readFile(join(directory, "a/inner.zip")), bomb);
  });
});

Deno.test("extractArchive refuses an archive without files", async () => {
  const zip = await makeZip([{ name: "folder/" }]);
  assertStringIncludes((await refusal(zip)).message, "holds no files");
});

Deno.test("extractArchive stops at a signal with its reason", async () => {
  const directory = await Deno.makeTempDir();
  const stop = new AbortController();
  const reason = new Error("enough");
  try {
    const error = await assertRejects(() =>
      extractArchive(fixture, directory, {
        signal: stop.signal,
        onProgress: () => stop.abort(reason),
      })
    );
    assertEquals(error, reason);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("extractArchive refuses what is no zip archive", async () => {
  const error = await refusal(new TextEncoder().encode("<html></html>"));
  assertStringIncludes(error.message, "no zip, tar or tar.gz archive");
});

Deno.test("extractArchive refuses the beginning of an archive, however long", async () => {
  const zip = await makeZip([{ name: "a/b", content: "some text" }]);
  for (let length = 0; length < zip.length; length++) {
    await refusal(zip.slice(0, length));
  }
});

Deno.test("extractArchive answers damaged bytes with a UserError or whole files", async () => {
  const zip = await makeZip([
    { name: "a/b", content: "some text" },
    { name: "a/c", content: "some more text" },
  ]);
  for (let at = 0; at < zip.length; at++) {
    const damaged = zip.slice();
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
