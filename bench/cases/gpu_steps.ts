/**
 * What a training step costs the host of a GPU: kernels that it hands over,
 * and the time until the GPU has been told all. The other side is the same
 * program on TensorFlow.js' own kernels.
 *
 * @module
 */
import { onSoftware } from "../adapter.ts";
import { type Case, ourSide, type RunOptions } from "../case.ts";
import { spread, type StepCost, type Steps } from "../result.ts";
import { bertSmall } from "../shapes.ts";
import { Side, type Step } from "../side.ts";
import { writeWork } from "../work.ts";

const EXAMPLES = 8;
/** Of a turn on hardware: the host's code is fast once it has run for a while. */
const STEPS = 10;

/**
 * The second has bert.small's kernels and so little for each to compute that
 * the host's time is all there is, even where the GPU is the host itself.
 */
const MODELS = [
  ["bert.small", bertSmall],
  ["bert.small, 16 wide", {
    ...bertSmall,
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
  const stepsPerTurn = await onSoftware() ? 1 : STEPS;
  for (const [name, model] of MODELS) {
    const { path } = await writeWork(scratch, {
      model,
      batchSize: EXAMPLES,
      count: pairs,
    });
    const training = { learningRate: 1e-4, stepsPerTurn };
    const shared = { work: path, mode: "train", threads, ...training };
    using ours = new Side(ourSide(), { ...shared, device: "webgpu" });
    using theirs = new Side(ourSide(), { ...shared, device: "stock" });
    const [{ versions, device }] = [await ours.facts(), await theirs.facts()];
    found = { versions, device: device!, peer: `tfjs ${versions.tfjs}` };
    const turn = async (): Promise<Pair> => [
      await ours.step(),
      await theirs.step(),
    ];
    const firstDifference = difference(await turn());
    if (!(firstDifference <= MOST_DIFFERENCE)) {
      throw new Error(
        `${name}: the first losses differ by ${firstDifference}, ` +
          `at most ${MOST_DIFFERENCE} is expected`,
      );
    }
    if (stepsPerTurn > 1) await turn();
    const steps: Pair[] = [];
    for (let i = 0; i < pairs; i++) {
      steps.push(await turn());
    }
    rows.push({
      model: name,
      examples: EXAMPLES,
      steps: pairs * stepsPerTurn,
      ours: costOf(steps.map(([step]) => step), stepsPerTurn),
      theirs: costOf(steps.map(([, step]) => step), stepsPerTurn),
      firstDifference,
    });
    await ours.end();
    await theirs.end();
  }
  return { kind: "steps", ...found!, rows, mostDispatches: 80, mostShare: 0.1 };
}

type Pair = [ours: Step, theirs: Step];

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

function difference([{ loss: ours }, { loss: theirs }]: Pair): number {
  return Math.abs(ours! - theirs!) / theirs!;
}
