import { assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import { slowTest } from "../../support/slow.ts";
import { Driver } from "../../support/tasks/drive.ts";
import type { Fault } from "../../support/tasks/faulty_disk.ts";
import {
  GOLDEN,
  makeGoldenPlace,
  outcomeOf,
} from "../../support/tasks/golden_place.ts";

/** Tests that share the faults, so that neighbouring ones are in different tests. */
const PARTS = 7;

/**
 * The faults of a stretch of operations: before the first, which is after the
 * one before it, and after each that changes something. Of the writes of one
 * file the first and the last are taken.
 */
function faultsOf(
  operations: readonly string[],
  { from, to }: { from: number; to: number },
): Fault[] {
  const isWrite = (at: number) => operations[at].startsWith("write");
  const faults: Fault[] = [{ at: from, when: "before" }];
  for (let at = from; at < to; at++) {
    const inner = isWrite(at) && isWrite(at - 1) && isWrite(at + 1);
    const opens = operations[at].startsWith("open");
    if (!inner && !opens) faults.push({ at, when: "after" });
  }
  return faults;
}

/** Lets the disk die at every so-maniest fault, and goes on. */
async function failAt(part: number): Promise<void> {
  const cwd = await makeGoldenPlace();
  try {
    await using driver = new Driver(cwd);
    const start = [...GOLDEN, "--overwrite"];
    const { operations } = await driver.run({ args: start });
    const expected = await outcomeOf(join(cwd, "run"));
    // The end of the first epoch, and the first step of the second.
    const saves = operations.flatMap((what, at) =>
      what === "mkdir checkpoints" ? [at] : []
    );
    const stretch = { from: saves[0], to: saves[3] };
    const faults = faultsOf(operations, stretch);
    assertGreater(faults.length, 60);
    for (const fault of faults.filter((_, i) => i % PARTS === part)) {
      const where = `${fault.when} ${fault.at}: ${operations[fault.at]}`;
      const { ended } = await driver.run({ args: start, fault });
      assertEquals(ended, false, where);
      await driver.run({ args: [...GOLDEN, "--resume"] });
      assertEquals(await outcomeOf(join(cwd, "run")), expected, where);
    }
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test(
  "a run whose disk dies while it saves goes on to the same bytes",
  () => failAt(0),
);

for (let part = 1; part < PARTS; part++) {
  slowTest(
    `a run whose disk dies at fault ${part} of each ${PARTS} goes on to the same bytes`,
    () => failAt(part),
  );
}
