/** Runs a program on a pseudo-terminal, and reads what is on its screen. */

/**
 * Runs a program on a pseudo-terminal.
 *
 * @param words The program and its arguments; none has a quote.
 * @param columns The terminal's width.
 * @return Every byte that the terminal received, as text.
 */
export async function runOnTerminal(
  words: readonly string[],
  columns: number,
): Promise<string> {
  const line = words.map((word) => `'${word}'`).join(" ");
  try {
    const { stdout } = await new Deno.Command("script", {
      args: ["-qec", `stty cols ${columns} rows 24; ${line}`, "/dev/null"],
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    return new TextDecoder().decode(stdout);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(
      "this test needs a pseudo-terminal: install util-linux's script",
      { cause },
    );
  }
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
