/**
 * Our own training step, one a line of stdin: the other side of a comparison.
 *
 *     deno run -A bench/peers/premise.ts WORK.json THREADS [BLAS|none]
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../lib/device/mod.ts";
import { BertClassifier } from "../../lib/model/classifier.ts";
import { fillMissing } from "../../lib/model/initialise.ts";
import { Adam } from "../../lib/ops/adam/mod.ts";
import { trainStep } from "../../lib/train/step.ts";
import { lines, packExamples, type Work } from "../work.ts";

const [path, threads, blas] = Deno.args;
const work: Work = JSON.parse(await Deno.readTextFile(path));
const { description } = await openDevice("cpu", {
  threads: Number(threads),
  blas,
});
const arrays = fillMissing(work.model, new Map(), { style: "mxnet", seed: 0 });
const model = new BertClassifier(work.model, arrays);
const optimizer = new Adam(model.parameters, "adam");
tell({ device: description });
let step = 0;
for await (const _ of lines(Deno.stdin.readable)) {
  const batch = packExamples(work.batches[step % work.batches.length]);
  const begun = performance.now();
  const figures = trainStep(model, optimizer, batch, {
    learningRate: 1e-4,
    draw: { seed: 0, step: ++step },
    measureNorm: false,
  });
  const [loss] = await figures.loss.data();
  tf.dispose(figures as unknown as tf.TensorContainer);
  tell({ seconds: (performance.now() - begun) / 1000, loss });
}

function tell(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(value) + "\n"));
}
