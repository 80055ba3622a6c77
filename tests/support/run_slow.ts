/**
 * Runs the slow tests, all of them or one of several parts:
 *
 *     deno task test:slow --part 2/8
 *
 * What else is given, as the file of a test or a flag of `deno test`, is handed
 * on to it. The part goes to slow.ts in PREMISE_SLOW_PART, because the tests
 * choose themselves while they are declared.
 */
import { partOf } from "./slow.ts";

const { part, rest } = split(Deno.args);
if (part !== undefined) {
  try {
    partOf(part);
  } catch {
    const told =
      `--part is "${part}", expected which part of how many, as 2/8\n`;
    Deno.stderr.writeSync(new TextEncoder().encode(told));
    Deno.exit(2);
  }
}
const tests = new Deno.Command(Deno.execPath(), {
  args: [
    ...["test", "--no-check", "--parallel", "--related=tests/support/slow.ts"],
    ...["--filter", "/ \\(slow\\)$/", "--no-prompt", "--allow-read"],
    ...["--allow-write", "--allow-env", "--allow-net=127.0.0.1"],
    ...["--allow-run", "--allow-ffi", ...rest],
  ],
  env: {
    PREMISE_TESTS: "slow",
    ...part !== undefined && { PREMISE_SLOW_PART: part },
  },
}).spawn();
// A terminal sends Ctrl-C to the tests by itself.
Deno.addSignalListener("SIGINT", () => {});
if (Deno.build.os !== "windows") {
  Deno.addSignalListener("SIGTERM", () => tests.kill("SIGTERM"));
}
Deno.exit((await tests.status).code);

/** Takes `--part i/n` or `--part=i/n` from among the arguments. */
function split(args: readonly string[]): { part?: string; rest: string[] } {
  const at = args.findIndex((arg) => /^--part(=|$)/.test(arg));
  if (at < 0) return { rest: [...args] };
  const isOne = args[at].includes("=");
  const part = isOne ? args[at].slice("--part=".length) : args[at + 1] ?? "";
  return { part, rest: args.toSpliced(at, isOne ? 1 : 2) };
}
