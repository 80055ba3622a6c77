import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/base/errors.ts";
import {
  findEntry,
  loadCatalogue,
} from "../../../lib/hub/catalogue/catalogue.ts";
import { download } from "../../../lib/hub/transfer/download.ts";
import { openModel } from "../../../lib/weights/open_model.ts";
import { withCache } from "../../support/with_folder.ts";

const GOLDEN = "fixtures/golden/mxnet";

Deno.test("a model is opened by its directory", async () => {
  const { config, source } = await openModel(GOLDEN, { heads: 4 });
  assertEquals([config.hidden, source], [32, "d2l-mxnet"]);
});

Deno.test("a model is opened by its zip archive, with the catalogue's facts", () =>
  withCache(async (cache) => {
    const { config } = await openModel("fixtures/bert.tiny.zip", { cache });
    assertEquals([config.heads, config.dropout], [4, 0.1]);
  }));

Deno.test("a model that was downloaded is opened by its name", () =>
  withCache(async (cache) => {
    const entry = findEntry(await loadCatalogue(), "bert.tiny", {
      kind: "model",
    });
    await download(entry, { cache });
    const { directory, config } = await openModel("bert.tiny", { cache });
    assertEquals([directory, config.heads], [join(cache, "bert.tiny"), 4]);
  }));

Deno.test("what the user says wins over the catalogue's facts", () =>
  withCache(async (cache) => {
    const { config } = await openModel("fixtures/bert.tiny.zip", {
      cache,
      heads: 2,
      dropout: 0.3,
      labels: ["yes", "no", "maybe"],
      maxLength: 32,
    });
    assertEquals(
      [config.heads, config.dropout, config.labels, config.text.maxLength],
      [2, 0.3, ["yes", "no", "maybe"], 32],
    );
  }));

Deno.test("a model that is missing is refused with the command that fetches it", () =>
  withCache(async (cache) => {
    const error = await assertRejects(
      () => openModel("bert.base", { cache }),
      UserError,
    );
    assertEquals(error.code, "missing-input");
    assertStringIncludes(error.hint, "deno task download --model bert.base");
  }));

Deno.test("weights that are random are not read", async () => {
  const { arrays, weightsFile } = await openModel(GOLDEN, {
    heads: 4,
    weights: "random",
  });
  assertEquals([arrays.size, weightsFile], [0, null]);
});
