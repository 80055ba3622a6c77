/**
 * Which tests run, by PREMISE_TESTS: `quick` leaves out those that need a GPU,
 * `slow` takes in those that take long. What deno.json's tasks set.
 *
 * @module
 */

/** Registers a test under a name, as `Deno.test` does. */
export type Register = (
  name: string,
  fn: () => void | Promise<void>,
) => void | Promise<void>;

/** Registers a test, by `Deno.test` unless another way is given. */
export type Declare = (
  name: string,
  fn: () => void | Promise<void>,
  register?: Register,
) => void | Promise<void>;

const TIERS = ["", "quick", "slow"] as const;

/** Which tests are asked for; nothing means all but the slow ones. */
export function tier(): (typeof TIERS)[number] {
  const asked = Deno.env.get("PREMISE_TESTS") ?? "";
  const known = TIERS.find((tier) => tier === asked);
  if (known !== undefined) return known;
  throw new Error(
    `PREMISE_TESTS is "${asked}", expected quick, slow or nothing`,
  );
}

/** Registers a test that is not slow. */
export const declareTest: Declare = (name, fn, register = Deno.test) =>
  register(name, fn);
