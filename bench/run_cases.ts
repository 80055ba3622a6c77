/**
 * Runs cases of the benchmark and keeps what they find.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../lib/base/errors.ts";
import { type Case, environmentOf, type RunOptions } from "./case.ts";
import { gpuDriver } from "./gpu/adapter.ts";
import { writePages } from "./pages/pages.ts";
import type { CaseResult, Conditions } from "./result.ts";

/** How cases are run and told of. */
export interface RunCasesOptions extends Omit<RunOptions, "scratch"> {
  /** What the user ran. */
  command: string;
  /** Gets text for the user. */
  say(text: string): void;
}

/**
 * Runs cases; each writes its file and the pages. One that fails doesn't keep
 * the others from being run.
 *
 * @param chosen The cases.
 * @param options How.
 * @return The names of those that failed.
 * @throws {UserError} If the other programs are not installed.
 */
export async function runCases(
  chosen: readonly Case[],
  { command, say, ...options }: RunCasesOptions,
): Promise<string[]> {
  const peers = new Set(chosen.flatMap(({ against }) => against ?? []));
  await checkPeers(
    options.peers,
    [...peers].flatMap((peer) => environmentOf(peer) ?? []),
  );
  const failed: string[] = [];
  for (const [i, { name, title, device, run }] of chosen.entries()) {
    say(`${name} (${i + 1}/${chosen.length}): ${title}\n`);
    const driver = device === "webgpu" ? await gpuDriver() : undefined;
    const conditions: Conditions = {
      case: name,
      title,
      date: new Date().toISOString().slice(0, 10),
      command,
      machine: await machine(),
      ...(driver === undefined ? {} : { driver }),
      threads: options.threads,
      load: Deno.loadavg()[0],
    };
    const begun = performance.now();
    const scratch = await Deno.makeTempDir({ prefix: "premise-bench-" });
    try {
      const finding = await run({ ...options, scratch });
      const result: CaseResult = { ...conditions, ...finding };
      await Deno.writeTextFile(
        join("bench", "results", `${name}.json`),
        JSON.stringify(result, null, 2) + "\n",
      );
      await writePages();
      const seconds = (performance.now() - begun) / 1000;
      say(`  ${describe(result)} [${seconds.toFixed(0)} s]\n`);
      if (
        result.kind === "losses" && result.largestDifference > result.tolerance
      ) failed.push(name);
    } catch (error) {
      failed.push(name);
      say(`  failed: ${(error as Error).message}\n`);
    } finally {
      await Deno.remove(scratch, { recursive: true });
    }
  }
  return failed;
}

function describe(result: CaseResult): string {
  switch (result.kind) {
    case "comparison": {
      const { ours, theirs, ratio, unit, peer } = result;
      return `${ours.median.toFixed(0)} ${unit}/s, ${peer}: ${
        theirs.median.toFixed(0)
      }; ratio ${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}-${
        ratio.max.toFixed(2)
      })`;
    }
    case "losses":
      return `largest relative difference ${
        result.largestDifference.toExponential(1)
      }`;
    case "duration":
      return `${result.seconds.toFixed(1)} s`;
    case "profile":
      return `${result.steps} steps in ${result.seconds.toFixed(1)} s`;
    case "products": {
      const shares = result.rows.map(({ rate }) => rate / result.roof);
      return `${percent(Math.min(...shares))} to ${
        percent(Math.max(...shares))
      } of ${(result.roof / 1e9).toFixed(0)} GFLOP/s`;
    }
    case "steps":
      return result.rows.map(({ model, ours, theirs }) =>
        `${model}: ${ours.dispatches} dispatches, ${theirs.dispatches} of ` +
        `${result.peer}; host time ${
          percent(ours.hostSeconds / theirs.hostSeconds)
        }`
      ).join("; ");
    case "scaling":
      return `${result.points.length} points`;
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

async function checkPeers(
  folder: string,
  environments: readonly string[],
): Promise<void> {
  for (const name of environments) {
    if (await Deno.stat(join(folder, name)).catch(() => undefined)) continue;
    throw new UserError(`Cannot compare: there is no "${join(folder, name)}"`, {
      code: "missing-input",
      hint: "deno task bench:setup installs the other programs",
    });
  }
}

async function machine(): Promise<string> {
  const info = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const name = /model name\s*:\s*(.*)/.exec(info)?.[1] ?? Deno.build.arch;
  return `${navigator.hardwareConcurrency} cores, ${name}`;
}
