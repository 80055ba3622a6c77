/**
 * Tests that take long: exhaustive ones, of which `deno task test` runs some
 * examples. `deno task test:slow` runs them all, or the share that
 * PREMISE_SLOW_SHARE says, drawn by PREMISE_SLOW_SEED: the same seed draws the
 * same tests. Its --part 2/8, which reaches this file in PREMISE_SLOW_PART, takes
 * the second of eight parts, which together are all. The task finds their files
 * by their import of this one.
 *
 * @module
 */
import { Random } from "./random.ts";
import { type Declare, type Register, tier } from "./tier.ts";

/** How the names of slow tests end, by which the task finds them. */
export const SLOW = " (slow)";

/**
 * Registers a test where slow tests are asked for and it is drawn.
 *
 * @param name What holds, as a sentence.
 * @param fn The test.
 * @param register Registers it, as `webgpuTest`; `Deno.test` if not given.
 */
export const slowTest: Declare = (name, fn, register = Deno.test) =>
  declare(name, fn, { register, rarity: 1 });

/**
 * Registers a slow test that is one of a campaign's many. Where a share of the
 * slow tests is asked for, a campaign gives so much less of its own that
 * continuous integration stays short; without a share, all of it runs.
 *
 * @param name What holds, as a sentence.
 * @param fn The test.
 * @param register Registers it; `Deno.test` if not given.
 */
export const campaignTest: Declare = (name, fn, register = Deno.test) =>
  declare(name, fn, { register, rarity: 8 });

/** Tells on stdout what a campaign has tried, which docs/reliability.md counts. */
export function tellCount(count: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(count + "\n"));
}

function declare(
  name: string,
  fn: () => void | Promise<void>,
  { register, rarity }: { register: Register; rarity: number },
): void | Promise<void> {
  if (tier() === "slow" && isDrawn(name, rarity)) {
    return register(name + SLOW, fn);
  }
}

/** Of how many parts a share is so many: it may be small. */
const PARTS = 1e6;

/** Whether a test is among those that the seed draws. */
function isDrawn(name: string, rarity: number): boolean {
  const text = Deno.env.get("PREMISE_SLOW_SHARE") || "1";
  const share = Number(text);
  if (!(share > 0 && share <= 1)) {
    throw new Error(
      `PREMISE_SLOW_SHARE is "${text}", expected more than 0 and at most 1`,
    );
  }
  const { i, n } = partOf(Deno.env.get("PREMISE_SLOW_PART") || "1/1");
  if (new Random(name).below(n) !== i - 1) return false;
  const seed = Deno.env.get("PREMISE_SLOW_SEED") ?? "";
  const own = share === 1 ? 1 : share / rarity;
  return new Random(`${seed} ${name}`).below(PARTS) < own * PARTS;
}

/**
 * Reads which part of how many is asked for.
 *
 * @param text As `2/8`, the second of eight.
 * @throws {Error} Where it is none.
 */
export function partOf(text: string): { i: number; n: number } {
  const [, i, n] = (/^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? []).map(Number);
  if (i <= n) return { i, n };
  throw new Error(`PREMISE_SLOW_PART is "${text}", expected one as 2/8`);
}
