/** Processes that start, work and are killed at once, in the same places. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { TaskName } from "../../../lib/settings/config.ts";
import { Random } from "../random.ts";
import { campaignTest, tellCount } from "../slow.ts";
import { parseLines, spawnTask } from "../tasks/run_task.ts";
import { copyTree, differencesOf, type Tree, treeOf } from "./trees.ts";

/** A task with its flags. */
export interface Work {
  task: TaskName;
  args: string[];
}

/** Runs a task that has to end well. */
export async function finish(cwd: string, { task, args }: Work): Promise<void> {
  const child = spawnTask(task, args, { cwd });
  await child.stdin.close();
  const { code, stdout } = await child.output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(code, 0, `${args}: ${text.trim().split("\n").at(-1)}`);
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

/** How one process of a schedule ended. */
interface Ended {
  work: Work;
  code: number;
  wasKilled: boolean;
  last: Record<string, unknown> | undefined;
}

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

/** A table is there whole, as one of those that may be there, or not at all. */
export async function checkTable(
  cwd: string,
  whole: readonly Tree[],
  told: string,
): Promise<void> {
  const found = await treeOf(join(cwd, "table")).catch(() => null);
  if (found === null) return;
  const differing = whole.map((tree) => differencesOf(found, tree));
  const isWhole = differing.some(({ length }) => length === 0);
  assertEquals(
    isWhole,
    true,
    `the table is mixed: ${JSON.stringify(differing)} ${told}`,
  );
}

/** Schedules of one kind. */
export interface Schedules<Whole> {
  /** Fills the folder that each begins with. */
  fill(folder: string): Promise<void>;
  /** Makes in such a folder what it comes to where nothing disturbs. */
  makeWhole(cwd: string): Promise<Whole>;
  /**
   * Plays one in such a folder, and goes on with what it leaves.
   *
   * @param cwd The folder.
   * @param whole What may come of it.
   * @param seed Draws it.
   * @returns What the processes did and how each ended, in words.
   */
  run(cwd: string, whole: Whole, seed: string): Promise<string>;
}

/**
 * Declares the tests of schedules: one of the first, and slow ones of all.
 *
 * @param schedules Their kind.
 * @param options How many there are, what their seeds begin with, and what the
 *   tests are called.
 */
export function testSchedules<Whole>(
  { fill, makeWhole, run }: Schedules<Whole>,
  { count, seed, first, nameOf }: {
    count: number;
    seed: string;
    first: string;
    nameOf: (i: number) => string;
  },
): void {
  let place: string;
  let whole: Whole | undefined;

  Deno.test.beforeAll(async () => {
    place = await Deno.makeTempDir();
    await Deno.mkdir(join(place, "before"));
    await fill(join(place, "before"));
  });

  Deno.test.afterAll(() => Deno.remove(place, { recursive: true }));

  /** The folder in which one is played, as each begins. */
  async function begin(): Promise<string> {
    const cwd = join(place, "cwd");
    await copyTree(join(place, "before"), cwd);
    return cwd;
  }

  async function runNumber(i: number): Promise<string> {
    whole ??= await makeWhole(await begin());
    return await run(await begin(), whole, `${seed} ${i}`);
  }

  Deno.test(first, async () => {
    await runNumber(0);
  });

  for (let i = 0; i < count; i++) {
    campaignTest(nameOf(i), async () => tellCount(await runNumber(i)));
  }
}
