/** When a process is killed: at moments spread over all of its life. */
import { Random } from "./random.ts";

/**
 * Draws one moment of each of as many equal stretches of time.
 *
 * @param count How many.
 * @param seed The same seed gives the same moments.
 * @return Rising shares of the whole time, each in [0, 1).
 */
export function momentsOf(count: number, seed: string): number[] {
  const random = new Random(seed);
  return Array.from(
    { length: count },
    (_, stretch) => (stretch + random.below(1000) / 1000) / count,
  );
}
