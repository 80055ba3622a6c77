import { assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import { sha256 } from "../../lib/base/files/summed_files.ts";
import type { Table } from "../../lib/data/table/table.ts";
import { readTableDir } from "../../lib/data/table/table_dir.ts";
import { findEntry, loadCatalogue } from "../../lib/hub/catalogue/catalogue.ts";
import { download } from "../../lib/hub/transfer/download.ts";
import { loadCheckpoint } from "../../lib/run/checkpoint.ts";
import type { NamedArrays } from "../../lib/weights/formats/arrays.ts";
import { openModel } from "../../lib/weights/open_model.ts";
import { type Answer, flipBits, NOTICED } from "../support/faults/bit_flips.ts";
import { Driver } from "../support/faults/driver.ts";
import { fillHub, zipModel } from "../support/faults/jobs.ts";
import { campaignTest, tellCount } from "../support/slow.ts";
import { fillGoldenPlace, GOLDEN } from "../support/tasks/golden_place.ts";

/** Flips of each kind of files in all, and in the test that is not slow. */
const TIMES = 500;
const FEW = 25;

let place: string;

Deno.test.beforeAll(async () => {
  place = await Deno.makeTempDir();
  await fillGoldenPlace(place);
  await fillHub(place, await zipModel());
  const catalogue = await loadCatalogue(join(place, "catalogue.json"));
  const entry = findEntry(catalogue, "small", { kind: "model" });
  await download(entry, {
    cache: join(place, "cache"),
    hub: join(place, "hub"),
  });
  await using driver = new Driver(place);
  await driver.finish(GOLDEN);
});

Deno.test.afterAll(() => Deno.remove(place, { recursive: true }));

function digestOf(arrays: NamedArrays): unknown {
  return [...arrays].map(([name, { shape, data }]) => [
    name,
    shape,
    sha256([new Uint8Array(data.slice().buffer)]),
  ]);
}

/** What the run would go on from. */
const askCheckpoint: Answer = async () => {
  const { checkpoint, damaged } = await loadCheckpoint(join(place, "run"));
  if (damaged.length > 0 || checkpoint === undefined) return NOTICED;
  const { parameters, moments, ...facts } = checkpoint;
  return [facts, digestOf(parameters), digestOf(moments)];
};

/** What a model would compute with. */
async function askModel(directory: string): Promise<unknown> {
  const { arrays, config, vocabularyFile } = await openModel(directory, {
    heads: 4,
  });
  const vocabulary = await Deno.readFile(vocabularyFile);
  return [config, digestOf(arrays), sha256([vocabulary])];
}

/** All that a run is trained on. */
const askTable: Answer = async () => {
  const { manifest, open } = await readTableDir(join(place, "data"));
  const splits = Object.keys(manifest.splits);
  const tables = await Promise.all(splits.map(open));
  return [manifest, tables.map(describeTable)];
};

function describeTable(table: Table): unknown {
  const { path: _, premise, hypothesis, ...columns } = table;
  const rows = [...Array(table.rows).keys()];
  return [columns, rows.map((row) => [premise(row), hypothesis(row)])];
}

for (
  const [what, folder, answer] of [
    ["a checkpoint", "run/checkpoints", askCheckpoint],
    ["a run", "run", () => askModel(join(place, "run"))],
    ["a table", "data", askTable],
    ["the cache", "cache/small", () => askModel(join(place, "cache/small"))],
  ] as const
) {
  const test = async (times: number, seed: string) => {
    const { wrong, ...fine } = await flipBits(join(place, folder), answer, {
      times,
      seed: `${what} ${seed}`,
    });
    assertEquals(wrong, []);
    assertGreater(fine.noticed, times / 10, JSON.stringify(fine));
    return fine;
  };
  Deno.test(
    `a bit that turns over in ${what} is noticed or changes no answer`,
    async () => {
      await test(FEW, "few");
    },
  );
  campaignTest(
    `any of ${TIMES} bits that turn over in ${what} is noticed or changes no answer`,
    async () => {
      const { noticed, harmless } = await test(TIMES, "all");
      tellCount(`${what}: ${noticed} flips noticed, ${harmless} harmless`);
    },
  );
}
