import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { registerTest } from "../support/require.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));

interface Ended {
  code: number;
  events: Record<string, unknown>[];
  /** What lies in the folder for executables, hidden files included. */
  made: string[];
}

/** Runs the task on `download` into a folder of its own, then `check`. */
async function compile(
  env: Record<string, string>,
  check: (ended: Ended, out: string) => Promise<void> | void,
  tasks = "download",
): Promise<void> {
  const out = await Deno.makeTempDir();
  try {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "compile", "--tasks", tasks, "--out", out],
      cwd: root,
      env: { NO_COLOR: "1", ...env },
      stderr: "null",
    }).output();
    const events = new TextDecoder().decode(stdout).trim().split("\n")
      .map((line) => JSON.parse(line));
    const made = await Array.fromAsync(Deno.readDir(out), ({ name }) => name);
    await check({ code, events, made }, out);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
}

/** Whether `deno compile` has, or can fetch, a runtime to build upon. */
async function hasRuntime(): Promise<boolean> {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(directory, "empty.ts"), "");
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["compile", "--quiet", "--no-config", "-o", "empty", "empty.ts"],
      cwd: directory,
      stderr: "null",
    }).output();
    return success;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

registerTest({
  part: "denort",
  lack: await hasRuntime() ? undefined : "deno compile finds no runtime",
  name: "an executable shows its usage text",
  fn: () =>
    compile({}, async ({ code, events, made }, out) => {
      assertEquals({ code, made }, { code: 0, made: ["premise-download"] });
      assertEquals(events.at(-1)?.files, [join(out, "premise-download")]);
      const { stdout } = await new Deno.Command(join(out, "premise-download"), {
        args: ["--help"],
      }).output();
      assertMatch(new TextDecoder().decode(stdout), /^download: /);
    }),
});

Deno.test("a missing runtime is explained, and nothing is left", () =>
  compile({ DENORT_BIN: "/no/such/denort" }, ({ code, events, made }) => {
    assertEquals({ code, made }, { code: 1, made: [] });
    const { event, code: name, message, hint } = events.at(-1)!;
    assertEquals([event, name], ["error", "no-runtime"]);
    assertMatch(String(message), /premise-download.*\/no\/such\/denort/);
    assertMatch(String(hint), /DENORT_BIN is "\/no\/such\/denort"/);
  }));

Deno.test("an executable that is only Deno itself is found out", () =>
  compile({ DENORT_BIN: Deno.execPath() }, ({ code, events, made }) => {
    assertEquals({ code, made }, { code: 1, made: [] });
    const { code: name, message } = events.at(-1)!;
    assertEquals(name, "bad-executable");
    assertMatch(String(message), /expected exit code 0 and the usage text/);
  }));

Deno.test("an unknown task is refused with the known ones", () =>
  compile({}, ({ code, events, made }) => {
    assertEquals({ code, made }, { code: 2, made: [] });
    assertMatch(
      String(events.at(-1)?.message),
      /"dance": expected some of download, .*predict/,
    );
  }, "download,dance"));

Deno.test("the task cannot make an executable of itself", () =>
  compile({}, ({ code, events }) => {
    assertEquals(code, 2);
    assert(!String(events.at(-1)?.message).includes("some of compile"));
  }, "compile"));
