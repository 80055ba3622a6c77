/**
 * The steps between two checkpoints of a run once more: a run that can be
 * proven to come again is one whose numbers can be trusted.
 *
 * @module
 */
import type { OnProgress } from "../base/progress.ts";
import { type Check, isBroken, isMissing, works } from "../events/check.ts";
import {
  type Checkpoint,
  listCheckpoints,
  readCheckpoint,
} from "../run/checkpoint.ts";
import type { RunRecord } from "../run/run_record.ts";
import { createModel, type RunSetup } from "../run/run_setup.ts";
import { fineTune } from "../train/loop.ts";
import type { TrainState } from "../train/state.ts";
import type { NamedArrays } from "../weights/formats/arrays.ts";

/** A run that is replayed, and who is told. */
export interface ReplayOptions {
  /** What its `run.json` says. */
  record: RunRecord;
  /** Opened as the record's settings say. */
  setup: RunSetup;
  /** Is told the steps done. */
  onProgress?: OnProgress | undefined;
  /** Stops it. */
  signal: AbortSignal;
}

const NAME = "replay";

/**
 * Goes on from the last checkpoint but one, and compares what it comes to with
 * the last one, to the bit.
 *
 * @param run The run directory; it is only read.
 * @param options How it was trained.
 * @return What was proven, or why nothing can be.
 */
export async function checkReplay(
  run: string,
  options: ReplayOptions,
): Promise<Check> {
  const names = (await listCheckpoints(run)).slice(-2);
  if (names.length < 2) {
    return isMissing(
      NAME,
      `${names.length} checkpoints are kept, and it takes two to go from one ` +
        "to the other: that the run comes again can't be proven",
      "finetune --keep 2, or more, keeps them",
    );
  }
  const other = differencesOf(options);
  if (other.length > 0) {
    return isMissing(
      NAME,
      `the run was trained in another way than it would be here: ${
        other.join("; ")
      }`,
      "where it was trained, its bits can be proven",
    );
  }
  const [from, to] = await Promise.all(
    names.map((name) => readCheckpoint(run, name)),
  );
  const found = await goFromTo(from, to, options);
  const wrong = found === undefined
    ? ["the run ends before it"]
    : comparePoints(found, to);
  const steps = `${to.steps - from.steps} steps from ${names.join(" to ")}`;
  if (wrong.length === 0) return works(NAME, `${steps}: the same bits`);
  return isBroken(
    NAME,
    `${steps}: ${wrong.join(", ")}`,
    "the checkpoints are not of one run, or this machine computes otherwise",
  );
}

/** What bits depend on and is another here, in words. */
function differencesOf({ record, setup }: ReplayOptions): string[] {
  const { device, tables } = setup;
  const now: Record<string, unknown> = device.arithmetic;
  const keys = new Set([
    ...Object.keys(record.arithmetic),
    ...Object.keys(now),
  ]);
  const differences = [...keys]
    .filter((key) => record.arithmetic[key] !== now[key])
    .map((key) =>
      `${key} was ${record.arithmetic[key]}, here it is ${now[key]}`
    );
  if (record.data !== tables.manifest.fingerprint) {
    differences.push("the data have changed");
  }
  return differences;
}

/** What training comes to. */
type Point = Pick<Checkpoint, "state" | "parameters" | "moments">;

/** Trains from one checkpoint to where the other was saved. */
async function goFromTo(
  from: Checkpoint,
  to: Checkpoint,
  { setup, record, onProgress, signal }: ReplayOptions,
): Promise<Point | undefined> {
  const { splits: { train, dev, test }, training, device } = setup;
  const { classWeights = training.classWeights } = record;
  device.adopt(record.tuned ?? {});
  const model = createModel(setup, from.parameters);
  const stepsPerEpoch = Math.ceil(
    Math.min(train.rows, training.limit ?? Infinity) / training.batchSize,
  );
  const last = (to.state.epoch - 1) * stepsPerEpoch + to.state.step;
  const arrived = new AbortController();
  let found: Point | undefined;
  try {
    await fineTune(model, {
      training: {
        ...training,
        classWeights,
        logEvery: 1,
        checkpointEvery: undefined,
        checkpointMinutes: undefined,
      },
      train,
      dev,
      test: dev ? undefined : test,
      readEvery: 1,
      resumeFrom: from,
      onProgress,
      signal: AbortSignal.any([signal, arrived.signal]),
      onStep: ({ step }) => {
        // At the end of an epoch it is saved anyway.
        if (step === last && to.state.step > 0) arrived.abort(arrived);
      },
      onCheckpoint: async (state, optimizer) => {
        if (!isSamePlace(state, to.state)) return;
        found = {
          state: { ...state },
          parameters: await model.copyParameters(),
          moments: await optimizer.copyState(),
        };
        arrived.abort(arrived);
      },
    });
  } catch (reason) {
    if (reason !== arrived) throw reason;
  } finally {
    model.dispose();
  }
  device.check();
  return found;
}

function isSamePlace(a: TrainState, b: TrainState): boolean {
  return a.epoch === b.epoch && a.step === b.step;
}

/** What differs between where the replay came to and what was saved. */
function comparePoints(found: Point, saved: Point): string[] {
  const wrong: string[] = [];
  if (JSON.stringify(found.state) !== JSON.stringify(saved.state)) {
    wrong.push("the figures of the epoch differ");
  }
  for (const part of ["parameters", "moments"] as const) {
    const names = differingArrays(found[part], saved[part]);
    if (names.length > 0) {
      wrong.push(
        `${names.length} of ${saved[part].size} arrays of the ${part} ` +
          `differ, the first is ${names[0]}`,
      );
    }
  }
  return wrong;
}

function differingArrays(a: NamedArrays, b: NamedArrays): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => {
    const [x, y] = [a.get(name), b.get(name)];
    return x === undefined || y === undefined ||
      !haveSameBits(x.data, y.data);
  });
}

function haveSameBits(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  const [x, y] = [a, b].map(({ buffer, byteOffset, length }) =>
    new Uint32Array(buffer, byteOffset, length)
  );
  return x.every((bits, i) => bits === y[i]);
}
