import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  readSummed,
  readSums,
  replaceSummed,
  sha256,
} from "../../../../lib/base/files/summed_files.ts";
import { withFolder } from "../../../support/with_folder.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("replaceSummed keeps the digests of the files that it leaves", async () => {
  await withFolder(async (folder) => {
    await replaceSummed(folder, { a: [bytesOf("1")], b: [bytesOf("2")] });
    await replaceSummed(folder, { b: [bytesOf("3"), bytesOf("4")] });
    assertEquals(
      await readSums(folder),
      new Map([
        ["a", [sha256([bytesOf("1")])]],
        ["b", [sha256([bytesOf("34")])]],
      ]),
    );
    const { a, b } = await readSummed(folder, ["a", "b"]);
    assertEquals([a, b], [bytesOf("1"), bytesOf("34")]);
  });
});

Deno.test("a file has a digest that is listed at every moment of its replacing", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "a");
    await replaceSummed(folder, { a: [bytesOf("old")] });
    const seen: boolean[] = [];
    const original = Deno.rename;
    // Each rename is a moment at which the process may be killed.
    Deno.rename = async (from, to) => {
      await original(from, to);
      const digest = sha256([await Deno.readFile(path)]);
      seen.push((await readSums(folder))!.get("a")!.includes(digest));
    };
    try {
      await replaceSummed(folder, { a: [bytesOf("new")] });
    } finally {
      Deno.rename = original;
    }
    assertEquals(seen, [true, true, true]);
  });
});

Deno.test("lines of SHA256SUMS that are no digest's are left out", async () => {
  await withFolder(async (folder) => {
    const digest = sha256([]);
    await Deno.writeTextFile(
      join(folder, "SHA256SUMS"),
      `\n${digest}  a b\n${digest.slice(1)}  c\n${digest} *d\nnonsense\n`,
    );
    assertEquals(
      await readSums(folder),
      new Map([["a b", [digest]], ["d", [digest]]]),
    );
  });
});
