import { assertEquals } from "@std/assert";
import { readTiles } from "../../lib/device/webgpu/product/tile_file.ts";
import { loadCatalogue } from "../../lib/hub/catalogue/catalogue.ts";
import { listCatalogue } from "../../lib/hub/catalogue/listing.ts";
import { downloadAll } from "../../lib/hub/transfer/download_all.ts";
import { openModel, resolveSource } from "../../mod.ts";
import { KEPT, Place } from "../support/kept/place.ts";
import { runTask } from "../support/tasks/run_task.ts";
import { snapshot } from "../support/tasks/workplace.ts";

const CACHE = `${KEPT}/cache`;
const CATALOGUE = `${KEPT}/catalogue.json`;

Deno.test("the kept cache is found to be whole", async () => {
  await using place = await Place.make();
  const { code, events } = await runTask(
    "download",
    ["--verify", `--cache=${CACHE}`],
    { cwd: place.path },
  );
  const { verifiedFiles, verifiedBytes } = events.at(-1)!;
  assertEquals([code, verifiedFiles, verifiedBytes], [0, 9, 111951]);
});

Deno.test("what is in the kept cache is listed", async () => {
  const listed = await listCatalogue(await loadCatalogue(CATALOGUE), CACHE);
  assertEquals(
    listed.filter(({ cached }) => cached).map((
      { name, bytes },
    ) => [name, bytes]),
    [["hf.tiny", 25661], ["snli.few", 7229]],
  );
});

/** Asks for all that is in a copy of the cache, away from the network. */
async function downloadOffline(cache: string): Promise<void> {
  const catalogue = await loadCatalogue(CATALOGUE);
  const entries = ["hf.tiny", "snli.few"].map((name) => catalogue.get(name)!);
  await downloadAll(entries, { cache, offline: true });
}

Deno.test("what is in the kept cache needs no archive any more", async () => {
  await using place = await Place.make();
  const cache = place.of("cache");
  await Deno.remove(`${cache}/archives`, { recursive: true });
  const before = await snapshot(cache);
  await downloadOffline(cache);
  assertEquals(await snapshot(cache), before);
});

Deno.test("a kept archive is extracted again to the same files", async () => {
  await using place = await Place.make();
  const cache = place.of("cache");
  const before = await snapshot(cache);
  await Deno.remove(`${cache}/hf.tiny`, { recursive: true });
  await Deno.remove(`${cache}/snli.few`, { recursive: true });
  await downloadOffline(cache);
  assertEquals(await snapshot(cache), before);
});

Deno.test("a model in the kept cache is opened by its name", async () => {
  const { config, source } = await openModel("hf.tiny", { cache: CACHE });
  assertEquals([config.hidden, config.heads, source], [16, 2, "hf"]);
});

Deno.test("a data set in the kept cache is found by its name", async () => {
  const { directory } = await resolveSource("snli.few", {
    cache: CACHE,
    kind: "dataset",
  });
  assertEquals(directory, `${CACHE}/snli.few`);
});

Deno.test("a GPU's tiles in the kept cache are read", async () => {
  assertEquals(await readTiles(`${CACHE}/gpu_tiles.json`, "a GPU"), {
    "linear.forward 14 8 8": "64x64/8x8 step 16 ahead",
    "linear.dw 8 8 14": "32x32/4x4 step 16",
  });
});
