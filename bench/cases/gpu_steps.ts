/**
 * What a training step costs the host of a GPU: kernels that it hands over,
 * and the time until the GPU has been told all. The other side is the same
 * program on TensorFlow.js' own kernels.
 *
 * @module
 */
import { type Case, ourSide, type RunOptions } from "../case.ts";
import { onSoftware } from "../gpu/adapter.ts";
import { spread, type StepCost, type Steps } from "../result.ts";
import { Side, type Step } from "../side.ts";
import { bertSmall } from "../work/shapes.ts";
import { writeWork } from "../work/work.ts";

const EXAMPLES = 8;
/** Few enough that steps on all of them have been played before turns count. */
const BATCHES = 3;
/** Of a turn: the host's code is fast once it has run for a while. */
const STEPS = 10;
const STEPS_ON_SOFTWARE = 3;
/** Turns that don't count. */
const WARM_UP = 4;

/**
 * The second has bert.small's kernels and so little for each to compute that
 * the host's time is all there is, even where the GPU is the host itself.
 */
const MODELS = [
  ["bert.small", bertSmall],
  ["bert.small, 16 wide", {
    ...bertSmall,
    embedding: 16,
    hidden: 16,
    feedForward: 32,
    positions: 128,
  }],
] as const;

/** The case of the steps. */
export const gpuSteps: Case = {
  name: "gpu-steps",
  title: "bert.small, what a training step costs a GPU's host",
  against: "tfjs",
  device: "webgpu",
  run,
};

async function run({ scratch, threads, pairs }: RunOptions): Promise<Steps> {
  const rows: Steps["rows"] = [];
  let found: Pick<Steps, "versions" | "device" | "peer">;
  const stepsPerTurn = await onSoftware() ? STEPS_ON_SOFTWARE : STEPS;
  for (const [name, model] of MODELS) {
    const { path } = await writeWork(scratch, {
      model,
      batchSize: EXAMPLES,
      count: BATCHES,
    });
    const training = { learningRate: 1e-4, stepsPerTurn };
    const shared = { work: path, mode: "train", threads, ...training };
    const own = { ...shared, device: "webgpu" };
    using ours = new Side(ourSide(), own);
    using taken = new Side(ourSide(), { ...own, plays: false });
    using theirs = new Side(ourSide(), { ...shared, device: "stock" });
    const sides = [ours, taken, theirs];
    const [{ versions, device }] = await inTurn(sides, (side) => side.facts());
    found = { versions, device: device!, peer: `tfjs ${versions.tfjs}` };
    const turn = () => inTurn(sides, (side) => side.step());
    const firstDifference = difference(await turn());
    if (!(firstDifference <= MOST_DIFFERENCE)) {
      throw new Error(
        `${name}: the first losses differ by ${firstDifference}, ` +
          `at most ${MOST_DIFFERENCE} is expected`,
      );
    }
    for (let i = 0; i < WARM_UP; i++) await turn();
    const turns: Step[][] = [];
    for (let i = 0; i < pairs; i++) turns.push(await turn());
    const [oursCost, takenCost, theirsCost] = sides.map((_, side) =>
      costOf(turns.map((steps) => steps[side]), stepsPerTurn)
    );
    rows.push({
      model: name,
      examples: EXAMPLES,
      steps: pairs * stepsPerTurn,
      ours: oursCost,
      taken: takenCost,
      theirs: theirsCost,
      firstDifference,
    });
    await inTurn(sides, (side) => side.end());
  }
  return { kind: "steps", ...found!, rows, mostDispatches: 80, mostShare: 0.1 };
}

/** What a question to each side gives, asked one after the other. */
async function inTurn<T>(
  sides: readonly Side[],
  ask: (side: Side) => Promise<T>,
): Promise<T[]> {
  const answers: T[] = [];
  for (const side of sides) answers.push(await ask(side));
  return answers;
}

/** What a step costs, by turns of some. */
function costOf(turns: readonly Step[], steps: number): StepCost {
  const dispatches = turns.map(({ dispatches }) => dispatches! / steps);
  const hostSeconds = turns.map(({ hostSeconds }) => hostSeconds! / steps);
  return {
    dispatches: Math.ceil(Math.max(...dispatches)),
    hostSeconds: spread(hostSeconds).median,
  };
}

/** Of the losses: a side that computes something else did other work. */
const MOST_DIFFERENCE = 1e-4;

function difference(sides: readonly Step[]): number {
  const losses = sides.map(({ loss }) => loss!);
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  return (most - least) / most;
}
