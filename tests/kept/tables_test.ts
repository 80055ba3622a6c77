import { assertEquals } from "@std/assert";
import { readTableDir } from "../../lib/data/table/table_dir.ts";
import {
  assertKeptEvents,
  FAMILIES,
  inCommon,
  KEPT,
  keptEvents,
  Place,
  settings,
} from "../support/kept/place.ts";
import { type Ended, runTask } from "../support/tasks/run_task.ts";
import { snapshot } from "../support/tasks/workplace.ts";

/** What is known of each table: its fingerprint, and a test example's tokens. */
const KNOWN = {
  d2l: {
    fingerprint:
      "adc66ff29d619ec20760ccf5b4457c3e70d41c36ff9862d9e735e862afee496c",
    tokens: [3, 5, 6, 28, 0, 0, 28, 5, 40, 21, 4, 5, 6, 9, 25, 21, 4],
    second: 11,
  },
  hf: {
    fingerprint:
      "e641c08953db3791292f71dcf95d6cb7145743ed06cda970ba24532ee334bd08",
    // deno-fmt-ignore
    tokens: [
      2, 9, 65, 38, 24, 51, 55, 61, 46, 12, 51, 55, 74, 54, 55, 75, 38, 9, 24,
      51, 59, 72, 8, 3, 9, 65, 40, 23, 70, 61, 46, 54, 58, 53, 8, 3,
    ],
    second: 24,
  },
};

let place: Place;
const made: Record<string, Ended> = {};

/** Encodes the kept text again. */
Deno.test.beforeAll(async () => {
  place = await Place.make();
  await Deno.remove(place.of("tables"), { recursive: true });
  for (const family of FAMILIES) {
    const flags = await settings(`${family}-preprocess`);
    // What all tables were cut by then has to be asked for now.
    if (family === "hf") flags.push("--truncation=longest-first");
    made[family] = await runTask("preprocess", flags, { cwd: place.path });
  }
});

Deno.test.afterAll(() => place[Symbol.asyncDispose]());

/** All that the splits of a table hold. */
async function contentOf(directory: string): Promise<Record<string, unknown>> {
  const { manifest, open } = await readTableDir(directory);
  const splits: Record<string, unknown> = {};
  for (const split of Object.keys(manifest.splits)) {
    const { path: _, premise, hypothesis, ...columns } = await open(split);
    const texts = Array.from(
      { length: columns.rows },
      (_, i) => [premise(i), hypothesis(i)],
    );
    splits[split] = { ...columns, texts };
  }
  return splits;
}

for (const family of FAMILIES) {
  const kept = `${KEPT}/tables/${family}`;

  Deno.test(`the kept table of ${family} is read as it was`, async () => {
    const { manifest, open } = await readTableDir(kept);
    const test = await open("test");
    const { fingerprint, tokens, second } = KNOWN[family];
    assertEquals(manifest.fingerprint, fingerprint);
    assertEquals([...test.tokenIds.subarray(0, test.offsets[1])], tokens);
    assertEquals([test.second[0], test.labels[0]], [second, 0]);
    assertEquals(
      [test.premise(0), test.hypothesis(0)],
      ["a man in pants dancing in a park .", "A man is outside ."],
    );
  });

  Deno.test(`preprocess tells of ${family}'s table what it told then`, async () => {
    assertKeptEvents(
      made[family].events,
      await keptEvents(`events/${family}-preprocess`),
    );
  });

  Deno.test(`the same text gives the same examples of ${family}'s`, async () => {
    const again = await contentOf(place.of(`tables/${family}`));
    assertEquals(again, await contentOf(kept));
  });

  Deno.test(`the same text gives the same files of ${family}'s table`, async () => {
    const again = await snapshot(place.of(`tables/${family}`));
    const then = await snapshot(kept);
    // It says the same in another form.
    assertEquals({ ...again, "table.json": "" }, { ...then, "table.json": "" });
  });

  Deno.test(`the same text gives a manifest that says what ${family}'s says`, async () => {
    const again = await readTableDir(place.of(`tables/${family}`));
    const { manifest } = await readTableDir(kept);
    const { rules } = again.manifest.text;
    assertEquals(rules, family === "hf" ? 3 : 1);
    // By other rules it is another table, if of the same tokens.
    const common = {
      ...manifest,
      fingerprint: family === "hf"
        ? again.manifest.fingerprint
        : manifest.fingerprint,
      text: { ...manifest.text, rules },
      vocabulary: family === "hf"
        ? { ...again.manifest.vocabulary, size: manifest.vocabulary.size }
        : manifest.vocabulary,
    };
    assertEquals(inCommon(again.manifest, common), common);
  });
}
