/**
 * How long a GPU takes for pieces of work, by its own clock.
 *
 * An idle GPU runs at a fraction of its clock rate and takes a while to speed
 * up. So all pieces take turns for long enough first, and take turns again to
 * be measured: whatever slows the GPU then slows all of them.
 *
 * @module
 */
import type { CommandBackend } from "./command_backend.ts";

/** How long the GPU is kept busy first, in seconds at the rate it begins with. */
const WARMING = 1;
/** How long it is measured, in the same seconds. */
const MEASURING = 0.5;
const FEWEST_TURNS = 3;
/** Runs of a piece in a turn, one after the other as in a training step. */
const RUNS = 4;
/** However little the clock counts. */
const MOST_TURNS = 50;
const MOST_WARMING_TURNS = 10_000;

/**
 * Measures pieces of work.
 *
 * @param backend A GPU that can time its kernels.
 * @param works What to do, by name: runs of a few kernels.
 * @return Seconds that the GPU took for each, the mean of some turns.
 */
export async function measure(
  backend: CommandBackend,
  works: ReadonlyMap<string, () => void>,
): Promise<Map<string, number>> {
  const turn = () => {
    for (const [name, work] of works) {
      backend.timedAs(name, () => {
        for (let i = 0; i < RUNS; i++) work();
      });
    }
  };
  // Compiles.
  turn();
  const tick = await backend.secondsPerTick();
  const clocked = async (turns: number) => {
    backend.startClock();
    for (let i = 0; i < turns; i++) turn();
    return await backend.stopClock();
  };
  let once = 0;
  for (const { ticks } of (await clocked(1)).values()) once += tick * ticks;
  const warming = Math.min(MOST_WARMING_TURNS, WARMING / once);
  for (let i = 0; i < warming; i++) turn();
  const turns = Math.ceil(MEASURING / once);
  const counted = Math.min(MOST_TURNS, Math.max(FEWEST_TURNS, turns));
  return new Map(
    [...await clocked(counted)].map(([name, { ticks }]) => [
      name,
      tick * ticks / (counted * RUNS),
    ]),
  );
}
