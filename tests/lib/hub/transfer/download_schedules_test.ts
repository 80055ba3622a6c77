import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../../lib/base/errors.ts";
import { digestFile } from "../../../../lib/base/files/digest.ts";
import {
  builtInEntries,
  type CatalogueEntry,
} from "../../../../lib/hub/catalogue/catalogue.ts";
import { verifyCache } from "../../../../lib/hub/catalogue/verify.ts";
import { download } from "../../../../lib/hub/transfer/download.ts";
import {
  behave,
  listen,
  misdeeds,
} from "../../../support/hub/hostile_server.ts";
import { makeZip } from "../../../support/hub/make_zip.ts";
import { Random } from "../../../support/random.ts";
import { slowTest } from "../../../support/slow.ts";

/** Schedules of one test, and of all. */
const SCHEDULES = 60;
const ALL_SCHEDULES = 600;
const AT_ONCE = 12;

const noise = new Random("noise");
const content = Uint8Array.from({ length: 4000 }, () => noise.below(256));
const file = await makeZip([{ name: "m/vocab.json", content }]);
const other = await makeZip([{ name: "m/vocab.json", content: "another" }]);
const sha1 = await digestOf(file);
const entry: CatalogueEntry = {
  ...builtInEntries.find(({ name }) => name === "bert.tiny")!,
  name: "m",
  url: "http://127.0.0.1/m.zip",
  sha1,
  bytes: null,
};

async function digestOf(bytes: Uint8Array): Promise<string> {
  const copy = new Uint8Array(bytes);
  const digest = await crypto.subtle.digest("SHA-1", copy);
  return new Uint8Array(digest).toHex();
}

/** Fails if a cache shows anything but the right archive and files. */
async function checkCache(cache: string, context: string): Promise<void> {
  const archive = join(cache, "archives", `${sha1}-m.zip`);
  if (await exists(archive)) {
    assertEquals(await digestFile(archive, "sha1"), sha1, context);
  }
  const directory = join(cache, "m");
  if (!await exists(directory)) return;
  const vocab = await Deno.readFile(join(directory, "vocab.json"));
  assertEquals(vocab, content, context);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** What a schedule came to. */
interface Outcome {
  names: string[];
  error: UserError | null;
}

/** Downloads from a server that misbehaves by plan, then from a good one. */
async function runSchedule(seed: number): Promise<Outcome> {
  const random = new Random(`schedule ${seed}`);
  const all = Object.keys(misdeeds);
  // So many schedules in a row as there are misdeeds begin with them all.
  const names = [
    all[seed % all.length],
    ...Array.from({ length: random.below(5) }, () => random.pick(all)),
  ];
  const isIncurable = random.once(3);
  const context = `seed ${seed}: ${names.join(", ")}`;
  const folder = await Deno.makeTempDir();
  const cache = join(folder, "cache");
  let asked = 0;
  let isGood = false;
  await using server = await listen({ file, other }, {
    random,
    async next() {
      await checkCache(cache, context);
      const at = isIncurable ? asked % names.length : asked;
      asked++;
      return isGood ? behave : misdeeds[names[at]] ?? behave;
    },
  });
  try {
    const known = random.once(2) ? entry : { ...entry, bytes: file.length };
    const error = await download(known, {
      cache,
      hub: server.url,
      tries: 4,
      retryDelay: 1,
      stallTimeout: 60,
    }).then(() => null, (reason) => reason);
    if (error !== null) checkError(error, context);
    await checkCache(cache, context);
    assertEquals(await exists(join(cache, "m")), error === null, context);

    isGood = true;
    await download(entry, { cache, hub: server.url });
    await checkCache(cache, context);
    assertEquals((await verifyCache(cache)).problems, [], context);
    return { names, error };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function checkError(error: unknown, context: string): void {
  if (!(error instanceof UserError)) throw error;
  const codes = ["download-failed", "bad-digest", "disk-full"];
  assert(codes.includes(error.code), `${context}: ${error.code}`);
  assert(/^Cannot download m from http:.*: \S/.test(error.message), context);
  assert(error.hint !== "", context);
}

/** Downloads by so many schedules, whose seeds go up from one. */
async function runSchedules(first: number): Promise<void> {
  const seeds = Array.from({ length: SCHEDULES }, (_, i) => first + i);
  const outcomes: Outcome[] = [];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let seed; (seed = seeds.pop()) !== undefined;) {
      outcomes.push(await runSchedule(seed));
    }
  }));
  const met = new Set(outcomes.flatMap(({ names }) => names));
  assertEquals([...met].sort(), Object.keys(misdeeds).sort());
  const failed = outcomes.filter(({ error }) => error !== null).length;
  assert(failed > SCHEDULES / 10, `${failed} failed`);
  assert(failed < SCHEDULES * 9 / 10, `${failed} failed`);
}

Deno.test(
  `download by ${SCHEDULES} schedules of misdeeds ends in the right bytes or a clear error`,
  () => runSchedules(0),
);

for (let first = SCHEDULES; first < ALL_SCHEDULES; first += SCHEDULES) {
  slowTest(
    `download by schedules ${first} to ${
      first + SCHEDULES - 1
    } ends in the right bytes or a clear error`,
    () => runSchedules(first),
  );
}
