/**
 * Splits that are taken of the training split's premises.
 *
 * @module
 */
import { UserError } from "../../base/errors.ts";
import type { Dataset } from "./dataset.ts";

/** How much of the training premises other splits take. */
export interface ShareOptions {
  /** Share of the training premises that becomes the test split, in (0, 1). */
  testFraction?: number | undefined;
  /** Share of them that becomes the dev split, in (0, 1). */
  devFraction?: number | undefined;
}

/**
 * Makes the splits `test` and `dev` of some premises of the training split.
 *
 * @param dataset The splits, which are changed.
 * @param options How much they take.
 * @throws {UserError} `bad-usage` if there is such a split, or none to take it
 * of.
 */
export function shareTrain(
  dataset: Dataset,
  { testFraction = 0, devFraction = 0 }: ShareOptions,
): void {
  const shares = {
    dev: { from: testFraction, to: testFraction + devFraction },
    test: { from: 0, to: testFraction },
    train: { from: testFraction + devFraction, to: 1 },
  };
  if (shares.train.from === 0) return;
  const train = dataset.get("train");
  for (const [name, share] of Object.entries(shares)) {
    if (share.from === share.to) continue;
    const there = name !== "train" &&
      dataset.keys().some((key) => key === name || key.startsWith(`${name}_`));
    if (!train || there) {
      throw new UserError(
        `Cannot take a ${name} split of ${[...dataset.keys()].join(", ")}: ` +
          (train ? "there is one" : "there is no train split"),
        { code: "bad-usage", hint: `leave out --${name}-fraction` },
      );
    }
    dataset.set(name, { ...train, name, share });
  }
}
