import { assertAlmostEquals, assertEquals } from "@std/assert";
import { openDevice } from "../../../lib/device/mod.ts";
import { evaluate } from "../../../lib/evaluate/evaluate.ts";
import { createClassifier } from "../../../lib/model/load.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";
import { webgpuTest } from "../../support/require.ts";
import { smallTable } from "../../support/train/small_run.ts";

await webgpuTest(
  "batches that are read together have the metrics of one batch",
  async () => {
    await openDevice("webgpu");
    const opened = await openModelDir("fixtures/golden/mxnet", {
      heads: 4,
      dropout: 0.1,
    });
    const model = createClassifier(opened, { seed: 5 });
    // More batches than are read at once, and a last one that is not whole.
    const table = smallTable(75);
    const told: number[] = [];
    const many = await evaluate(model, table, {
      batchSize: 2,
      onProgress: ({ done }) => told.push(done),
    });
    const one = await evaluate(model, table, { batchSize: 75 });
    model.dispose();
    assertEquals(told, [64, 75]);
    assertEquals(many.confusion, one.confusion);
    assertAlmostEquals(many.loss, one.loss, 1e-6);
  },
);
