import { assert, assertLess, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type DeviceKind, openDevice } from "../../../lib/device/mod.ts";
import { encodeCls, ForwardPass } from "../../../lib/model/bert.ts";
import {
  embeddingTables,
  placeBatch,
} from "../../../lib/ops/batch/place_batch.ts";
import { projectsTables } from "../../../lib/ops/projected_embedding/mod.ts";
import {
  bookBatch,
  type D2lReference,
  largestDifference,
  openBook,
  pickExamples,
  readReference,
} from "../../support/model/golden.ts";
import { webgpuTest } from "../../support/require.ts";

/** The pretrained encoder's parameters on the device, and a batch for it. */
async function pretrained(framework: "mxnet" | "torch") {
  const { config, arrays } = await openBook(framework, "pretrained.params");
  const parameters = new Map(
    [...arrays].map(([name, { data, shape }]) => [
      name,
      tf.tensor(data, [...shape]),
    ]),
  );
  const reference = await readReference<D2lReference>(framework);
  return { config, parameters, reference, batch: bookBatch(reference) };
}

for (const framework of ["mxnet", "torch"] as const) {
  Deno.test(`the encoder's <cls> vectors are those of ${framework}'s whole encoder`, async () => {
    await openDevice("cpu");
    const { config, parameters, reference, batch } = await pretrained(
      framework,
    );
    const vectors = tf.tidy(() => {
      const placed = placeBatch(batch, embeddingTables(parameters), false);
      return encodeCls(new ForwardPass(config, parameters, placed)).dataSync();
    });
    const expected = reference.encoded.flatMap((rows) => rows[0]);
    assertLess(largestDifference(vectors, expected), 3e-6);
    tf.dispose([...parameters.values()]);
  });
}

async function repeatWords(device: DeviceKind): Promise<void> {
  await openDevice(device);
  const { config, parameters, reference, batch } = await pretrained("torch");
  const examples = Array.from(
    { length: 20 * batch.size },
    (_, i) => i % batch.size,
  );
  const repeated = pickExamples(batch, examples);
  const vectors = tf.tidy(() => {
    const placed = placeBatch(repeated, embeddingTables(parameters), false);
    assert(projectsTables(placed.tables!, placed.lookUp, false));
    return encodeCls(new ForwardPass(config, parameters, placed));
  });
  const values = await vectors.data<"float32">();
  const expected = examples.flatMap((i) => reference.encoded[i][0]);
  assertLess(largestDifference(values, expected), 3e-6);
  tf.dispose([vectors, ...parameters.values()]);
}

Deno.test("a batch that repeats its words gets the same <cls> vectors on the CPU", () =>
  repeatWords("cpu"));

await webgpuTest(
  "a batch that repeats its words gets the same <cls> vectors by WebGPU",
  () => repeatWords("webgpu"),
);

Deno.test("every dropout of a step has a site of its own", async () => {
  await openDevice("cpu");
  const { config, parameters, batch } = await pretrained("torch");
  tf.tidy(() => {
    const placed = placeBatch(batch, embeddingTables(parameters), false);
    const draw = { seed: 0, step: 0 };
    const pass = new ForwardPass(config, parameters, placed, draw);
    const keys = Array.from({ length: 50 }, () => pass.dropout(0.1)!.key);
    assertLess(49, new Set(keys).size);
  });
  tf.dispose([...parameters.values()]);
});

Deno.test("a parameter that is not there is named", async () => {
  await openDevice("cpu");
  const { config, parameters, batch } = await pretrained("torch");
  tf.tidy(() => {
    const placed = placeBatch(batch, embeddingTables(parameters), false);
    const pass = new ForwardPass(config, parameters, placed);
    assertThrows(
      () => pass.layer("layers.2.ffn.up"),
      Error,
      'there is no parameter "layers.2.ffn.up.weight"',
    );
  });
  tf.dispose([...parameters.values()]);
});
