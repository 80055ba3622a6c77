/**
 * Standalone executables: a task's program and Deno's runtime in one file.
 *
 * @module
 */
import { join, resolve } from "@std/path";
import { UserError } from "../base/errors.ts";
import type { TaskLine } from "./task_line.ts";

/** What {@link compileExecutable} makes, and how it is known to work. */
export interface ExecutableOptions {
  /** The checkout's folder, which the task's script is relative to. */
  root: string;
  /** The folder that the executable goes to; made if missing. */
  out: string;
  /** What the executable prints for `--help`. */
  usage: string;
  /** Ends the compiler and throws its reason when aborted. */
  signal?: AbortSignal;
}

const SUFFIX = Deno.build.os === "windows" ? ".exe" : "";

/** How `deno compile` says that it has no runtime to build upon. */
const NO_RUNTIME =
  /Setting up base binary|Could not find denort|Invalid object/;

/**
 * Compiles a task into one file with the task's own permissions, and tries
 * it: a file appears under its name only when it has printed its usage text.
 *
 * @param name The executable's name, without `.exe`.
 * @param line The task's flags and script.
 * @param options Places, and the usage text.
 * @return The path of the executable.
 * @throws {UserError} If there is no runtime to build upon, the program does
 * not compile, or the result doesn't work.
 */
export async function compileExecutable(
  name: string,
  line: TaskLine,
  options: ExecutableOptions,
): Promise<string> {
  const { root, out, usage, signal } = options;
  await Deno.mkdir(out, { recursive: true });
  const workplace = await Deno.makeTempDir({ dir: out, prefix: `.${name}-` });
  try {
    const candidate = join(workplace, name + SUFFIX);
    await compile(name, candidate, line, { root, ...(signal && { signal }) });
    await tryOut(name, candidate, { usage, ...(signal && { signal }) });
    const target = join(out, name + SUFFIX);
    await Deno.rename(candidate, target);
    return target;
  } finally {
    await Deno.remove(workplace, { recursive: true });
  }
}

async function compile(
  name: string,
  output: string,
  { flags, script }: TaskLine,
  { root, signal }: { root: string; signal?: AbortSignal },
): Promise<void> {
  const runtime = Deno.env.get("DENORT_BIN");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--bundle",
      "--quiet",
      "--no-check",
      `--app-name=${name}`,
      `--output=${resolve(output)}`,
      ...flags,
      script,
    ],
    cwd: root,
    env: { NO_COLOR: "1", ...(runtime && { DENORT_BIN: resolve(runtime) }) },
    stdin: "null",
    stdout: "null",
    ...(signal && { signal }),
  }).output();
  signal?.throwIfAborted();
  if (success) return;
  const said = new TextDecoder().decode(stderr);
  throw NO_RUNTIME.test(said)
    ? describeMissingRuntime(name, said)
    : new UserError(`Cannot compile ${name}: ${said.trim()}`, {
      code: "cannot-compile",
      exitCode: 1,
    });
}

/** Runs the executable where nothing else is, as on a bare machine. */
async function tryOut(
  name: string,
  path: string,
  { usage, signal }: { usage: string; signal?: AbortSignal },
): Promise<void> {
  const directory = await Deno.makeTempDir();
  let said: string;
  try {
    const { code, stdout, stderr } = await new Deno.Command(resolve(path), {
      args: ["--help"],
      cwd: directory,
      stdin: "null",
      ...(signal && { signal }),
    }).output();
    signal?.throwIfAborted();
    const [text, errors] = [stdout, stderr].map((bytes) =>
      new TextDecoder().decode(bytes).trim()
    );
    if (code === 0 && text === usage.trim()) return;
    said = `exits with ${code} and says "${firstLine(errors || text)}"`;
  } catch (error) {
    signal?.throwIfAborted();
    said = `does not start: ${(error as Error).message}`;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  throw new UserError(
    `Cannot compile ${name}: what was built ${said} when asked for --help, ` +
      `expected exit code 0 and the usage text`,
    { code: "bad-executable", exitCode: 1, hint: runtimeHint() },
  );
}

function describeMissingRuntime(name: string, said: string): UserError {
  const causes = said.replace(/[^]*Caused by:/, "")
    .replace(/\n\s*Stack backtrace:[^]*/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\d+:\s*/, "").trim())
    .filter((line) => line !== "");
  // An error often repeats in its own words what it was caused by.
  const distinct = causes.filter((cause, i) =>
    !causes.some((other, j) => j < i && other.includes(cause))
  );
  return new UserError(
    `Cannot compile ${name}: there is no runtime for executables (denort) to ` +
      `build upon: ${distinct.join("; ")}`,
    { code: "no-runtime", exitCode: 1, hint: runtimeHint() },
  );
}

function runtimeHint(): string {
  const { deno } = Deno.version;
  const given = Deno.env.get("DENORT_BIN");
  return given === undefined
    ? `let Deno fetch it once with a network connection, or set DENORT_BIN to ` +
      `the path of the denort of Deno ${deno}`
    : `DENORT_BIN is "${given}"; set it to the denort, not the deno, of ` +
      `Deno ${deno}, or unset it to let Deno fetch that`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0];
}
