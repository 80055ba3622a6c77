/** Processes that start, work and are killed at once, in the same places. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { TaskName } from "../../../lib/settings/config.ts";
import { Random } from "../random.ts";
import { GOLDEN } from "../tasks/golden_place.ts";
import { parseLines, spawnTask } from "../tasks/run_task.ts";
import { copyTree, differencesOf, type Tree, treeOf } from "./trees.ts";

/** A task with its flags. */
export interface Work {
  task: TaskName;
  args: string[];
}

const ENCODE = [
  ...["--model", GOLDEN[0].slice("--model=".length), "--heads=4"],
  ...["--data=train=train.jsonl", "--data=test=test.jsonl", "--out=table"],
  "--workers=1",
];

/** What may end in each place: two runs, two tables. */
export const runs = [GOLDEN, [...GOLDEN, "--seed=7"]];
export const tables = [ENCODE, [...ENCODE, "--max-len=20"]];

function draw(random: Random): Work {
  if (random.once(3)) return { task: "preprocess", args: random.pick(tables) };
  const how = random.pick(["", "--resume", "--overwrite"]);
  const args = [...random.pick(runs), how].filter((flag) => flag !== "");
  return { task: "finetune", args };
}

/** How one process of a schedule ended. */
interface Ended {
  work: Work;
  code: number;
  wasKilled: boolean;
  last: Record<string, unknown> | undefined;
}

/** What processes do at once, and for how long. */
export interface Play {
  /** Draws what a process does. */
  draw(random: Random): Work;
  /** Milliseconds within which processes start. */
  starts: number;
  /** Milliseconds within which one is killed, if it is. */
  lives: number;
}

const RUNS: Play = { draw, starts: 700, lives: 3000 };

async function play(
  cwd: string,
  random: Random,
  { draw, starts, lives }: Play,
): Promise<Ended> {
  const work = draw(random);
  const [start, life] = [random.below(starts), 200 + random.below(lives)];
  const isKilled = random.once(2);
  await new Promise((resolve) => setTimeout(resolve, start));
  const child = spawnTask(work.task, work.args, { cwd });
  await child.stdin.close();
  const timer = setTimeout(() => isKilled && child.kill("SIGKILL"), life);
  // Its output may end later than it does, and what has ended cannot be killed.
  child.status.then(() => clearTimeout(timer));
  const { code, signal, stdout } = await child.output();
  const wasKilled = signal === "SIGKILL";
  const text = new TextDecoder().decode(stdout);
  // The last line of a process that was killed may be cut short.
  const last = wasKilled ? undefined : parseLines(text).at(-1);
  return { work, code, wasKilled, last };
}

/** What a schedule leaves is compared with: each run and table, undisturbed. */
export interface Whole {
  runs: Tree[];
  tables: Tree[];
}

/** Makes each run and table by itself. */
export async function makeWhole(cwd: string): Promise<Whole> {
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

/** Runs a task that has to end well. */
export async function finish(cwd: string, { task, args }: Work): Promise<void> {
  const child = spawnTask(task, args, { cwd });
  await child.stdin.close();
  const { code, stdout } = await child.output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(code, 0, `${args}: ${text.trim().split("\n").at(-1)}`);
}

/**
 * Lets two to four processes work at once. Each ends well, is killed, or is
 * refused by name.
 *
 * @param cwd Where they work.
 * @param seed Draws how many there are, and when each starts and is killed.
 * @param how What they do.
 * @returns What they did and how each ended, in words.
 */
export async function playTogether(
  cwd: string,
  seed: string,
  how: Play,
): Promise<string> {
  const randoms = Array.from(
    { length: 2 + new Random(seed).below(3) },
    (_, i) => new Random(`${seed} ${i}`),
  );
  const ended = await Promise.all(
    randoms.map((random) => play(cwd, random, how)),
  );
  const ends = JSON.stringify(ended.map((one) => [
    ...[one.work.task, one.work.args.at(-1)],
    one.wasKilled ? "killed" : one.last?.code ?? one.last?.event,
  ]));
  const told = `${seed}: ${ends}`;
  for (const { code, wasKilled, last } of ended) {
    if (wasKilled || code === 0) continue;
    assertEquals(last?.event, "error", told);
    assertEquals(last?.code === "program-defect", false, told);
  }
  return told;
}

/**
 * Plays one schedule, and goes on with what it leaves.
 *
 * @param places The folder that it begins with, and the one that it is played in.
 * @param whole What may come of it.
 * @param seed Draws it.
 * @returns What the processes did and how each ended, in words.
 */
export async function runSchedule(
  { before, cwd }: { before: string; cwd: string },
  whole: Whole,
  seed: string,
): Promise<string> {
  await copyTree(before, cwd);
  const told = await playTogether(cwd, seed, RUNS);
  await checkTables(cwd, whole, told);
  await checkRun(cwd, whole, told);
  return told;
}

/** A table is there whole or not at all, and is made good by the next. */
async function checkTables(cwd: string, { tables: whole }: Whole, why: string) {
  const found = await treeOf(join(cwd, "table")).catch(() => null);
  if (found !== null) {
    const isWhole = whole.some((tree) =>
      differencesOf(found, tree).length === 0
    );
    assertEquals(isWhole, true, `the table is mixed: ${why}`);
  }
  await finish(cwd, { task: "preprocess", args: tables[0] });
  const again = await treeOf(join(cwd, "table"));
  assertEquals(differencesOf(again, whole[0]), [], why);
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
