import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../../lib/device/mod.ts";
import type { ProductForm } from "../../../../../lib/device/webgpu/product/tile.ts";
import {
  SOFTWARE_TILES,
  TileChoices,
  TILES,
} from "../../../../../lib/device/webgpu/product/tiles.ts";
import {
  naiveProduct,
  type PlainProduct,
  tiledProduct,
} from "../../../../support/device/plain_product.ts";
import { assertClose, randomArray } from "../../../../support/ops/arrays.ts";
import { webgpuTest } from "../../../../support/require.ts";
import { slowTest } from "../../../../support/slow.ts";
import { declareTest } from "../../../../support/tier.ts";

const NT = { aAlongInner: true, bAlongInner: true };
const NN = { aAlongInner: true, bAlongInner: false };
const TN = { aAlongInner: false, bAlongInner: false, sums: true };

/** Neither a multiple of a tile nor of 4, and over one tile of any kind. */
const [M, N, K] = [131, 133, 37];

async function product(form: ProductForm): Promise<PlainProduct> {
  await openDevice("webgpu");
  const a = randomArray(form.aAlongInner ? [M, K] : [K, M], 1, 2).data;
  const b = randomArray(form.bAlongInner ? [N, K] : [K, N], 2, 2).data;
  return {
    a: tf.tensor2d(a, form.aAlongInner ? [M, K] : [K, M]),
    b: tf.tensor2d(b, form.bAlongInner ? [N, K] : [K, N]),
    form,
  };
}

/** The smallest, the one of large products, and the one of most on a CPU. */
const EXAMPLES = [
  TILES.get("32x32/4x4 step 16"),
  TILES.get("128x64/8x8 step 16 ahead"),
  SOFTWARE_TILES[0],
];

for (const tile of [...TILES.values(), ...SOFTWARE_TILES]) {
  const { rows, columns, blockRows, blockColumns, step, ahead } = tile;
  const declare = EXAMPLES.includes(tile) ? declareTest : slowTest;
  await declare(
    `a product in tiles of ${rows}x${columns}, blocks of ${blockRows}x` +
      `${blockColumns} and steps of ${step}${ahead ? ", loaded ahead," : ""} ` +
      "has the bits of plain loops",
    async () => {
      const sides = await product(NT);
      const [tiled] = tiledProduct(sides, tile);
      assertEquals(await tiled.data(), await naiveProduct(sides).data());
    },
    webgpuTest,
  );
}

for (const [name, form] of Object.entries({ NT, NN, TN })) {
  await webgpuTest(`a product ${name} is what float64 computes`, async () => {
    const sides = await product(form);
    const [tiled] = tiledProduct(sides, TILES.get("32x32/4x4 step 16")!);
    const [a, b] = [await sides.a.data(), await sides.b.data()];
    const exact = new Float64Array(M * N);
    for (let m = 0; m < M; m++) {
      for (let n = 0; n < N; n++) {
        for (let k = 0; k < K; k++) {
          exact[m * N + n] += a[form.aAlongInner ? m * K + k : k * M + m] *
            b[form.bAlongInner ? n * K + k : k * N + n];
        }
      }
    }
    assertClose(await tiled.data(), exact, 1e-6, "the product");
  });
}

await webgpuTest("a product's sums are those of A over k", async () => {
  const sides = await product(TN);
  const [, sums] = tiledProduct(sides, TILES.get("64x64/8x8 step 16 ahead")!);
  const a = await sides.a.data();
  const exact = Float64Array.from({ length: M }, (_, m) => {
    let sum = 0;
    for (let k = 0; k < K; k++) sum += a[k * M + m];
    return sum;
  });
  assertClose(await sums.data(), exact, 1e-6, "the sums");
});

/** A product as the choice of a tile sees it. */
function seen(rows: number) {
  return {
    name: "test",
    kernelOf: () => {
      throw new Error("it is not run");
    },
    tensors: {},
    uniforms: {},
    size: { rows, columns: 1024, inner: 1024 },
  };
}

Deno.test("a larger product has a larger tile before it is measured", () => {
  const choices = new TileChoices(false);
  const areas = [64, 1024, 65536].map((rows) => {
    const tile = choices.tileFor(seen(rows));
    return tile.rows * tile.columns;
  });
  assertEquals(areas, [32 * 32, 64 * 64, 128 * 64]);
});

Deno.test("a product that was measured has the tile that was fastest", async () => {
  const choices = new TileChoices(false);
  choices.tileFor(seen(1000));
  await choices.tune(() => Promise.resolve(["64x64/8x4 step 16 ahead"]));
  assertEquals(
    choices.tileFor(seen(1010)),
    TILES.get("64x64/8x4 step 16 ahead")!,
  );
});

Deno.test("a product is measured once", async () => {
  const choices = new TileChoices(false);
  const measured: number[] = [];
  for (let i = 0; i < 3; i++) {
    choices.tileFor(seen(1000));
    choices.tileFor(seen(9));
    await choices.tune((products) => {
      measured.push(...products.map(({ size }) => size.rows));
      return Promise.resolve(products.map(() => "64x64/8x4 step 16 ahead"));
    });
  }
  assertEquals(measured, [1000]);
});

Deno.test("choices that were saved are made again", async () => {
  const choices = new TileChoices(false);
  choices.tileFor(seen(1000));
  await choices.tune(() => Promise.resolve(["64x64/8x4 step 16 ahead"]));
  const others = new TileChoices(false);
  others.adopt(JSON.parse(JSON.stringify(choices.chosen())));
  assertEquals(
    others.tileFor(seen(1000)),
    TILES.get("64x64/8x4 step 16 ahead")!,
  );
});

Deno.test("a saved name that is no tile's chooses nothing", () => {
  const choices = new TileChoices(false);
  const before = choices.tileFor(seen(1000));
  choices.adopt({ "test 10 10 10": "toString" });
  assertEquals(choices.tileFor(seen(1000)), before);
});
