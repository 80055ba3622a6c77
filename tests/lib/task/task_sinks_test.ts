/** What a task does when one of the places that it writes to fails. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { unixTest } from "../../support/require.ts";
import { withFolder } from "../../support/with_folder.ts";

const program = fromFileUrl(
  new URL("../../support/tasks/odd_task.ts", import.meta.url),
);

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
  /** The lines of a file called `log`, if there is one. */
  log: string;
}

/** Runs the task that does what `model` says, by a line for `sh`. */
async function run(
  model: string,
  places: string,
  { before = "", after = "" } = {},
): Promise<Ended> {
  let ended: Ended | undefined;
  await withFolder(async (folder) => {
    const words = [Deno.execPath(), "run", "--no-prompt", "-R", "-W", program];
    const task = [...words, `--model=${model}`].map((word) => `'${word}'`);
    const line = `${before} { ${
      task.join(" ")
    } ${places}; echo $? >code; } ${after}`;
    const { stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", line],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const [out, err] = [stdout, stderr].map((b) => new TextDecoder().decode(b));
    ended = {
      code: Number(await Deno.readTextFile(join(folder, "code"))),
      stdout: out,
      stderr: err,
      log: await Deno.readTextFile(join(folder, "log")).catch(() => ""),
    };
  });
  return ended!;
}

/** The kinds of a stream's events, each line being one. */
function kindsOf(text: string): string[] {
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line).event);
}

/** Where each of the streams goes, and what is left to tell of it. */
const PLACES = [
  [">/dev/full", "standard output"],
  ["2>/dev/full", "standard error"],
  [">/dev/full 2>/dev/full --log log", "either stream, beside a log"],
  [">/dev/full --log log", "standard output, beside a log"],
  [">&-", "a closed standard output"],
  ["2>&-", "a closed standard error"],
  [">&- 2>&- --log log", "two closed streams, beside a log"],
] as const;

for (const [places, what] of PLACES) {
  for (
    const [model, code, last] of [
      ["works", 0, "done"],
      ["fails", 1, "error"],
      ["lacks a file", 1, "error"],
      ["has a defect", 1, "error"],
    ] as const
  ) {
    unixTest(
      `a task that ${model} exits ${code} with "${last}" in every other place without room in ${what}`,
      async () => {
        const ended = await run(model, places);
        assertEquals(ended.code, code, ended.stderr);
        const left = [ended.stdout, ended.log].filter((text) => text !== "");
        for (const text of left) assertEquals(kindsOf(text).at(-1), last);
        assertEquals(left.length > 0, /log|2>/.test(places));
      },
    );
  }
}

unixTest(
  "a full standard output is told once on standard error and in the log",
  async () => {
    const { stderr, log } = await run("works", ">/dev/full --log log");
    const message =
      "Cannot write to standard output: No space left on device; " +
      "the work goes on without it";
    assertEquals(stderr, `warning: ${message}\n`);
    assertEquals(kindsOf(log), ["start", "warning", "done"]);
    assertStringIncludes(log, message);
  },
);

unixTest("a full standard error is told once on standard output", async () => {
  const { stdout } = await run("goes on", "2>/dev/full");
  assertEquals(kindsOf(stdout), ["start", "progress", "warning", "done"]);
});

unixTest(
  "a log that outgrows its limit is told on both streams, and the work goes on",
  async () => {
    const limit = "trap '' XFSZ; ulimit -f 1; yes xxxxxxx | head -c 400 >log;";
    const ended = await run("goes on", "--log log", { before: limit });
    assertEquals(ended.code, 0, ended.stderr);
    assertStringIncludes(ended.stderr, 'Cannot write to the log "log": ');
    assertEquals(
      kindsOf(ended.stdout).toSorted(),
      ["done", "progress", "start", "warning"],
    );
  },
);

unixTest(
  "a log whose reader has gone is told on both streams, and the work goes on",
  async () => {
    const before = "mkfifo pipe; : <pipe &";
    const ended = await run("goes on", "--log pipe", { before });
    assertEquals(ended.code, 0, ended.stderr);
    assertStringIncludes(
      ended.stderr,
      'the log "pipe": nobody reads it any more',
    );
    assertEquals(kindsOf(ended.stdout).at(-1), "done");
  },
);

for (const stream of ["/dev/stderr", "/dev/stdout", "/dev/fd/2"]) {
  unixTest(`a log may be ${stream}`, async () => {
    const { code, stdout, stderr } = await run("works", `--log ${stream}`);
    assertEquals(code, 0, stderr);
    const lines = kindsOf(stdout + stderr).toSorted();
    assertEquals(lines, ["done", "done", "start", "start"]);
  });
}

unixTest("a log may be /dev/null", async () => {
  const { code, stdout, stderr } = await run("works", "--log /dev/null");
  assertEquals([code, stderr], [0, ""]);
  assertEquals(kindsOf(stdout), ["start", "done"]);
});

unixTest(
  "predictions that a full disk does not take are an error that names standard output",
  async () => {
    const { code, stderr, log } = await run("predicts", ">/dev/full --log log");
    assertEquals(code, 1);
    assertStringIncludes(
      stderr,
      "error: Cannot write to standard output: No space left on device",
    );
    assertEquals(kindsOf(log).at(-1), "error");
    assertEquals(JSON.parse(log.trim().split("\n").at(-1)!).code, "disk-full");
  },
);

unixTest(
  "predictions that nobody reads any more end the task without a word",
  async () => {
    const { code, stderr } = await run("predicts", "", { after: "| true" });
    assertEquals([code, stderr], [0, ""]);
  },
);

for (const flag of ["--help", "--version"]) {
  unixTest(`${flag} onto a full disk exits 1 with a word`, async () => {
    const { code, stderr } = await run("works", `${flag} >/dev/full`);
    assertEquals([code, stderr], [
      1,
      "error: Cannot write to standard output: No space left on device\n",
    ]);
  });

  unixTest(
    `${flag} into a pipe that nobody reads exits 0 without a word`,
    async () => {
      const { code, stderr } = await run("works", flag, { after: "| true" });
      assertEquals([code, stderr], [0, ""]);
    },
  );
}

unixTest(
  "bad usage exits 2 in words even where standard output is full",
  async () => {
    const { code, stderr } = await run("works", "--such >/dev/full");
    assertEquals(code, 2);
    assertStringIncludes(
      stderr,
      "error: Cannot run demo: --such is not a flag",
    );
    assert(!stderr.includes(" at "));
  },
);
