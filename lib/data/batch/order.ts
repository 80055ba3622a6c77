/**
 * The order of the examples in an epoch: a function of the seed and the epoch
 * alone, so that a resumed run goes on where it was.
 *
 * @module
 */
import { below, randomWords } from "../../base/random.ts";

/**
 * A permutation of `0 .. rows - 1`.
 *
 * Fisher and Yates' shuffle, from the end, on the seed's stream of the epoch.
 *
 * @param rows Number of examples, 0 or more.
 * @param seed The run's seed, an integer in `0 .. 2^32 - 1`.
 * @param epoch The epoch, an integer from 0.
 *
 * @example
 * ```ts
 * import { epochOrder } from "./order.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(epochOrder(5, 0, 1), epochOrder(5, 0, 1));
 * assertEquals(epochOrder(5, 0, 1).toSorted(), Uint32Array.of(0, 1, 2, 3, 4));
 * ```
 */
export function epochOrder(
  rows: number,
  seed: number,
  epoch: number,
): Uint32Array<ArrayBuffer> {
  const next = randomWords(seed, epoch);
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  for (let i = rows - 1; i > 0; i--) {
    const j = below(i + 1, next);
    const swapped = order[i];
    order[i] = order[j];
    order[j] = swapped;
  }
  return order;
}
