/**
 * Which tile a matrix product is computed with: the fastest one on this GPU,
 * where that has been measured, else a guess by size. All tiles give the same
 * bits, so that the choice may change at any time.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Kernel } from "../kernels/kernel.ts";
import { productGroups } from "./product.ts";
import type { ProductSize, Tile } from "./tile.ts";

/** A product with all that it takes to run it. */
export interface RunProduct {
  /** As errors and the choices call it. */
  name: string;
  /** The kernel for a tile. */
  kernelOf(tile: Tile): Kernel;
  /** What the kernel binds. */
  tensors: Readonly<Record<string, tf.TensorInfo>>;
  /** All but `inner` and `chunk`. */
  uniforms: Readonly<Record<string, number>>;
  size: ProductSize;
}

/** Rows and columns of a tile and of a block of it, and what else there is. */
function tile(
  [rows, columns]: [Tile["rows"], Tile["columns"]],
  [blockRows, blockColumns]: [Tile["blockRows"], Tile["blockColumns"]],
  { step, ahead = false }: { step: Tile["step"]; ahead?: boolean },
): Tile {
  return { rows, columns, blockRows, blockColumns, step, ahead };
}

/**
 * On a CPU, whose loads cost most: short steps, which compile fast, and where
 * it is worth the compiler's time large blocks, which load the least.
 */
export const SOFTWARE_TILES: readonly [Tile, Tile, Tile] = [
  tile([32, 32], [4, 4], { step: 4 }),
  tile([64, 64], [8, 8], { step: 4 }),
  tile([64, 128], [16, 16], { step: 4 }),
];
/** Multiply-adds from which the second and the third of those are worth it. */
const WORTH_COMPILING = [1 << 18, 1 << 24];

const SMALL = tile([32, 32], [4, 4], { step: 16 });
const MIDDLE = tile([64, 64], [8, 8], { step: 16, ahead: true });
const LARGE = tile([128, 64], [8, 8], { step: 16, ahead: true });

/** The tiles that are measured, by their names in a cache. */
export const TILES: ReadonlyMap<string, Tile> = new Map(
  [
    SMALL,
    tile([64, 64], [8, 4], { step: 16, ahead: true }),
    MIDDLE,
    LARGE,
    tile([64, 128], [8, 8], { step: 16, ahead: true }),
    tile([128, 128], [8, 8], { step: 16, ahead: true }),
  ].map((tile) => [nameOf(tile), tile]),
);

function nameOf({ ahead, ...sizes }: Tile): string {
  const { rows, columns, blockRows, blockColumns, step } = sizes;
  return `${rows}x${columns}/${blockRows}x${blockColumns} step ${step}${
    ahead ? " ahead" : ""
  }`;
}

/** Multiply-adds below which a product is not worth measuring. */
const WORTH_MEASURING = 1 << 26;
/** Workgroups that are enough to keep a GPU at work. */
const ENOUGH = 256;

/** The choices for one GPU. */
export class TileChoices {
  readonly #software: boolean;
  /** Names of tiles by the class of the product. */
  readonly #chosen = new Map<string, string>();
  readonly #seen = new Map<string, RunProduct>();

  /** @param software Whether the GPU is a program on the CPU. */
  constructor(software: boolean) {
    this.#software = software;
  }

  /** The tile for a product; notes the product if it is worth measuring. */
  tileFor(product: RunProduct): Tile {
    const { size } = product;
    const { rows, columns, inner, batches = 1 } = size;
    const work = rows * columns * inner * batches;
    if (this.#software) {
      return SOFTWARE_TILES[WORTH_COMPILING.filter((n) => work >= n).length];
    }
    const name = classOf(product);
    const chosen = TILES.get(this.#chosen.get(name) ?? "");
    if (chosen) return chosen;
    if (work >= WORTH_MEASURING) {
      this.#seen.set(name, product);
    }
    const groups = (tile: Tile) =>
      productGroups(tile, size).reduce((a, b) => a * b);
    return [LARGE, MIDDLE].find((tile) => groups(tile) >= ENOUGH) ?? SMALL;
  }

  /**
   * Measures the products that were noted, and chooses.
   *
   * @param measure Gives the names of the products' fastest tiles.
   * @return Whether anything was chosen.
   */
  async tune(
    measure: (products: RunProduct[]) => Promise<string[]>,
  ): Promise<boolean> {
    if (this.#seen.size === 0) return false;
    const seen = new Map(this.#seen);
    this.#seen.clear();
    const fastest = await measure([...seen.values()]);
    [...seen.keys()].forEach((name, i) => this.#chosen.set(name, fastest[i]));
    return true;
  }

  /** The names of the chosen tiles by the class of the product. */
  chosen(): Record<string, string> {
    return Object.fromEntries(this.#chosen);
  }

  /** Takes choices over; names that are no tile's choose nothing. */
  adopt(chosen: Readonly<Record<string, string>>): void {
    for (const [name, tile] of Object.entries(chosen)) {
      this.#chosen.set(name, tile);
    }
  }
}

/** Products of one kernel whose sizes are about the same, to a power of two. */
function classOf({ name, size }: RunProduct): string {
  const { rows, columns, inner, batches } = size;
  const sizes = [rows, columns, inner, ...(batches ? [batches] : [])];
  const logs = sizes.map((count) => Math.round(Math.log2(count)));
  return `${name} ${logs.join(" ")}`;
}
