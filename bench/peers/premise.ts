/**
 * Our own side of a comparison: like the Python ones, it is started with its
 * options as one JSON object, and takes a turn for every line of stdin.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { versions } from "../../lib/base/versions.ts";
import type { Batch } from "../../lib/data/batch/batches.ts";
import { BertClassifier } from "../../lib/model/classifier.ts";
import { placeBatch } from "../../lib/ops/batch/place_batch.ts";
import { linear } from "../../lib/ops/linear/mod.ts";
import { Optimizer } from "../../lib/optim/optimizer.ts";
import { trainStep } from "../../lib/train/step.ts";
import { trainingDefaults } from "../../lib/train/training_defaults.ts";
import { lines } from "../side.ts";
import { packExamples, randomWeights, type Work } from "../work/work.ts";
import { openHostClock } from "./host_clock.ts";
import { openSide, type SideDevice } from "./open_side.ts";

/** What the side is asked to do. */
export interface PremiseOptions {
  /** The file of the work. */
  work: string;
  mode: "train" | "predict";
  learningRate: number;
  /**
   * Steps of a turn but the first, which has one; 1 if not given. The last
   * one's loss alone is read.
   */
  stepsPerTurn?: number;
  /** Whether steps may be played that were recorded; if not given, they may. */
  plays?: boolean;
  threads: number;
  /** Where to compute. */
  device: SideDevice;
  /** A BLAS library, or `none`; if not given, the first one found. */
  blas?: string | undefined;
}

const options: PremiseOptions = JSON.parse(Deno.args[0]);
const { model: config, batches }: Work = JSON.parse(
  await Deno.readTextFile(options.work),
);
const device = await openSide(options.device, options);
tell({ versions: versions(), device: device.description });
const model = new BertClassifier(config, randomWeights(config));
// The Python sides have their batches ready, too.
const packed = batches.map(packExamples);
const step = options.mode === "train" ? trainer() : predict;
const hostClock = await openHostClock();
let steps = 0;
for await (const _ of lines(Deno.stdin.readable)) {
  const before = device.dispatches();
  const begun = performance.now();
  const toldNothing = hostClock();
  let result: tf.Tensor | undefined;
  const count = steps === 0 ? 1 : options.stepsPerTurn ?? 1;
  for (let i = 0; i < count; i++) {
    result?.dispose();
    result = await step(packed[steps++ % packed.length]);
    if (steps === 1) await device.tune();
  }
  const hostSeconds = hostClock() - toldNothing;
  const [loss] = await result!.data();
  result!.dispose();
  const seconds = (performance.now() - begun) / 1000;
  if (before === undefined) tell({ seconds, loss, productRate: productRate() });
  else {
    const dispatches = device.dispatches()! - before;
    tell({ seconds, loss, hostSeconds, dispatches });
  }
}

/** Makes training steps; each gives its loss, not read yet. */
function trainer(): (batch: Batch) => Promise<tf.Tensor> {
  const optimizer = new Optimizer(model.parameters, trainingDefaults);
  return async (batch) => {
    const { loss, ...others } = await trainStep(
      model,
      optimizer,
      batch,
      {
        settings: trainingDefaults,
        learningRate: options.learningRate,
        draw: { seed: 0, step: steps },
        plays: options.plays,
      },
    );
    tf.dispose(others as unknown as tf.TensorContainer);
    return loss;
  };
}

function predict(batch: Batch): Promise<tf.Tensor> {
  return Promise.resolve(
    tf.tidy(() => model.logits(placeBatch(batch, model.tables, false))),
  );
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
