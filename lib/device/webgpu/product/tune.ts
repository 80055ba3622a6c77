/**
 * Finds the tiles that matrix products are fastest with on this GPU.
 *
 * @module
 */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { CommandBackend } from "../command_backend.ts";
import { measure } from "../measure.ts";
import type { Tile } from "./tile.ts";
import type { RunProduct } from "./tiles.ts";

/** A GPU that can compute a product with any tile. */
export interface ProductBackend extends CommandBackend {
  /** Has the device compute a matrix product with a tile. */
  runProductWith(product: RunProduct, tile: Tile): void;
}

/**
 * Measures products with each of some tiles.
 *
 * @param backend A GPU that can time its kernels.
 * @param products Of different classes.
 * @param tiles The candidates by name.
 * @return The name of each product's fastest tile.
 */
export async function fastestTiles(
  backend: ProductBackend,
  products: readonly RunProduct[],
  tiles: ReadonlyMap<string, Tile>,
): Promise<string[]> {
  // Tensors of the same shapes; the values don't matter, so products share them.
  const scratch = new Map<string, TensorInfo>();
  const standIns = products.map(({ tensors }) => {
    const count = new Map<string, number>();
    return Object.fromEntries(
      Object.entries(tensors).map(([name, { shape }]) => {
        const nth = count.get(`${shape}`) ?? 0;
        count.set(`${shape}`, nth + 1);
        const key = `${shape} ${nth}`;
        let tensor = scratch.get(key);
        if (!tensor) scratch.set(key, tensor = backend.output(shape));
        return [name, tensor];
      }),
    );
  });
  const works = products.flatMap((product, i) =>
    [...tiles].map(([name, tile]) =>
      [
        `${i} ${name}`,
        () =>
          backend.runProductWith({ ...product, tensors: standIns[i] }, tile),
      ] as const
    )
  );
  const seconds = await measure(backend, new Map(works));
  for (const { dataId } of scratch.values()) backend.disposeData(dataId);
  const names = [...tiles.keys()];
  return products.map((_, i) => {
    const time = (name: string) => seconds.get(`${i} ${name}`)!;
    return names.reduce((a, b) => time(b) < time(a) ? b : a);
  });
}
