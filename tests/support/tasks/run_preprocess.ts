/** Runs `preprocess` as a process of its own, in folders made for it. */
import { resolve } from "@std/path";
import { withFiles } from "../data/data_files.ts";

const MODEL = resolve("fixtures/bert.tiny.zip");
/** The sample of SNLI. */
export const SNLI = resolve("fixtures/snli_1.0.zip");

/** A task that has ended. */
export interface Ended {
  code: number;
  /** The event of the last line. */
  last: Record<string, unknown>;
  /** All lines. */
  events: Record<string, unknown>[];
  stderr: string;
}

/** Runs the task with some flags. */
export type Run = (...args: string[]) => Promise<Ended>;

/** What a folder holds, by name. */
export type Files = Record<string, string | Uint8Array>;

/** Runs a test in a folder with the files given, and nothing else. */
export async function inFolder(
  test: (run: Run, folder: string) => Promise<void>,
  files: Files = {},
): Promise<void> {
  await withFiles(
    files,
    (folder) => test((...args) => preprocess(folder, args), folder),
  );
}

/** The task as a process of its own. */
function spawn(folder: string, args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--config", resolve("deno.json")],
      ...["--allow-read", "--allow-write", resolve("tasks/preprocess.ts")],
      ...["--model", MODEL, "--out", "out", "--workers", "2", ...args],
    ],
    cwd: folder,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs the task in a folder. */
export async function preprocess(
  folder: string,
  args: string[],
  input: string | Uint8Array = "",
): Promise<Ended> {
  const child = spawn(folder, args);
  const writer = child.stdin.getWriter();
  const bytes = typeof input === "string"
    ? new TextEncoder().encode(input)
    : input;
  // Who reads no input may end before it is written.
  writer.write(bytes).then(() => writer.close()).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  const events = decoder.decode(stdout).trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  return {
    code,
    events,
    last: events.at(-1)!,
    stderr: decoder.decode(stderr),
  };
}

/** Three rows, the last without a gold label. */
export const CSV = "premise,hypothesis,label\n" +
  "Two women are here .,A man sleeps .,contradiction\n" +
  "A dog runs .,It runs .,neutral\n" +
  "A cat sits .,It sits .,-\n";
