/**
 * Finds the tiles that matrix products are fastest with on this GPU.
 *
 * @module
 */
import type { GpuBackend } from "./backend.ts";
import { measure } from "./measure.ts";
import type { Tile } from "./product.ts";
import type { RunProduct } from "./tiles.ts";

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
  const works = products.flatMap((product, i) =>
    [...tiles].map(([name, tile]) =>
      [
        `${i} ${name}`,
        () => backend.runProductWith({ ...product, tensors: scratch[i] }, tile),
      ] as const
    )
  );
  const seconds = await measure(backend, new Map(works));
  for (const { dataId } of scratch.flatMap((own) => Object.values(own))) {
    backend.disposeData(dataId);
  }
  const names = [...tiles.keys()];
  return products.map((_, i) => {
    const time = (name: string) => seconds.get(`${i} ${name}`)!;
    return names.reduce((a, b) => time(b) < time(a) ? b : a);
  });
}
