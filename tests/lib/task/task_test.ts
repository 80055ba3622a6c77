import {
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { fromFileUrl } from "@std/path";
import manifest from "../../../deno.json" with { type: "json" };
import { versions } from "../../../lib/base/versions.ts";
import { usage } from "../../../lib/settings/usage.ts";
import {
  runOnTerminal,
  screenOf,
  terminalTest,
} from "../../support/log/terminal.ts";
import { unixTest } from "../../support/require.ts";

const program = fromFileUrl(
  new URL("../../support/tasks/odd_task.ts", import.meta.url),
);
const words = [Deno.execPath(), "run", "--no-prompt", "-R", "-W", program];

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

function command(args: readonly string[]): Deno.Command {
  return new Deno.Command(words[0], {
    args: [...words.slice(1), ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function run(...args: string[]): Promise<Ended> {
  const { code, stdout, stderr } = await command(args).output();
  const [out, err] = [stdout, stderr].map((b) => new TextDecoder().decode(b));
  return { code, stdout: out, stderr: err };
}

function eventsOf({ stdout }: Ended): Record<string, unknown>[] {
  return stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

Deno.test("a task that works exits 0 from start to done", async () => {
  const ended = await run("--model=works");
  assertEquals(ended.code, 0, ended.stderr);
  assertEquals(eventsOf(ended).map(({ event }) => event), ["start", "done"]);
});

Deno.test("start names the task, its settings, versions and device", async () => {
  const [{ ts: _, versions, ...facts }] = eventsOf(await run("--model=works"));
  assertEquals(facts, {
    event: "start",
    task: "demo",
    config: { model: "works" },
    device: "cpu",
  });
  assertEquals(
    (versions as Record<string, string>).deno,
    Deno.version.deno,
  );
});

Deno.test("done has the task's facts, files and times", async () => {
  const [, { ts: _, timing, ...facts }] = eventsOf(await run("--model=works"));
  assertEquals(facts, {
    event: "done",
    task: "demo",
    accuracy: 0.5,
    files: ["a"],
  });
  const times = timing as Record<string, number>;
  assertEquals([times.rate, typeof times.seconds], [3, "number"]);
});

Deno.test("--help exits 0 with the usage text alone", async () => {
  assertEquals(await run("--help"), {
    code: 0,
    stdout: usage("demo") + "\n",
    stderr: "",
  });
});

Deno.test("--version exits 0 with the versions of the program and its parts alone", async () => {
  const { code, stdout, stderr } = await run("--version");
  assertEquals([code, stderr], [0, ""]);
  const [first, ...rest] = stdout.trimEnd().split("\n");
  assertEquals(first, `premise ${manifest.version}, demo`);
  assertEquals(
    Object.fromEntries(rest.map((line) => line.trim().split(/ +/))),
    {
      Deno: Deno.version.deno,
      V8: Deno.version.v8,
      "TensorFlow.js": versions().tfjs,
      system: Deno.build.target,
    },
  );
});

Deno.test("a bad command line exits 2 with one event and the same in words", async () => {
  const ended = await run("--modle=works");
  assertEquals(ended.code, 2);
  const [{ ts: _, ...event }, ...others] = eventsOf(ended);
  assertEquals(others, []);
  assertEquals(event, {
    event: "error",
    code: "bad-usage",
    message: "Cannot run demo: --modle is not a flag; is --model meant?",
    hint: "demo --help lists the flags",
  });
  assertEquals(
    ended.stderr,
    "error: Cannot run demo: --modle is not a flag; is --model meant?\n" +
      "  hint: demo --help lists the flags\n",
  );
});

terminalTest(
  "a bad command line is told on a terminal in words alone",
  async () => {
    assertEquals(screenOf(await runOnTerminal([...words, "--modle=x"], 100)), [
      "error: Cannot run demo: --modle is not a flag; is --model meant?",
      "  hint: demo --help lists the flags",
      "",
    ]);
  },
);

Deno.test("a log that cannot be written is bad usage", async () => {
  const ended = await run("--model=works", "--log=no/such/log");
  assertEquals(ended.code, 2);
  assertStringIncludes(ended.stderr, 'Cannot write the log "no/such/log"');
});

Deno.test("work that fails exits 1", async () => {
  const ended = await run("--model=fails");
  assertEquals([ended.code, ended.stderr], [
    1,
    "error: The work failed\n  hint: try again\n",
  ]);
});

Deno.test("what the system refuses is told without a stack trace", async () => {
  const ended = await run("--model=lacks a file");
  assertEquals([ended.code, eventsOf(ended)[0].code], [1, "system-error"]);
  assertMatch(ended.stderr, /^error: Cannot go on: .*no\/such\/file'\n$/);
});

Deno.test("a defect keeps its stack trace", async () => {
  const ended = await run("--model=has a defect");
  assertEquals(ended.code, 1);
  assertMatch(
    ended.stderr,
    /TypeError: undefined is not a function[^]*odd_task/,
  );
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`a task that ${signal} stops exits ${code} without a stack trace`, async () => {
    const child = command(["--model=waits"]).spawn();
    const reader = child.stdout.getReader();
    await reader.read(); // it has started
    child.kill(signal);
    reader.releaseLock();
    const ended = await child.output();
    assertEquals(ended.code, code);
    assertNotMatch(new TextDecoder().decode(ended.stderr), / at /);
  });
}

Deno.test("a second signal ends a task that takes its time", async () => {
  const child = command(["--model=is stubborn"]).spawn();
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) =>
    stream.getReader()
  );
  await stdout.read(); // it has started
  child.kill("SIGINT");
  await stderr.read(); // it knows of the first
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.kill("SIGINT");
  assertEquals((await child.status).code, 130);
  await Promise.all([stdout, stderr].map((reader) => reader.cancel()));
});

Deno.test("signals that come together are one", async () => {
  const child = command(["--model=waits and saves"]).spawn();
  const stdout = child.stdout.getReader();
  await stdout.read(); // it has started
  child.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill("SIGINT");
  const stderr = await new Response(child.stderr).text();
  assertEquals([(await child.status).code, stderr], [
    130,
    "saved\ninterrupted\n",
  ]);
  await stdout.cancel();
});

Deno.test("a task goes on with its work when nobody reads stdout", async () => {
  const child = command(["--model=goes on"]).spawn();
  await child.stdout.cancel();
  const stderr = await new Response(child.stderr).text();
  assertEquals((await child.status).code, 0);
  assertEquals(
    stderr.split("\n").toSorted(),
    [
      "",
      "warning: Cannot write to standard output: nobody reads it any more; " +
      "the work goes on without it",
      "worked",
    ],
  );
});

for (
  const [model, code] of [["works", 0], ["fails", 1]] as const
) {
  Deno.test(`a task that ${model} into a closed stdout exits ${code} quietly`, async () => {
    const child = command([`--model=${model}`]).spawn();
    await child.stdout.cancel();
    const stderr = await new Response(child.stderr).text();
    assertEquals((await child.status).code, code);
    assertNotMatch(stderr, /BrokenPipe| at /);
  });
}

unixTest(
  "a task that nohup has started goes on when its terminal is closed",
  async () => {
    const quoted = [...words, "--allow-ffi"].toSorted((a, b) =>
      Number(a === program) - Number(b === program)
    ).map((word) => `'${word}'`).join(" ");
    const script = `nohup ${quoted} --model=waits >out 2>/dev/null &
    until grep -q start out; do sleep 0.1; done
    kill -HUP $!; sleep 0.3; kill -TERM $!; wait $!; echo $?`;
    const folder = await Deno.makeTempDir();
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", script],
      cwd: folder,
      stdin: "null",
    }).output();
    await Deno.remove(folder, { recursive: true });
    assertEquals(new TextDecoder().decode(stdout), "143\n");
  },
);
