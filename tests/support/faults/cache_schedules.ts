/** Processes that fetch, unpack and read in one cache at once. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Random } from "../random.ts";
import { fillGoldenPlace } from "../tasks/golden_place.ts";
import { fillHub, zipModel } from "./jobs.ts";
import { finish, type Play, playTogether, type Work } from "./schedules.ts";
import { copyTree, differencesOf, type Tree, treeOf } from "./trees.ts";

/** Fetches what one of the two catalogues knows: a version of its own. */
function fetching(from: string): Work {
  return {
    task: "download",
    args: [
      ...[`--catalogue=${from}/catalogue.json`, `--hub=${from}/hub`],
      ...["--cache=cache", "--model=small", "--dataset=pairs"],
    ],
  };
}

/** Encodes pairs for a model in the cache, or one that is unpacked into it. */
function encoding(model: string): Work {
  return {
    task: "preprocess",
    args: [
      ...["--catalogue=first/catalogue.json", "--cache=cache", "--out=table"],
      ...["--heads=4", "--workers=1", "--data=train=train.jsonl"],
      ...["--data=test=test.jsonl", `--model=${model}`],
    ],
  };
}

/** What makes all of it whole again, in this order. */
const WORKS = [fetching("first"), encoding("model.zip"), encoding("small")];

function draw(random: Random): Work {
  return random.pick([...WORKS, fetching("first"), fetching("second")]);
}

const FETCHES: Play = { draw, starts: 400, lives: 800 };

/** Makes what each schedule begins with. */
export async function fillCachePlace(folder: string): Promise<void> {
  await fillGoldenPlace(folder);
  await fillHub(join(folder, "first"), await zipModel());
  await fillHub(join(folder, "second"), await zipModel("another"));
  await Deno.writeFile(join(folder, "model.zip"), await zipModel());
}

/** What a cache and a table are when nothing disturbs what makes them. */
export async function makeWholeCache(
  { before, cwd }: { before: string; cwd: string },
): Promise<Tree> {
  await copyTree(before, cwd);
  for (const work of WORKS) await finish(cwd, work);
  return await treeOf(cwd);
}

/**
 * Plays one schedule, and has the cache and the table made whole.
 *
 * @param places The folder that it begins with, and the one that it is played in.
 * @param whole What has to come of it.
 * @param seed Draws it.
 * @returns What the processes did and how each ended, in words.
 */
export async function runCacheSchedule(
  { before, cwd }: { before: string; cwd: string },
  whole: Tree,
  seed: string,
): Promise<string> {
  await copyTree(before, cwd);
  // Some processes find what was fetched before, others begin with nothing.
  const random = new Random(`${seed} before`);
  if (random.once(2)) await finish(cwd, fetching("second"));
  const told = await playTogether(cwd, seed, FETCHES);
  const table = await treeOf(join(cwd, "table")).catch(() => null);
  if (table !== null) {
    const right = Object.entries(whole)
      .filter(([path]) => path.startsWith("table/"))
      .map(([path, what]) => [path.slice("table/".length), what]);
    const differing = differencesOf(table, Object.fromEntries(right));
    assertEquals(differing, [], `the table is mixed: ${told}`);
  }
  for (const work of WORKS) await finish(cwd, work);
  const args = ["--catalogue=first/catalogue.json", "--cache=cache"];
  await finish(cwd, { task: "download", args: [...args, "--verify"] });
  const found = await treeOf(cwd);
  // The archive of the other version is kept where it has come to the cache.
  const odd = differencesOf(found, whole).filter((difference) =>
    !/^cache\/archives\/[0-9a-f]{64}-small\.zip is left over$/.test(difference)
  );
  assertEquals(odd, [], told);
  return told;
}
