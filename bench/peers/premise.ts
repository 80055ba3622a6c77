/**
 * Our own side of a comparison: like the Python ones, it is started with its
 * options as one JSON object, and makes a step for every line of stdin.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { openDevice } from "../../lib/device/mod.ts";
import { placeBatch } from "../../lib/model/bert.ts";
import { BertClassifier } from "../../lib/model/classifier.ts";
import { linear } from "../../lib/ops/linear/mod.ts";
import { Optimizer } from "../../lib/train/optimizer.ts";
import { trainStep } from "../../lib/train/step.ts";
import { versions } from "../../lib/versions.ts";
import { lines } from "../side.ts";
import { packExamples, randomWeights, type Work } from "../work.ts";

/** What the side is asked to do. */
export interface PremiseOptions {
  /** The file of the work. */
  work: string;
  mode: "train" | "predict";
  learningRate: number;
  threads: number;
  /** A BLAS library, or `none`; if not given, the first one found. */
  blas?: string | undefined;
}

const options: PremiseOptions = JSON.parse(Deno.args[0]);
const { model: config, batches }: Work = JSON.parse(
  await Deno.readTextFile(options.work),
);
const device = await openDevice("cpu", options);
tell({ versions: versions(), device: device.description });
const model = new BertClassifier(config, randomWeights(config));
const step = options.mode === "train" ? trainer() : predict;
let steps = 0;
for await (const _ of lines(Deno.stdin.readable)) {
  const batch = batches[steps++ % batches.length];
  const begun = performance.now();
  const loss = await step(batch);
  const seconds = (performance.now() - begun) / 1000;
  tell({ seconds, loss, productRate: productRate() });
}

function trainer(): (batch: Work["batches"][number]) => Promise<number> {
  const optimizer = new Optimizer(model.parameters, { optimizer: "adam" });
  return async (batch) => {
    const figures = await trainStep(model, optimizer, packExamples(batch), {
      learningRate: options.learningRate,
      draw: { seed: 0, step: steps },
    });
    const [loss] = await figures.loss.data();
    tf.dispose(figures as unknown as tf.TensorContainer);
    return loss;
  };
}

async function predict(batch: Work["batches"][number]): Promise<number> {
  const logits = tf.tidy(() =>
    model.logits(placeBatch(packExamples(batch), model.parameters, false))
  );
  const [first] = await logits.data();
  logits.dispose();
  return first;
}

/** The rate of one big matrix product, in FLOP/s. */
function productRate(): number {
  const [M, N, K] = [4096, 1024, 1024];
  return tf.tidy(() => {
    const x = tf.ones<tf.Rank.R2>([M, K]);
    const layer = {
      weight: tf.ones<tf.Rank.R2>([N, K]),
      bias: tf.ones<tf.Rank.R1>([N]),
    };
    const begun = performance.now();
    linear(x, layer);
    return 2 * M * N * K / (performance.now() - begun) * 1000;
  });
}

function tell(value: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(value) + "\n"));
}
