/** A small model and a small table to train it on, in this process. */
import type { Table } from "../../../lib/data/table/table.ts";
import { type DeviceKind, openDevice } from "../../../lib/device/mod.ts";
import type {
  EpochEvent,
  MetricsEvent,
  StepEvent,
} from "../../../lib/events/events.ts";
import type { BertClassifier } from "../../../lib/model/classifier.ts";
import { createClassifier } from "../../../lib/model/load.ts";
import type { Optimizer } from "../../../lib/optim/optimizer.ts";
import { fineTune, type FineTuneOptions } from "../../../lib/train/loop.ts";
import type { NotFiniteStep } from "../../../lib/train/not_finite.ts";
import type { ResumePoint, TrainState } from "../../../lib/train/state.ts";
import { trainingDefaults } from "../../../lib/train/training_defaults.ts";
import type { TrainingOptions } from "../../../lib/train/training_options.ts";
import type { NamedArrays } from "../../../lib/weights/formats/arrays.ts";
import { openModelDir } from "../../../lib/weights/model_dir.ts";

/** A table whose examples' labels can be told from their tokens. */
export function smallTable(rows: number): Table {
  const lengths = Array.from({ length: rows }, (_, i) => 4 + (i * 7) % 9);
  const offsets = [0];
  lengths.forEach((length, i) => offsets.push(offsets[i] + length));
  const labels = Int32Array.from({ length: rows }, (_, i) => (i * i) % 3);
  return {
    path: "small.arrow",
    rows,
    tokenIds: Int32Array.from(
      lengths.flatMap((length, i) =>
        // <cls> is 3, <sep> is 4.
        Array.from(
          { length },
          (_, t) =>
            t === 0 ? 3 : t === 2 || t === length - 1 ? 4 : 10 +
              labels[i] * 8 + (i + t) % 8,
        )
      ),
    ),
    offsets: Int32Array.from(offsets),
    second: new Int32Array(rows).fill(3),
    labels,
    sourceLines: Int32Array.from({ length: rows }, (_, i) => i + 1),
    premise: () => "",
    hypothesis: () => null,
  };
}

/** A run as it can be saved. */
export interface Saved extends ResumePoint {
  parameters: NamedArrays;
}

/** What a run told, and how it ended. */
export interface SmallRun {
  steps: Omit<StepEvent, "timing">[];
  epochs: Omit<EpochEvent, "timing">[];
  /** Where it was at each checkpoint, as [epoch, step]. */
  checkpoints: [number, number][];
  /** The last checkpoint. */
  saved: Saved;
  /** The metrics of each epoch's evaluation. */
  metrics: MetricsEvent[];
  /** The steps that were left out. */
  skipped: NotFiniteStep[];
  /** What it threw, if it did. */
  error?: unknown;
}

/** How a small model is trained. */
export interface SmallOptions
  extends Partial<TrainingOptions>, Partial<Omit<FineTuneOptions, "training">> {
  /** What computes; the CPU if not given. */
  device?: DeviceKind;
  /** A token whose vector is NaNs. */
  poisoned?: number;
  /** The padding row of its token table; none if not given. */
  paddingRow?: number;
}

/** Trains a small model for two epochs of five steps, if nothing else is said. */
export async function trainSmall(
  options: SmallOptions = {},
  from?: Saved,
): Promise<SmallRun> {
  await openDevice(options.device ?? "cpu");
  const opened = await openModelDir("fixtures/golden/mxnet", {
    heads: 4,
    dropout: 0.1,
  });
  const arrays = from?.parameters ?? opened.arrays;
  if (options.poisoned !== undefined) {
    const { shape, data } = arrays.get("embeddings.token.weight")!;
    data.fill(
      NaN,
      options.poisoned * shape[1],
      (options.poisoned + 1) * shape[1],
    );
  }
  const model = createClassifier({
    ...opened,
    config: { ...opened.config, paddingRow: options.paddingRow },
    arrays,
  }, { seed: 5 });
  const run: Omit<SmallRun, "saved"> & { saved?: Saved } = {
    steps: [],
    epochs: [],
    checkpoints: [],
    metrics: [],
    skipped: [],
  };
  try {
    await fineTune(model, {
      train: smallTable(18),
      test: smallTable(9),
      readEvery: 1,
      ...options,
      training: {
        ...trainingDefaults,
        epochs: 2,
        batchSize: 4,
        learningRate: 1e-3,
        seed: 5,
        logEvery: 1,
        ...options,
      },
      resumeFrom: from && { ...from, state: { ...from.state } },
      onStep: (event) => {
        const { timing: _, ...facts } = event;
        run.steps.push(facts);
        options.onStep?.(event);
      },
      onEpoch: ({ timing: _, ...facts }, metrics) => {
        run.epochs.push(facts);
        if (metrics) run.metrics.push(metrics);
      },
      onSkip: (step) => {
        run.skipped.push(step);
      },
      onCheckpoint: async (state, optimizer) => {
        run.checkpoints.push([state.epoch, state.step]);
        run.saved = await save(model, optimizer, state);
      },
    });
  } catch (error) {
    run.error = error;
  }
  model.dispose();
  return run as SmallRun;
}

async function save(
  model: BertClassifier,
  optimizer: Optimizer,
  state: TrainState,
): Promise<Saved> {
  return {
    state: { ...state },
    steps: optimizer.steps,
    parameters: await model.copyParameters(),
    moments: await optimizer.copyState(),
  };
}
