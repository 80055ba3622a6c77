import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { builtInEntries } from "../../../../lib/hub/catalogue/catalogue.ts";
import { downloadAll } from "../../../../lib/hub/transfer/download_all.ts";
import { serve } from "../../../support/hub/file_server.ts";

const [tiny, sample] = ["bert.tiny", "snli.sample"].map((name) =>
  builtInEntries.find((entry) => entry.name === name)!
);
const gone = { ...sample, name: "gone" };

async function withCache(
  test: (cache: string) => Promise<void>,
): Promise<void> {
  const cache = await Deno.makeTempDir();
  try {
    await test(cache);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

Deno.test("downloadAll asks for all entries before any has come", async () => {
  const both = Promise.withResolvers<void>();
  let asked = 0;
  await using server = serve(async (request) => {
    if (++asked === 2) both.resolve();
    await both.promise;
    const { pathname } = new URL(request.url);
    return new Response(await Deno.readFile(`fixtures${pathname}`));
  });
  await withCache(async (cache) => {
    const options = { cache, hub: server.url };
    assertEquals(await downloadAll([tiny, sample], options), [
      join(cache, "bert.tiny"),
      join(cache, "snli.sample"),
    ]);
  });
});

Deno.test("downloadAll finishes one entry though another fails", async () => {
  await withCache(async (cache) => {
    const entries = [{ ...gone, url: "no/such.zip" }, tiny];
    const error = await assertRejects(
      () => downloadAll(entries, { cache }),
      UserError,
    );
    assert(error.message.startsWith("Cannot download gone from no/such.zip"));
    assert((await Deno.stat(join(cache, "bert.tiny/vocab.json"))).isFile);
  });
});

Deno.test("downloadAll tells every failure", async () => {
  await withCache(async (cache) => {
    const entries = ["a.zip", "b.zip"].map((url) => ({
      ...gone,
      name: url.slice(0, 1),
      url,
    }));
    const error = await assertRejects(
      () => downloadAll(entries, { cache }),
      UserError,
    );
    assertEquals([error.code, error.exitCode], ["download-failed", 1]);
    assert(error.message.includes("2 problems"));
    assert(error.message.includes("Cannot download b from b.zip"));
  });
});

Deno.test("downloadAll stops all at a signal, with its reason", async () => {
  const stop = new AbortController();
  const reason = new Error("enough");
  await using server = serve(() => {
    stop.abort(reason);
    return new Response("");
  });
  await withCache(async (cache) => {
    const error = await assertRejects(() =>
      downloadAll([tiny, sample], {
        cache,
        hub: server.url,
        signal: stop.signal,
      })
    );
    assertEquals(error, reason);
  });
});
