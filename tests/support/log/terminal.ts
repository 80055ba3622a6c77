/** Runs a program on a pseudo-terminal, and reads what is on its screen. */
import { type Part, registerTest } from "../require.ts";

/** What happens at the terminal while the program runs. */
export interface TerminalOptions {
  /** Its working directory. */
  cwd?: string;
  /** Ctrl-C is pressed when the terminal first shows this. */
  interruptAt?: string;
}

/** A program that makes pseudo-terminals, of util-linux. */
export const terminal: Part = { part: "script", lack: lackOfScript() };

function lackOfScript(): string | undefined {
  try {
    const { stdout } = new Deno.Command("script", { args: ["--version"] })
      .outputSync();
    const version = new TextDecoder().decode(stdout);
    if (version.includes("util-linux")) return undefined;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return "there is no util-linux's script to make a terminal";
}

/**
 * Registers a test that needs a pseudo-terminal.
 *
 * @param name What holds, as a sentence.
 * @param fn The test.
 */
export function terminalTest(
  name: string,
  fn: () => void | Promise<void>,
): void {
  registerTest({ ...terminal, name, fn });
}

/**
 * Runs a program on a pseudo-terminal.
 *
 * @param words The program and its arguments; none has a quote.
 * @param columns The terminal's width.
 * @param options Where, and whether Ctrl-C is pressed.
 * @return Every byte that the terminal received, as text.
 */
export async function runOnTerminal(
  words: readonly string[],
  columns: number,
  { cwd = ".", interruptAt }: TerminalOptions = {},
): Promise<string> {
  const line = words.map((word) => `'${word}'`).join(" ");
  // A terminal may drop what it has not shown yet when Ctrl-C is pressed.
  const child = new Deno.Command("script", {
    args: ["-qec", `stty cols ${columns} rows 24 noflsh; ${line}`, "/dev/null"],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const keys = child.stdin.getWriter();
  let received = "";
  let pressed = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    received += text;
    if (pressed || !interruptAt || !received.includes(interruptAt)) continue;
    pressed = true;
    await keys.write(new TextEncoder().encode("\x03"));
  }
  await keys.close().catch(() => {});
  await child.status;
  return received;
}

/** The lines on the screen in the end, after all that was drawn over. */
export function screenOf(received: string): string[] {
  const lines = [""];
  let column = 0;
  const put = (text: string) => {
    const line = lines.at(-1)!;
    lines[lines.length - 1] = line.slice(0, column) + text +
      line.slice(column + text.length);
    column += text.length;
  };
  const [start, ...sequences] = received.split("\x1b[");
  write(start);
  for (const sequence of sequences) {
    const [, number, letter, text] = /^(\d*)([A-Z])([^]*)$/.exec(sequence)!;
    if (letter === "G") column = Math.max(0, Number(number) - 1);
    else if (number === "2" && letter === "K") lines[lines.length - 1] = "";
    else lines[lines.length - 1] = lines.at(-1)!.slice(0, column); // K, J
    write(text);
  }
  return lines.map((line) => line.trimEnd());

  function write(text: string): void {
    for (const [part] of text.matchAll(/\r|\n|[^\r\n]+/g)) {
      if (part === "\r") column = 0;
      else if (part === "\n") lines.push("");
      else put(part);
    }
  }
}

/** The texts that were drawn on the bar's line, in their order. */
export function barsOf(received: string): string[] {
  return received.split("\r\x1b[K")
    .map((part) => part.split(/[\r\n]/)[0])
    .filter((part) => part.includes("░"));
}
