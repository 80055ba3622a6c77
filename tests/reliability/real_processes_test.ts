import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { Driver } from "../support/faults/driver.ts";
import { freshRun, freshTables } from "../support/faults/jobs.ts";
import { runProcess } from "../support/faults/real_process.ts";
import { copyTree, differencesOf, treeOf } from "../support/faults/trees.ts";
import { unixTest } from "../support/require.ts";
import { campaignTest } from "../support/slow.ts";
import { withFolder } from "../support/with_folder.ts";

for (
  const [what, job] of [["finetune", freshRun], [
    "preprocess",
    freshTables,
  ]] as const
) {
  campaignTest(
    `${what} as a process of its own ends as one in the tests' driver does`,
    () =>
      withFolder(async (folder) => {
        const [before, cwd] = [join(folder, "before"), join(folder, "cwd")];
        await Deno.mkdir(cwd);
        await using driver = new Driver(cwd);
        await job.prepare(driver, cwd);
        await copyTree(cwd, before);
        assertEquals((await runProcess(cwd, job.start)).code, 0);
        const expected = await treeOf(cwd);
        for (const at of [0, 5, 17, 33]) {
          for (const kind of ["kill", "ENOSPC"] as const) {
            await copyTree(before, cwd);
            const order = { ...job.start, fault: { at, kind } };
            const { code, signal, stdout, stderr } = await runProcess(
              cwd,
              order,
            );
            const where = `${kind} at call ${at}: ${stdout}`;
            if (kind === "kill") assertEquals(signal, "SIGKILL", where);
            else if (code !== 0) {
              assertEquals(code, 1, where);
              assertMatch(stdout, /"event":"error"/, where);
              assertEquals(/^ +at /m.test(stderr), false, stderr);
            }
            const args = await job.again?.(cwd) ?? job.start.args;
            const again = await runProcess(cwd, { ...job.start, args });
            assertEquals(again.code, 0, `${where}, then ${again.stdout}`);
            assertEquals(differencesOf(await treeOf(cwd), expected), [], where);
          }
        }
      }),
    unixTest,
  );
}
