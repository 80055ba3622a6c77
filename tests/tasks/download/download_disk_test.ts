/** What `download` does where the disk will not have it. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { tinyModel } from "../../support/hub/hub_repositories.ts";
import { filesAsked, withHub } from "../../support/hub/with_hub.ts";
import { unixTest } from "../../support/require.ts";
import {
  parseLines,
  runTask,
  taskWords,
} from "../../support/tasks/run_task.ts";
import { namesIn } from "../../support/tasks/workplace.ts";
import { withFolder } from "../../support/with_folder.ts";

const FLAGS = ["--dataset=snli.sample", "--cache=cache"];

/** Runs the task where no file may be larger than so many blocks of 512 bytes. */
async function runLimited(
  cwd: string,
  blocks: number,
  flags: readonly string[] = FLAGS,
): Promise<Record<string, unknown>> {
  const words = [...taskWords("download"), ...flags].map((word) => `'${word}'`);
  const { code, stdout } = await new Deno.Command("sh", {
    args: ["-c", `trap '' XFSZ; ulimit -f ${blocks}; exec ${words.join(" ")}`],
    cwd,
  }).output();
  return { exit: code, ...parseLines(new TextDecoder().decode(stdout)).at(-1) };
}

unixTest(
  "a disk that has no room for an archive is told as that, and keeps no part",
  () =>
    withFolder(async (cwd) => {
      const { exit, code, message } = await runLimited(cwd, 100);
      assertEquals([exit, code], [1, "disk-full"]);
      assertStringIncludes(`${message}`, 'Cannot write to the cache "cache": ');
      assertEquals(await namesIn(join(cwd, "cache/archives")), []);
    }),
);

unixTest(
  "a disk that has no room for what is in an archive is told as that, and the archive stays",
  () =>
    withFolder(async (cwd) => {
      const { exit, code } = await runLimited(cwd, 4000);
      assertEquals([exit, code], [1, "disk-full"]);
      assertEquals((await namesIn(join(cwd, "cache/archives"))).length, 1);
      assertEquals(await namesIn(join(cwd, "cache")), ["archives"]);
      const { code: next } = await runTask("download", FLAGS, { cwd });
      assertEquals(next, 0);
    }),
);

unixTest(
  "a disk that has no room for a file of the hub is told as that, and what came stays",
  async () => {
    const tiny = await tinyModel();
    await withHub([tiny], async ({ server, folder, run }) => {
      const flags = [
        ...["--model=hf:someone/tiny", "--cache=cache"],
        `--hub=${server.url}`,
      ];
      const { exit, code, message } = await runLimited(folder, 400, flags);
      assertEquals([exit, code], [1, "disk-full"]);
      assertStringIncludes(`${message}`, 'Cannot write to the cache "cache": ');
      server.requests.length = 0;
      assertEquals((await run("download", flags)).code, 0);
      assertEquals(filesAsked(server), ["model.safetensors"]);
    });
  },
);

unixTest(
  "what a killed download left of other entries is swept by the next",
  () =>
    withFolder(async (cwd) => {
      for (const name of ["bert.small.tmp", ".bert.base.old", "kept"]) {
        await Deno.mkdir(join(cwd, "cache", name), { recursive: true });
      }
      assertEquals((await runTask("download", FLAGS, { cwd })).code, 0);
      assertEquals(
        await namesIn(join(cwd, "cache")),
        ["archives", "bert.base", "kept", "snli.sample"],
      );
    }),
);

unixTest(
  "a directory that a download is extracting is not swept by another",
  () =>
    withFolder(async (cwd) => {
      const busy = join(cwd, "cache/bert.small");
      await Deno.mkdir(`${busy}.tmp`, { recursive: true });
      using file = await Deno.open(`${busy}.lock`, {
        write: true,
        create: true,
      });
      await file.lock(true);
      assertEquals((await runTask("download", FLAGS, { cwd })).code, 0);
      assertEquals((await Deno.stat(`${busy}.tmp`)).isDirectory, true);
    }),
);
