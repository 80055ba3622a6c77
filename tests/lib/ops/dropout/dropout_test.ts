import { assert, assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../../../lib/device/mod.ts";
import { Packing, type Rows } from "../../../../lib/ops/batch/packing.ts";
import {
  attentionMask,
  featureMask,
  siteKey,
} from "../../../../lib/ops/dropout/mask.ts";
import { dropFeatures } from "../../../../lib/ops/dropout/mod.ts";
import { offsetsOf, randomArray } from "../../../support/ops/arrays.ts";
import { type OpCall, packingOf, testOp } from "../../../support/ops/op.ts";

const LENGTHS = [3, 1, 9, 2];

/** The mask of a layer's output, on the host. */
function maskOf(
  lengths: number[],
  width: number,
  options: { rows?: Rows; rate: number; key: number },
): Float32Array {
  const packing = new Packing(offsetsOf(lengths), { padded: false });
  return featureMask(packing, options.rows ?? "all", width, options);
}

function call(width: number, rows: Rows): OpCall {
  const dropout = { rate: 0.4, key: siteKey(1, 2, 3) };
  const tokens = offsetsOf(LENGTHS).at(-1)!;
  const shape = [rows === "all" ? tokens : LENGTHS.length, width];
  const x = randomArray(shape, 1);
  const slope = randomArray(shape, 2);
  return {
    inputs: { x },
    slope,
    place: () => {
      const packing = packingOf(LENGTHS);
      return ({ x }) =>
        dropFeatures(x as tf.Tensor2D, { packing, rows, dropout });
    },
    exact() {
      const mask = maskOf(LENGTHS, width, { rows, ...dropout });
      const drop = ({ data }: { data: Float32Array }) =>
        Float64Array.from(data, (value, i) => value * mask[i]);
      return { value: drop(x), gradients: { x: drop(slope) } };
    },
  };
}

for (const width of [1, 5, 8, 33]) {
  await testOp(`dropFeatures of ${width} features`, call(width, "all"));
}
await testOp("dropFeatures of <cls> rows", call(7, "cls"));

for (const rows of ["all", "cls"] as const) {
  for (const rate of [0.1, 0.5, 0.9]) {
    Deno.test(`the CPU's mask of ${rows} rows at rate ${rate} is featureMask's to the bit`, async () => {
      await openDevice("cpu");
      const dropout = { rate, key: siteKey(7, 100, 5) };
      const width = 67;
      const dropped = tf.tidy(() => {
        const packing = packingOf(LENGTHS);
        const ones = tf.ones<tf.Rank.R2>([packing.rowCount(rows), width]);
        return dropFeatures(ones, { packing, rows, dropout }).dataSync();
      });
      assertEquals(dropped, maskOf(LENGTHS, width, { rows, ...dropout }));
    });
  }
}

Deno.test("dropFeatures gives x itself at rate 0", async () => {
  await openDevice("cpu");
  tf.tidy(() => {
    const x = tf.ones<tf.Rank.R2>([3, 2]);
    const dropout = { rate: 0, key: 1 };
    const packing = packingOf([3]);
    assertEquals(dropFeatures(x, { packing, rows: "all", dropout }), x);
  });
});

for (const rate of [0.01, 0.1, 0.5, 0.9]) {
  Deno.test(`over 400 draws at rate ${rate} every element's mean is 1 within 5 deviations`, async () => {
    await openDevice("cpu");
    const [draws, width] = [400, 64];
    const sums = new Float64Array(2 * width);
    for (let step = 0; step < draws; step++) {
      const mask = maskOf([2], width, { rate, key: siteKey(3, step, 1) });
      mask.forEach((value, i) => sums[i] += value);
    }
    const deviation = Math.sqrt(rate / (1 - rate) / draws);
    for (const sum of sums) {
      assert(Math.abs(sum / draws - 1) < 5 * deviation, `mean ${sum / draws}`);
    }
  });
}

for (
  const [what, other] of [
    ["seeds", siteKey(1, 0, 0)],
    ["steps", siteKey(0, 1, 0)],
    ["sites", siteKey(0, 0, 1)],
  ] as const
) {
  Deno.test(`masks of neighbouring ${what} are independent`, async () => {
    await openDevice("cpu");
    const rate = 0.5;
    const width = 128;
    const [a, b] = [siteKey(0, 0, 0), other].map((key) =>
      maskOf([80], width, { rate, key })
    );
    const both = a.filter((value, i) => value > 0 && b[i] > 0).length;
    const total = 80 * width;
    // A quarter of all, within 5 deviations.
    const deviation = Math.sqrt(total * 3 / 16);
    assert(Math.abs(both - total / 4) < 5 * deviation, `${both} of ${total}`);
  });
}

Deno.test("rows, examples and features of a mask differ", async () => {
  await openDevice("cpu");
  const width = 64;
  const mask = maskOf([2, 2], width, { rate: 0.5, key: 9 });
  const rows = [0, 1, 2, 3].map((row) =>
    mask.subarray(row * width, (row + 1) * width).join()
  );
  assertEquals(new Set(rows).size, 4);
  assertNotEquals(mask.indexOf(0), -1);
});

Deno.test("an example's feature mask is the same beside any other examples", async () => {
  await openDevice("cpu");
  const options = { rate: 0.5, key: 9 };
  const width = 33;
  const mask = maskOf([3, 5, 2], width, options);
  const other = maskOf([11, 5], width, options);
  assertEquals(
    mask.slice(3 * width, 8 * width),
    other.slice(11 * width, 16 * width),
  );
});

Deno.test("a <cls> row's mask is that of the example's first row", async () => {
  await openDevice("cpu");
  const options = { rate: 0.5, key: 9 };
  const width = 33;
  const all = maskOf([3, 5], width, options);
  const cls = maskOf([3, 5], width, { ...options, rows: "cls" });
  assertEquals(cls.slice(width), all.slice(3 * width, 4 * width));
});

Deno.test("an example's attention mask is the same beside longer examples", async () => {
  await openDevice("cpu");
  const dropout = { rate: 0.5, key: 9 };
  const heads = 2;
  const rowsOf = (lengths: number[]) => {
    const longest = Math.max(...lengths);
    const packing = new Packing(offsetsOf(lengths), { padded: false });
    const mask = attentionMask(packing, "all", heads, dropout);
    // The rows of example 1, which has 5 tokens.
    return Array.from({ length: heads * 5 }, (_, row) => {
      const [head, query] = [Math.floor(row / 5), row % 5];
      const start = ((heads + head) * longest + query) * longest;
      return [...mask.subarray(start, start + 5)];
    });
  };
  assertEquals(rowsOf([3, 5]), rowsOf([12, 5, 7]));
});

Deno.test("a micro-batch has its rows of the batch's feature mask", async () => {
  await openDevice("cpu");
  const dropout = { rate: 0.5, key: 9 };
  const width = 33;
  const whole = maskOf([3, 5, 2, 4], width, dropout);
  const dropped = tf.tidy(() => {
    const microBatch = new Packing(offsetsOf([2, 4]), {
      padded: false,
      first: 2,
    });
    const ones = tf.ones<tf.Rank.R2>([6, width]);
    return dropFeatures(ones, { packing: microBatch, rows: "all", dropout })
      .dataSync();
  });
  assertEquals(dropped, whole.slice(8 * width));
});

Deno.test("a micro-batch has its rows of the batch's <cls> rows' mask", async () => {
  await openDevice("cpu");
  const dropout = { rate: 0.5, key: 9 };
  const width = 33;
  const whole = maskOf([3, 5, 2, 4], width, { ...dropout, rows: "cls" });
  const dropped = tf.tidy(() => {
    const microBatch = new Packing(offsetsOf([2, 4]), {
      padded: false,
      first: 2,
    });
    const ones = tf.ones<tf.Rank.R2>([2, width]);
    return dropFeatures(ones, { packing: microBatch, rows: "cls", dropout })
      .dataSync();
  });
  assertEquals(dropped, whole.slice(2 * width));
});
