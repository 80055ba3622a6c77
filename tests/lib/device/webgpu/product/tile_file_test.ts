import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  readTiles,
  writeTiles,
} from "../../../../../lib/device/webgpu/product/tile_file.ts";
import { withFolder } from "../../../../support/with_folder.ts";

const CHOSEN = { "linear.dx 13 8 8": "64x64x8x16" };

Deno.test("an adapter's tiles are read as they were written", () =>
  withFolder(async (folder) => {
    const path = join(folder, "cache", "tiles.json");
    await writeTiles(path, { adapter: "one", chosen: CHOSEN });
    await writeTiles(path, { adapter: "other", chosen: {} });
    assertEquals(await readTiles(path, "one"), CHOSEN);
  }));

Deno.test("an adapter that was never measured has no tiles", () =>
  withFolder(async (folder) => {
    const path = join(folder, "tiles.json");
    assertEquals(await readTiles(path, "one"), {});
    await writeTiles(path, { adapter: "one", chosen: CHOSEN });
    assertEquals(await readTiles(path, "toString"), {});
  }));

for (const damaged of ["", "[1]", '{"one": 3}', '{"one": {"x": 3}}']) {
  Deno.test(`a tile file of "${damaged}" has no tiles`, () =>
    withFolder(async (folder) => {
      const path = join(folder, "tiles.json");
      await Deno.writeTextFile(path, damaged);
      assertEquals(await readTiles(path, "one"), {});
    }));
}

Deno.test("tiles that can't be written are done without", () =>
  withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    await writeTiles(join(file, "tiles.json"), {
      adapter: "one",
      chosen: CHOSEN,
    });
    assertEquals(await Deno.readTextFile(file), "");
  }));
