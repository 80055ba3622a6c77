import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import manifest from "../deno.json" with { type: "json" };
import type { Report } from "./support/library/program.ts";

const root = fromFileUrl(new URL("..", import.meta.url));
const { name, version } = manifest;
/** The version in its shortest form, as the lock file has it. */
const range = version.replace(/\.0$/, "");

/** Only what lies in the project is read and written. */
const permissions = ["--no-prompt", "--allow-read=.", "--allow-write=."];

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

let project: string;
let ran: Ended;

/** Runs `deno` in the project, where nothing can be fetched. */
async function deno(...args: string[]): Promise<Ended> {
  const nowhere = "http://127.0.0.1:9";
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: project,
    env: {
      NO_COLOR: "1",
      JSR_URL: nowhere,
      HTTP_PROXY: nowhere,
      HTTPS_PROXY: nowhere,
    },
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

/** Fails with what a command said, if it failed. */
function assertSucceeded({ code, stdout, stderr }: Ended): void {
  assertEquals({ code, said: code === 0 ? "" : stdout + stderr }, {
    code: 0,
    said: "",
  });
}

/**
 * This project's lock file as that of another project: so the versions are
 * those in Deno's cache, and no registry is asked.
 */
async function lockFile(): Promise<string> {
  const lock = JSON.parse(await Deno.readTextFile(join(root, "deno.lock")));
  return JSON.stringify({
    ...lock,
    workspace: {
      dependencies: [`jsr:${name}@${range}`],
      links: { [`jsr:${name}@${version}`]: lock.workspace },
    },
  });
}

Deno.test.beforeAll(async () => {
  project = await Deno.makeTempDir();
  const support = join(root, "tests/support/library");
  const copy = (from: string, to = from) =>
    Deno.copyFile(join(support, from), join(project, to));
  await copy("program.ts");
  await copy("check_program.ts", "program_test.ts");
  await Deno.writeTextFile(
    join(project, "deno.json"),
    JSON.stringify({
      links: [root],
      imports: { [name]: `jsr:${name}@^${version}` },
    }),
  );
  await Deno.writeTextFile(join(project, "deno.lock"), await lockFile());
  ran = await deno("run", "--quiet", ...permissions, "program.ts");
});

Deno.test.afterAll(() => Deno.remove(project, { recursive: true }));

Deno.test("another project's program runs, and reads nothing but its own files", () => {
  assertSucceeded(ran);
});

Deno.test("another project's program gets something out of every entry", () => {
  const { losses, tokenIds, ...facts }: Report = JSON.parse(ran.stdout);
  assertEquals(facts, {
    device: "cpu",
    arrays: 45,
    rows: 32,
    examples: 32,
    labels: ["entailment", "contradiction", "neutral"],
  });
  assertEquals(losses.map((loss) => loss > 0 && loss < 2), [true]);
  // Three words, four, and three special tokens.
  assertEquals(tokenIds.length, 10);
});

Deno.test("the library prints nothing of its own", () => {
  const lines = ran.stdout.trimEnd().split("\n").length;
  assertEquals({ lines, stderr: ran.stderr }, { lines: 1, stderr: "" });
});

Deno.test("another project passes deno check with default compiler options", async () => {
  assertSucceeded(await deno("check", "program.ts", "program_test.ts"));
});

Deno.test("another project's own tests run", async () => {
  // Its types are checked above.
  const ended = await deno("test", "--no-check", ...permissions);
  assertSucceeded(ended);
  assertMatch(ended.stdout, /ok \| 3 passed \| 0 failed/);
});

/** Whatever prints, ends the process or listens to its signals. */
const FORBIDDEN =
  /\bconsole\.|\bDeno\.(?:exit|exitCode|stdout|stderr|addSignalListener)\b|\bprocess\./;

Deno.test("no module of the library prints, ends the process or listens to signals", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", join(root, "mod.ts")],
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  const files: string[] = modules
    .map(({ specifier }: { specifier: string }) => specifier)
    .filter((specifier: string) => specifier.startsWith("file:"));
  assert(files.length > 200, `it has ${files.length} modules`);
  for (const file of files) {
    const text = await Deno.readTextFile(new URL(file));
    const code = text.replaceAll(/^ \*.*$/gm, "");
    assertEquals({ file, found: FORBIDDEN.exec(code)?.[0] }, {
      file,
      found: undefined,
    });
  }
});
