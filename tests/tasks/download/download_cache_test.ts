import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import manifest from "../../../deno.json" with { type: "json" };
import { parseTaskLine } from "../../../lib/package/task_line.ts";
import { serve } from "../../support/hub/file_server.ts";
import { type LinkOutput, runLink } from "../../support/tasks/chain.ts";
import { withFolder } from "../../support/with_folder.ts";

const { flags } = parseTaskLine(manifest.tasks.download)!;

/** The task as deno.json starts it. */
async function runDownload(
  folder: string,
  ...args: string[]
): Promise<LinkOutput> {
  return await runLink({ task: "download", flags, args }, { folder });
}

Deno.test("download --list has a line for every entry, and makes nothing", async () => {
  await withFolder(async (folder) => {
    const { code, lines } = await runDownload(folder, "--list");
    assertEquals(code, 0);
    const entries = lines.filter(({ event }) => event === "entry");
    const ofHub = entries.filter(({ format }) => format === "hf");
    assertEquals(ofHub.length, 14);
    const others = entries.filter(({ format }) => format !== "hf");
    assertEquals(others.map(({ name }) => name), [
      "bert.small",
      "bert.base",
      "bert.small.torch",
      "bert.base.torch",
      "snli",
      "bert.tiny",
      "snli.sample",
    ]);
    // Who runs the tests may have models of the hub.
    assert(others.every(({ cached }) => cached === false));
    assert(entries.every(({ licence }) => String(licence).length > 0));
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  });
});

Deno.test("download --list tells what is in the cache", async () => {
  await withFolder(async (folder) => {
    await runDownload(folder, "--dataset", "snli.sample");
    const { lines } = await runDownload(folder, "--list");
    const cached = lines.filter(({ cached, format }) =>
      cached === true && format !== "hf"
    );
    assertEquals(cached.map(({ name, bytes }) => ({ name, bytes })), [
      { name: "snli.sample", bytes: 606486 },
    ]);
  });
});

Deno.test("download --verify exits 0 for a sound cache and 1 for a damaged one", async () => {
  await withFolder(async (folder) => {
    await runDownload(folder, "--model", "bert.tiny");
    const sound = await runDownload(folder, "--verify");
    assertEquals(sound.code, 0);
    assertEquals(sound.lines.at(-1)?.verifiedFiles, 3);
    const vocab = join(folder, ".premise/cache/bert.tiny/vocab.json");
    const text = await Deno.readTextFile(vocab);
    await Deno.writeTextFile(vocab, text.replace("the", "teh"));
    const damaged = await runDownload(folder, "--verify");
    assertEquals(damaged.code, 1);
    assertEquals(damaged.lines.at(-1)?.code, "damaged-cache");
    assertStringIncludes(
      String(damaged.lines.at(-1)?.message),
      "vocab.json is damaged",
    );
  });
});

Deno.test("download --offline exits 1 for what is not in the cache, and asks nobody", async () => {
  await using server = serve(() => new Response());
  await withFolder(async (folder) => {
    const args = ["--model", "bert.small", "--offline", "--hub", server.url];
    const { code, lines } = await runDownload(folder, ...args);
    assertEquals(code, 1);
    assertEquals(lines.at(-1)?.code, "not-cached");
    assertEquals(server.ranges, []);
  });
});

Deno.test("download exits 1 before it fetches what the disk has no room for", async () => {
  await using server = serve(() => new Response());
  await withFolder(async (folder) => {
    const entry = {
      name: "huge",
      kind: "model",
      url: `${server.url}/huge.zip`,
      sha1: "0".repeat(40),
      bytes: 2 ** 52,
      licence: "MIT",
      format: "hf",
    };
    const catalogue = join(folder, "catalogue.json");
    await Deno.writeTextFile(catalogue, JSON.stringify({ entries: [entry] }));
    const args = ["--model", "huge", "--catalogue", catalogue];
    const { code, lines } = await runDownload(folder, ...args);
    assertEquals(code, 1);
    assertEquals(lines.at(-1)?.code, "disk-full");
    assertStringIncludes(
      String(lines.at(-1)?.message),
      "4,503,599,627 MB are needed",
    );
    assertEquals(server.ranges, []);
  });
});
