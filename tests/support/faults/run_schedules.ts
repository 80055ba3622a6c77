/** Processes that train and encode in one place at once. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { TaskName } from "../../../lib/settings/config.ts";
import type { Random } from "../random.ts";
import { fillGoldenPlace, GOLDEN } from "../tasks/golden_place.ts";
import {
  checkTable,
  finish,
  type Play,
  playTogether,
  type Schedules,
  type Work,
} from "./schedules.ts";
import { differencesOf, type Tree, treeOf } from "./trees.ts";

const ENCODE = [
  ...["--model", GOLDEN[0].slice("--model=".length), "--heads=4"],
  ...["--data=train=train.jsonl", "--data=test=test.jsonl", "--out=table"],
  "--workers=1",
];

/** What may end in each place: two runs, two tables. */
const runs = [GOLDEN, [...GOLDEN, "--seed=7"]];
const tables = [ENCODE, [...ENCODE, "--max-len=20"]];

function draw(random: Random): Work {
  if (random.once(3)) return { task: "preprocess", args: random.pick(tables) };
  const how = random.pick(["", "--resume", "--overwrite"]);
  const args = [...random.pick(runs), how].filter((flag) => flag !== "");
  return { task: "finetune", args };
}

const PLAY: Play = { draw, starts: 700, lives: 3000 };

/** What a schedule leaves is compared with: each run and table, undisturbed. */
interface Whole {
  runs: Tree[];
  tables: Tree[];
}

/** Makes each run and table by itself. */
async function makeWhole(cwd: string): Promise<Whole> {
  const make = async (task: TaskName, args: string[], place: string) => {
    await finish(cwd, { task, args });
    const tree = await treeOf(join(cwd, place));
    await Deno.remove(join(cwd, place), { recursive: true });
    return tree;
  };
  const whole: Whole = { runs: [], tables: [] };
  for (const args of runs) whole.runs.push(await make("finetune", args, "run"));
  for (const args of tables) {
    whole.tables.push(await make("preprocess", args, "table"));
  }
  return whole;
}

/** A table that a schedule leaves is made good by the next. */
async function checkTables(
  cwd: string,
  { tables: whole }: Whole,
  told: string,
): Promise<void> {
  await checkTable(cwd, whole, told);
  await finish(cwd, { task: "preprocess", args: tables[0] });
  const again = await treeOf(join(cwd, "table"));
  assertEquals(differencesOf(again, whole[0]), [], told);
}

/** A run that has begun goes on to what one alone comes to. */
async function checkRun(cwd: string, { runs: whole }: Whole, why: string) {
  const record = await Deno.readTextFile(join(cwd, "run/run.json"))
    .catch(() => null);
  const which = record === null || JSON.parse(record).config.seed === 0 ? 0 : 1;
  const isThere = await Deno.stat(join(cwd, "run")).catch(() => null);
  const args = isThere ? [...runs[which], "--resume"] : runs[which];
  await finish(cwd, { task: "finetune", args });
  const run = await treeOf(join(cwd, "run"));
  assertEquals(differencesOf(run, whole[which]), [], why);
  const left = Object.keys(await treeOf(cwd)).filter((path) =>
    /^\.|\/\.|\.tmp|\.lock|\.old/.test(path) && !path.startsWith(".premise")
  );
  assertEquals(left, [], why);
}

/** Two runs and two tables, of which any may end in its place. */
export const runSchedules: Schedules<Whole> = {
  fill: fillGoldenPlace,
  makeWhole,
  async run(cwd, whole, seed) {
    const told = await playTogether(cwd, seed, PLAY);
    await checkTables(cwd, whole, told);
    await checkRun(cwd, whole, told);
    return told;
  },
};
