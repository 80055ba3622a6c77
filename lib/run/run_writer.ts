/**
 * Keeps the story of a run in its directory while it is trained, and the best
 * model.
 *
 * @module
 */
import { join } from "@std/path";
import { replaceFile } from "../base/files/files.ts";
import type { Table } from "../data/table/table.ts";
import type { Device } from "../device/device.ts";
import { evaluate, type EvaluateOptions } from "../evaluate/evaluate.ts";
import type { EpochEvent, MetricsEvent } from "../events/events.ts";
import type { Log } from "../events/log.ts";
import { BertClassifier } from "../model/classifier.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { renderCurves } from "../report/curves.ts";
import type { TrainState } from "../train/state.ts";
import type { NamedArrays } from "../weights/formats/arrays.ts";
import type { OpenedModel } from "../weights/model_dir.ts";
import { writeModelDir } from "../weights/write_model_dir.ts";
import { type Checkpoint, loadEpoch, saveCheckpoint } from "./checkpoint.ts";
import {
  keepMetrics,
  readRunMetrics,
  removeRunMetrics,
  type RunMetrics,
  writeRunMetrics,
} from "./run_metrics.ts";

/** What is written of a run, and who is told. */
export interface RunWriterOptions {
  /** The pretrained model: its configuration and vocabulary. */
  pretrained: OpenedModel;
  /** What is trained. */
  model: BertClassifier;
  /** What computes. */
  device: Device;
  /** Who is told. */
  log: Log;
  /** The fingerprint of the encoded data. */
  data: string;
  /** Checkpoints to keep, besides the best epoch's. */
  keep: number;
  /** The best epoch so far, from 1; absent if none is chosen. */
  bestEpoch?: ((state: TrainState) => number) | undefined;
}

/** How the best model is measured. */
export interface MeasureOptions extends EvaluateOptions {
  /** The split that the model was chosen by. */
  dev: Table;
  /** The test split, if there is one. */
  test?: Table | undefined;
}

/** Writes a run's directory. */
export class RunWriter {
  /** The `epoch` events so far, those before the checkpoint included. */
  readonly epochs: EpochEvent[];
  readonly #run: string;
  readonly #options: RunWriterOptions;
  #steps: number;
  /** What was measured after the last epoch. */
  #measured: MetricsEvent | undefined;
  #saved: TrainState | undefined;
  readonly #eventBytes: () => number;

  /**
   * Begins to record events.
   *
   * @param run The run directory.
   * @param options What is written, and who is told.
   * @param checkpoint Where it goes on; events after it are cut off.
   */
  constructor(
    run: string,
    options: RunWriterOptions,
    checkpoint?: Checkpoint,
  ) {
    this.#run = run;
    this.#options = options;
    this.epochs = [...checkpoint?.epochs ?? []];
    this.#steps = checkpoint?.steps ?? 0;
    this.#saved = checkpoint?.state;
    this.#eventBytes = options.log.record(
      join(run, "events.jsonl"),
      checkpoint?.eventBytes,
    );
  }

  /** Optimiser updates up to the last checkpoint. */
  get steps(): number {
    return this.#steps;
  }

  /** Where the run could go on, in words; nothing if it would start over. */
  get saved(): string | undefined {
    if (this.#saved === undefined) return undefined;
    const { epoch, step } = this.#saved;
    return step === 0
      ? `after epoch ${epoch - 1}`
      : `in epoch ${epoch} after step ${step}`;
  }

  /** Tells an epoch and its metrics, and draws the curves. */
  async tellEpoch(event: EpochEvent, metrics?: MetricsEvent): Promise<void> {
    this.#options.log.emit(event);
    this.epochs.push(event);
    await replaceFile(
      join(this.#run, "curves.svg"),
      await renderCurves(this.epochs),
    );
    if (metrics) this.#options.log.emit(metrics);
    this.#measured = metrics;
  }

  /**
   * Saves a checkpoint, and after an epoch the model with its metrics, if it is
   * the best.
   */
  async save(state: TrainState, optimizer: Optimizer): Promise<void> {
    const { model, device, keep, bestEpoch } = this.#options;
    this.#steps = optimizer.steps;
    const parameters = await model.copyParameters();
    device.check();
    const best = bestEpoch?.(state);
    const finished = state.epoch - 1;
    if (state.step === 0 && (best ?? finished) === finished) {
      const measured = this.#measured;
      await this.#saveModel(
        parameters,
        measured ? this.#keep(measured, finished) : {},
      );
    }
    await saveCheckpoint(this.#run, {
      state,
      steps: optimizer.steps,
      epochs: this.epochs,
      eventBytes: this.#eventBytes(),
      parameters,
      moments: await optimizer.copyState(),
    }, { keep, best });
    this.#saved = { ...state };
  }

  /**
   * Makes the best epoch's model the run directory's, and measures it on the
   * test split, if there is one. (On the dev split it was measured when it was
   * chosen, but perhaps by an earlier version, which did not keep it.)
   *
   * @param epoch The best epoch, from 1; its checkpoint must have been kept.
   * @param options The test split, and how to measure.
   * @return The metrics, which have been told.
   * @throws {UserError} `bad-checkpoint` if the epoch's checkpoint is damaged.
   */
  async measureBest(
    epoch: number,
    options: MeasureOptions,
  ): Promise<MetricsEvent | undefined> {
    const { model: trained, device, log, data } = this.#options;
    const { dev, test } = options;
    const kept = (await readRunMetrics(this.#run)).dev;
    const chosenBy = kept?.epoch === epoch && kept.data === data
      ? { dev: kept }
      : undefined;
    let model = trained;
    if (epoch !== this.epochs.length) {
      const arrays = await loadEpoch(this.#run, epoch);
      await this.#saveModel(arrays, chosenBy ?? {});
      model = new BertClassifier(trained.config, arrays);
    }
    const measure = async (split: string, table: Table) => {
      const measured = await evaluate(model, table, {
        ...options,
        phase: split,
      });
      device.check();
      return { event: "metrics", split, ...measured } as const;
    };
    let all = chosenBy ?? this.#keep(await measure("dev", dev), epoch);
    const metrics = test && await measure("test", test);
    if (model !== trained) model.dispose();
    if (metrics) {
      log.emit(metrics);
      all = { ...all, ...this.#keep(metrics, epoch) };
    }
    await writeRunMetrics(this.#run, all);
    return metrics;
  }

  #keep(metrics: MetricsEvent, epoch: number): RunMetrics {
    return keepMetrics(metrics, { epoch, data: this.#options.data });
  }

  /** At no moment does the directory hold metrics of another model. */
  async #saveModel(arrays: NamedArrays, metrics: RunMetrics): Promise<void> {
    await removeRunMetrics(this.#run);
    await writeModelDir(this.#run, { ...this.#options.pretrained, arrays });
    if (Object.keys(metrics).length > 0) {
      await writeRunMetrics(this.#run, metrics);
    }
  }
}
