import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  builtInEntries,
  type CatalogueEntry,
} from "../../../../lib/hub/catalogue/catalogue.ts";
import { listCatalogue } from "../../../../lib/hub/catalogue/listing.ts";
import { download } from "../../../../lib/hub/transfer/download.ts";

const tiny = builtInEntries.find(({ name }) => name === "bert.tiny")!;

function catalogueOf(entry: CatalogueEntry): Map<string, CatalogueEntry> {
  return new Map([[entry.name, entry]]);
}

Deno.test("listCatalogue tells an entry's size and terms before it is fetched", async () => {
  assertEquals(await listCatalogue(catalogueOf(tiny), "no/such"), [{
    name: "bert.tiny",
    kind: "model",
    format: "d2l-mxnet",
    bytes: 2483362,
    licence: "CC BY-SA 4.0 (pretrained on sentences of SNLI)",
    cached: false,
  }]);
});

Deno.test("listCatalogue takes a size that the catalogue lacks from the cache", async () => {
  const cache = await Deno.makeTempDir();
  try {
    const entry = { ...tiny, bytes: null };
    const list = async () =>
      (await listCatalogue(catalogueOf(entry), cache))[0];
    assertEquals((await list()).bytes, null);
    await download(entry, { cache });
    const { bytes, cached } = await list();
    assertEquals({ bytes, cached }, { bytes: 2483362, cached: true });
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});

Deno.test("listCatalogue does not take an entry for cached that lacks a file", async () => {
  const cache = await Deno.makeTempDir();
  try {
    await download(tiny, { cache });
    await Deno.remove(join(cache, "bert.tiny/vocab.json"));
    const [{ cached }] = await listCatalogue(catalogueOf(tiny), cache);
    assertEquals(cached, false);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});
