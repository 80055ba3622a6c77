/**
 * Two sides do the same work in turn, so that whatever else the machine does
 * slows both.
 *
 * @module
 */
import { type Case, ourSide, pythonSide, type RunOptions } from "./case.ts";
import { onSoftware } from "./gpu/adapter.ts";
import { type Comparison, spread, type Target } from "./result.ts";
import { type Facts, Side } from "./side.ts";
import { productFlops } from "./work/flops.ts";
import { type WorkOptions, writeWork } from "./work/work.ts";

/** Milliseconds between turns: threads that wait for work stop spinning. */
const REST = 200;

/** A case of {@link compareSteps}. */
export interface StepsCase
  extends Omit<Case, "run">, Omit<WorkOptions, "count"> {
  against: NonNullable<Case["against"]>;
  /** The other side in words; its version follows. */
  peer: string;
  /** What follows the version. */
  how: string;
  mode: "train" | "predict";
  /** Tokens that the other side pads to; 0 for the batch's longest. */
  padTo: number;
  /** Our BLAS library, whatever the command line says. */
  blas?: string;
  /** Examples a batch on a GPU that is a program on the CPU. */
  softwareBatchSize?: number;
  /** Steps of a turn on a GPU in hardware, which reads one loss a turn. */
  stepsPerTurn?: number;
  target: Target;
  memoryTarget?: Target;
}

const SCRIPTS = {
  torch: "torch_book.py",
  transformers: "torch_transformers.py",
  mxnet: "mxnet_book.py",
};

/**
 * Makes a case that compares steps of training or prediction.
 *
 * @param definition The work, and the other side.
 */
export function compareSteps(definition: StepsCase): Case {
  const { name, title, against, device } = definition;
  return {
    name,
    title,
    against,
    ...(device ? { device } : {}),
    run: (options) => run(definition, options),
  };
}

async function run(
  { against, mode, padTo, ...definition }: StepsCase,
  options: RunOptions,
): Promise<Comparison> {
  const { pairs } = options;
  const { device = "cpu" } = definition;
  const software = device === "webgpu" && await onSoftware();
  const batchSize = software
    ? definition.softwareBatchSize ?? definition.batchSize
    : definition.batchSize;
  const stepsPerTurn = software ? 1 : definition.stepsPerTurn ?? 1;
  const { path, work } = await writeWork(options.scratch, {
    ...definition,
    batchSize,
    count: pairs,
  });
  const { threads } = options;
  const training = { learningRate: 1e-4, stepsPerTurn };
  const shared = { work: path, mode, threads, ...training };
  using ours = new Side(ourSide(), {
    ...shared,
    device,
    blas: definition.blas ?? options.blas,
  });
  using theirs = against === "tfjs"
    ? new Side(ourSide(), { ...shared, device: "stock" })
    : new Side(pythonSide(options, against, SCRIPTS[against]), {
      ...shared,
      device: device === "webgpu" ? "cuda" : "cpu",
      padTo,
      wheels: options.peers,
    });
  const [we, they] = [await ours.facts(), await theirs.facts()];
  // Turns that are not counted; the first uses up a batch, as the last pair does.
  for (let i = 0; i < (stepsPerTurn > 1 ? 2 : 1); i++) {
    await ours.step();
    await theirs.step();
  }
  const rates: [number, number][] = [];
  for (let i = 0; i < pairs; i++) {
    const examples = stepsPerTurn * batchSize;
    rates.push([await turn(ours, examples), await turn(theirs, examples)]);
  }
  const lengths = work.batches.map(({ tokens }) =>
    tokens.map(({ length }) => length)
  );
  const all = lengths.flat();
  const tokens = all.reduce((sum, length) => sum + length, 0);
  const flops = work.batches.reduce(
    (sum, batch) =>
      sum + productFlops(work.model, batch.tokens, mode === "train"),
    0,
  );
  const rate = spread(rates.map(([ours]) => ours)).median;
  const [memory, theirMemory] = [await ours.end(), await theirs.end()];
  return summarise(rates, {
    peer: `${definition.peer} ${they.versions[against]}, ${definition.how}${
      device === "webgpu" ? `, batch ${batchSize}` : ""
    }`,
    facts: [we, they],
    unit: "examples",
    memory: memory && theirMemory ? [memory, theirMemory] : null,
    tokensPerSecond: rate * tokens / all.length,
    productShare: ours.productPeak === 0
      ? null
      : rate * flops / all.length / ours.productPeak,
    productPeak: ours.productPeak || null,
    target: definition.target,
    memoryTarget: definition.memoryTarget ?? null,
  });
}

async function turn(side: Side, count: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, REST));
  const { seconds } = await side.step();
  return count / seconds;
}

/** What a comparison found besides its rates. */
export type ComparisonFacts =
  & Omit<
    Comparison,
    | "kind"
    | "versions"
    | "device"
    | "rates"
    | "ours"
    | "theirs"
    | "ratio"
  >
  & { facts: [ours: Facts, theirs: Facts] };

/**
 * A comparison's finding.
 *
 * @param rates Of both sides, a pair of turns each.
 * @param facts All that doesn't follow from them.
 */
export function summarise(
  rates: [number, number][],
  { facts: [we, they], ...facts }: ComparisonFacts,
): Comparison {
  return {
    kind: "comparison",
    ...facts,
    versions: { ...we.versions, ...they.versions },
    device: we.device ?? null,
    rates,
    ours: spread(rates.map(([ours]) => ours)),
    theirs: spread(rates.map(([, theirs]) => theirs)),
    ratio: spread(rates.map(([ours, theirs]) => ours / theirs)),
  };
}
