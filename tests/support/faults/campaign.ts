/** A fault at every call of a task, and what the next run makes of it. */
import { assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import { campaignTest, tellCount } from "../slow.ts";
import { withFolder } from "../with_folder.ts";
import { Driver, type Ran } from "./driver.ts";
import type { Call, Fault } from "./faulty_disk.ts";
import type { Order } from "./task_driver.ts";
import { copyTree, differencesOf, treeOf } from "./trees.ts";

/** A task to disturb. */
export interface Job {
  /** Makes what the task begins with, in the driver's working directory. */
  prepare(driver: Driver, folder: string): Promise<void>;
  /** The task and its flags. */
  start: Order;
  /** What the user has named to write to, one of which each error names. */
  places: string[];
  /** The flags with which it is run again; those of the start if not given. */
  again?: (folder: string) => Promise<string[]>;
}

/** Which of the faults are tried: every so-maniest, from one on. */
export interface Part {
  part: number;
  of: number;
}

/** Kinds of errors that stand for the others at every so-maniest call. */
const RARE = ["EIO", "EACCES"] as const;
const RARELY = 5;

/** All faults that there are to try. */
export function faultsOf(calls: readonly Call[]): Fault[] {
  return calls.flatMap(({ tears }, at): Fault[] => [
    { at, kind: "kill" },
    ...(tears ? [{ at, kind: "tear" } as const] : []),
    { at, kind: "ENOSPC" },
    ...RARE.filter((_, i) => at % RARELY === i)
      .map((kind) => ({ at, kind })),
  ]);
}

/** What a campaign found. */
export interface Found {
  /** How many faults were tried. */
  tried: number;
  /** What went wrong, in words; nothing should. */
  wrong: string[];
}

/**
 * Disturbs a task at its calls, runs it again, and compares all files with
 * those of a task that was never disturbed.
 */
export async function disturb(job: Job, { part, of }: Part): Promise<Found> {
  const found: Found = { tried: 0, wrong: [] };
  await withFolder(async (folder) => {
    const [before, cwd] = [join(folder, "before"), join(folder, "cwd")];
    await Deno.mkdir(before);
    await Deno.mkdir(cwd);
    await using driver = new Driver(cwd);
    await job.prepare(driver, cwd);
    await copyTree(cwd, before);
    const { code, calls, told } = await driver.run(job.start);
    assertEquals(code, 0, JSON.stringify(told.at(-1)));
    const expected = await treeOf(cwd);
    const faults = faultsOf(calls).filter((_, i) => i % of === part);
    for (const fault of faults) {
      await copyTree(before, cwd);
      const ran = await driver.run({ ...job.start, fault });
      const call = ran.calls[fault.at];
      // A server's answer comes in more or fewer pieces each time.
      if (call === undefined) continue;
      found.tried++;
      const problems = faultsOfEnd(ran, fault, job);
      const args = await job.again?.(cwd) ?? job.start.args;
      const again = await driver.run({ ...job.start, args });
      if (again.code !== 0) problems.push(`run again: ${lastOf(again)}`);
      problems.push(...differencesOf(await treeOf(cwd), expected));
      const where =
        `${fault.kind} at call ${fault.at}, ${call.name} ${call.path}`;
      found.wrong.push(...problems.map((problem) => `${where}: ${problem}`));
    }
  });
  return found;
}

/** What is wrong with how a disturbed task ended. */
function faultsOfEnd(ran: Ran, { kind }: Fault, job: Job): string[] {
  const { code, told } = ran;
  if (kind === "kill" || kind === "tear") {
    return code === undefined ? [] : ["it was not killed"];
  }
  // It got on without the call.
  if (code === 0) return [];
  const { event, code: name, message } = told.at(-1)!;
  if (event !== "error" || name === "program-defect") return [lastOf(ran)];
  const problems = code === 1 ? [] : [`it ended with ${code}`];
  const isNamed = (place: string) =>
    new RegExp(`["'/.]${place}["'/.]`).test(`${message}`);
  if (!job.places.some(isNamed)) {
    problems.push(`"${message}" names none of ${job.places}`);
  }
  return problems;
}

function lastOf({ code, told }: Ran): string {
  return `it ended with ${code}, ${JSON.stringify(told.at(-1))}`;
}

/**
 * Declares the tests of a task's faults: one of a few of them, and slow ones
 * that share all.
 *
 * @param what The task, as a sentence begins.
 * @param job The task.
 * @param options Into how many tests all faults are split, and one in how many
 *   of them is taken where tests are not to be slow.
 */
export function testFaults(
  what: string,
  job: Job,
  { parts, fewer }: { parts: number; fewer: number },
): void {
  const test = async (part: Part) => {
    const { tried, wrong } = await disturb(job, part);
    assertEquals(wrong, []);
    assertGreater(tried, 2);
    return tried;
  };
  Deno.test(
    `${what} that meets a fault at a call comes to the same bytes`,
    async () => {
      await test({ part: fewer >> 1, of: fewer });
    },
  );
  for (let part = 0; part < parts; part++) {
    campaignTest(
      `${what} that meets any fault of part ${
        part + 1
      }/${parts} comes to the same bytes`,
      async () => {
        tellCount(`${await test({ part, of: parts })} faults: ${what}`);
      },
    );
  }
}
