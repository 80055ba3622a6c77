/**
 * Finds the tiles that matrix products are fastest with on this GPU.
 *
 * An idle GPU runs at a fraction of its clock, and takes a while to speed up.
 * So all candidates take turns, one run each, for long enough, and only the
 * later turns count; what they take is told by the GPU's own clock.
 *
 * @module
 */
import type { GpuBackend } from "./backend.ts";
import type { Tile } from "./product.ts";
import type { RunProduct } from "./tiles.ts";

/** How long the candidates are run in all, in ms; half of it is warming up. */
const LONG_ENOUGH = 400;
/** Turns of each that count, at least. */
const FEWEST_TURNS = 3;
/** Turns that count at most. */
const MOST_TURNS = 40;

/**
 * Measures products with each of some tiles.
 *
 * @param backend A GPU that can time its kernels.
 * @param products Of different classes.
 * @param tiles The candidates by name.
 * @return The name of each product's fastest tile.
 */
export async function fastestTiles(
  backend: GpuBackend,
  products: readonly RunProduct[],
  tiles: ReadonlyMap<string, Tile>,
): Promise<string[]> {
  // Tensors of the same shapes; the values don't matter.
  const scratch = products.map(({ tensors }) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, { shape }]) =>
        [name, backend.output(shape)] as const
      ),
    )
  );
  const runAll = () => {
    products.forEach((product, i) => {
      for (const [name, tile] of tiles) {
        backend.labelled(
          `${i} ${name}`,
          () =>
            backend.runProductWith({ ...product, tensors: scratch[i] }, tile),
        );
      }
    });
  };
  runAll();
  const turn = await seconds(backend, runAll);
  const turns = Math.ceil(LONG_ENOUGH / 2000 / turn);
  const counted = Math.min(MOST_TURNS, Math.max(FEWEST_TURNS, turns));
  await seconds(backend, () => repeat(turns, runAll));
  backend.startClock();
  repeat(counted, runAll);
  const times = await backend.stopClock();
  for (const { dataId } of scratch.flatMap((own) => Object.values(own))) {
    backend.disposeData(dataId);
  }
  const names = [...tiles.keys()];
  return products.map((_, i) => {
    const time = (name: string) => times.get(`${i} ${name}`)!.ticks;
    return names.reduce((a, b) => time(b) < time(a) ? b : a);
  });
}

function repeat(count: number, work: () => void): void {
  for (let i = 0; i < count; i++) work();
}

/** Seconds until the GPU has done some work. */
async function seconds(backend: GpuBackend, work: () => void): Promise<number> {
  await backend.finish();
  const begun = performance.now();
  work();
  await backend.finish();
  return (performance.now() - begun) / 1000;
}
