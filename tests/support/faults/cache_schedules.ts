/** Processes that fetch, unpack and read in one cache at once. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { Random } from "../random.ts";
import { fillGoldenPlace } from "../tasks/golden_place.ts";
import { fillHub, zipModel } from "./jobs.ts";
import {
  checkTable,
  finish,
  type Play,
  playTogether,
  type Schedules,
  type Work,
} from "./schedules.ts";
import { differencesOf, type Tree, treeOf } from "./trees.ts";

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

const PLAY: Play = { draw, starts: 400, lives: 800 };

/** What lies below a folder of a tree. */
function below(tree: Tree, folder: string): Tree {
  return Object.fromEntries(
    Object.entries(tree).filter(([path]) => path.startsWith(`${folder}/`))
      .map(([path, what]) => [path.slice(folder.length + 1), what]),
  );
}

/** A cache that is fetched, unpacked and read, and the table that comes of it. */
export const cacheSchedules: Schedules<Tree> = {
  async fill(folder) {
    await fillGoldenPlace(folder);
    await fillHub(join(folder, "first"), await zipModel());
    await fillHub(join(folder, "second"), await zipModel("another"));
    await Deno.writeFile(join(folder, "model.zip"), await zipModel());
  },

  async makeWhole(cwd) {
    for (const work of WORKS) await finish(cwd, work);
    return await treeOf(cwd);
  },

  async run(cwd, whole, seed) {
    // Some processes find what was fetched before, others begin with nothing.
    const random = new Random(`${seed} before`);
    if (random.once(2)) await finish(cwd, fetching("second"));
    const told = await playTogether(cwd, seed, PLAY);
    await checkTable(cwd, [below(whole, "table")], told);
    for (const work of WORKS) await finish(cwd, work);
    const args = ["--catalogue=first/catalogue.json", "--cache=cache"];
    await finish(cwd, { task: "download", args: [...args, "--verify"] });
    const found = await treeOf(cwd);
    // The archive of the other version is kept where it has come to the cache.
    const odd = differencesOf(found, whole).filter((difference) =>
      !/^cache\/archives\/[0-9a-f]{64}-small\.zip is left over$/.test(
        difference,
      )
    );
    assertEquals(odd, [], told);
    return told;
  },
};
