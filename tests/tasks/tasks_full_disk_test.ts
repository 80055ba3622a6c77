/** Tasks on disks that are small, read only or mounted at the very place. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { resolve } from "@std/path";
import type { TaskName } from "../../lib/settings/config.ts";
import { serve } from "../support/hub/file_server.ts";
import { GOLDEN, makeGoldenPlace } from "../support/tasks/golden_place.ts";
import { mountTest, runMounted } from "../support/tasks/mounts.ts";
import { parseLines, taskWords } from "../support/tasks/run_task.ts";
import { withFolder } from "../support/with_folder.ts";

/** A task as a line of a script. */
function line(task: TaskName, ...args: string[]): string {
  return [...taskWords(task), ...args].map((word) => `'${word}'`).join(" ");
}

const DOWNLOAD = ["--dataset=snli.sample", "--model=bert.tiny", "--cache=disk"];
const PREPROCESS = [
  ...["--model=bert.tiny", "--data=snli.sample", "--out=out"],
  ...["--workers=1", "--limit=20"],
];

mountTest(
  "a cache that is complete is used from a read-only disk",
  () =>
    withFolder(async (cwd) => {
      const { code, stdout, stderr } = await runMounted(
        `set -e; mkdir disk; mount -t tmpfs none disk
      ${line("download", ...DOWNLOAD)} >/dev/null
      mount -o remount,ro disk
      ${line("download", ...DOWNLOAD)}
      ${line("download", "--verify", "--cache=disk")}
      ${line("preprocess", ...PREPROCESS, "--cache=disk")}`,
        cwd,
      );
      assertEquals(code, 0, stderr + stdout);
    }),
);

mountTest(
  "preprocess replaces the tables where a disk is mounted, and keeps them if the new ones do not fit",
  () =>
    withFolder(async (cwd) => {
      const { code, stdout, stderr } = await runMounted(
        `set -e; mkdir out; mount -t tmpfs -o size=200k none out
      ${line("preprocess", ...PREPROCESS)} >/dev/null
      ${line("preprocess", ...PREPROCESS, "--limit=30")} >/dev/null
      cksum out/* >before
      if ${line("preprocess", ...PREPROCESS, "--limit=6000")} >told
      then exit 9; fi
      cksum out/* | diff before -
      ls -A out; tail -n 1 told`,
        cwd,
      );
      assertEquals(code, 0, stderr + stdout);
      const lines = stdout.trimEnd().split("\n");
      assertEquals(lines.slice(0, -1), [
        "table.json",
        "test.arrow",
        "train.arrow",
      ]);
      assertEquals(JSON.parse(lines.at(-1)!).code, "disk-full");
    }),
);

mountTest(
  "a run that fills its disk says so, and goes on once there is room",
  async () => {
    const cwd = await makeGoldenPlace();
    try {
      const { code, stdout, stderr } = await runMounted(
        `mkdir disk; mount -t tmpfs -o size=600k none disk
      ${line("finetune", ...GOLDEN, "--out=disk/run")} >told; echo "code $?"
      mount -o remount,size=50m disk
      ${line("finetune", ...GOLDEN, "--out=disk/run", "--resume")}`,
        cwd,
      );
      const [first, ...rest] = stdout.split("\n");
      assertEquals([first, code], ["code 1", 0], stderr);
      assertStringIncludes(stderr, "No space left on device");
      const told = parseLines(await Deno.readTextFile(`${cwd}/told`)).at(-1);
      assertEquals([told?.event, told?.code], ["error", "disk-full"]);
      assertEquals(parseLines(rest.join("\n")).at(-1)?.event, "done");
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  },
);

mountTest(
  "a body without an end is given up when the disk is full, and leaves nothing",
  () =>
    withFolder(async (cwd) => {
      const block = new Uint8Array(1 << 16);
      await using server = serve(() =>
        new Response(
          new ReadableStream({
            pull: (controller) => controller.enqueue(block),
          }),
        )
      );
      const entry = {
        name: "endless",
        kind: "model",
        url: `${server.url}/endless.zip`,
        sha1: "0".repeat(40),
        sha256: null,
        bytes: null,
        licence: "none",
        format: "d2l-mxnet",
        facts: {},
      };
      await Deno.writeTextFile(
        `${cwd}/catalogue.json`,
        JSON.stringify({ entries: [entry] }),
      );
      const flags = ["--catalogue=catalogue.json", "--model=endless"];
      const { stdout, stderr } = await runMounted(
        `mkdir disk; mount -t tmpfs -o size=10m none disk
      ${line("download", ...flags, "--cache=disk")}; echo "code $?"
      ls -A disk/archives`,
        cwd,
      );
      assertEquals(stdout.trimEnd().split("\n").at(-1), "code 1", stderr);
      assertStringIncludes(stdout, '"code":"disk-full"');
    }),
);

mountTest(
  "an export that does not fit on its disk says so, and leaves the one before it whole",
  () =>
    withFolder(async (cwd) => {
      const model = [
        `--model=${resolve("fixtures/golden/torch")}`,
        ...["--weights=classifier.params", "--heads=4", "--out=disk/out"],
      ];
      const { code, stdout, stderr } = await runMounted(
        `set -e; mkdir disk; mount -t tmpfs -o size=200k none disk
      ${line("export", ...model, "--format=d2l-torch")} >/dev/null
      if ${line("export", ...model, "--format=onnx", "--overwrite")} >told
      then exit 9; fi
      (cd disk/out && sha256sum --quiet --check SHA256SUMS)
      ls -A disk; tail -n 1 told`,
        cwd,
      );
      assertEquals(code, 0, stderr + stdout);
      const [left, told] = stdout.trimEnd().split("\n");
      assertEquals([left, JSON.parse(told).code], ["out", "disk-full"]);
    }),
);
