/**
 * The benchmark: `deno task bench [CASE...]`.
 *
 * Every case writes bench/results/CASE.json, and the pages made of these are
 * made again: bench/RESULTS.md with its chart, and docs/performance.md.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { listProblems, UserError } from "../lib/base/errors.ts";
import type { Case } from "./case.ts";
import { cases } from "./cases/mod.ts";
import { writePages } from "./pages/pages.ts";
import { runCases } from "./run_cases.ts";

const USAGE = `deno task bench [CASE...]

Measures training, prediction and preparation beside other programs.
\`deno task bench:setup\` installs these first. A case's figures are kept as it
ends: after an interruption, name the cases that are left, in any order.

  --list                              show the cases
  --device cpu|webgpu                 the cases of this device; default cpu,
                                      unless cases are named
  --against torch|transformers|mxnet|tfjs
                                      only cases with this other side
  --pairs N                           turns of each side, at least 1; default 7
  --threads N                         of every side; default: the cores
  --blas PATH                         BLAS library for our side, or: none
  --peers DIR                         other programs; default .premise/bench
  --pages                             measure nothing, write the pages again
`;

async function main(args: string[]): Promise<void> {
  const problems: string[] = [];
  const flags = parseArgs(args, {
    string: ["against", "device", "pairs", "threads", "blas", "peers"],
    boolean: ["list", "pages", "help"],
    unknown: (flag, key) => {
      if (key !== undefined) problems.push(`there is no flag ${flag}`);
      return key === undefined;
    },
  });
  if (flags.help) return say(USAGE);
  const texts = flags as Record<string, string | undefined>;
  const names = flags._.map(String);
  const everything = names.length > 0 || flags.list;
  const chosen = choose({
    names,
    against: texts.against,
    device: texts.device ?? (everything ? undefined : "cpu"),
  }, problems);
  const pairs = count("pairs", texts.pairs ?? "7", problems);
  const threads = count(
    "threads",
    texts.threads ?? `${navigator.hardwareConcurrency}`,
    problems,
  );
  if (problems.length > 0) {
    throw listProblems("Cannot run bench", problems, {
      code: "bad-usage",
      hint: "deno task bench --help lists the flags, --list the cases",
    });
  }
  if (flags.list) {
    const width = Math.max(...cases.map(({ name }) => name.length));
    return say(
      chosen.map(({ name, title, against }) =>
        `${name.padEnd(width)}  ${title}${against ? ` (${against})` : ""}\n`
      ).join(""),
    );
  }
  if (!flags.pages) {
    const failed = await runCases(chosen, {
      pairs,
      threads,
      blas: texts.blas,
      peers: texts.peers ?? ".premise/bench",
      command: ["deno task bench", ...args].join(" "),
      say,
    });
    if (failed.length > 0) {
      throw new UserError(`${failed.length} of ${chosen.length} cases failed`, {
        code: "bench-failed",
        hint: `again: deno task bench ${failed.join(" ")}`,
        exitCode: 1,
      });
    }
  }
  await writePages();
}

/** Which cases are asked for; undefined is any. */
interface Choice {
  /** Empty for any. */
  names: readonly string[];
  against: string | undefined;
  device: string | undefined;
}

function choose(
  { names, against, device }: Choice,
  problems: string[],
): readonly Case[] {
  for (const name of names) {
    if (cases.some((one) => one.name === name)) continue;
    problems.push(`there is no case "${name}"`);
  }
  if (device !== undefined && device !== "cpu" && device !== "webgpu") {
    problems.push(`--device is ${device}, expected cpu or webgpu`);
  }
  const named = names.length === 0
    ? cases
    : names.flatMap((name) => cases.filter((one) => one.name === name));
  const chosen = [...new Set(named)].filter((one) =>
    (device === undefined || (one.device ?? "cpu") === device) &&
    (against === undefined || one.against === against)
  );
  if (chosen.length === 0 && problems.length === 0) {
    const peers = new Set(cases.flatMap(({ against }) => against ?? []));
    problems.push(
      `there is no such case${
        device === undefined ? "" : ` on device ${device}`
      }; there are cases against ${[...peers].join(", ")}`,
    );
  }
  return chosen;
}

function count(name: string, text: string, problems: string[]): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    problems.push(
      `--${name} is ${text}, expected a whole number of at least 1`,
    );
  }
  return value;
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    Deno.stderr.writeSync(
      new TextEncoder().encode(`error: ${error.message}\n  ${error.hint}\n`),
    );
    Deno.exit(error.exitCode);
  }
}
