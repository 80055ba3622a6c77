/**
 * How the cost of a training step grows with batch, length, width, depth and
 * threads: one is varied, the others are bert.small's.
 *
 * @module
 */
import { type Case, ourSide, type RunOptions } from "../case.ts";
import { type Point, type Scaling, spread } from "../result.ts";
import { type Facts, Side } from "../side.ts";
import { productFlops } from "../work/flops.ts";
import { bertSmall } from "../work/shapes.ts";
import { type ExampleBatch, type Work, writeWork } from "../work/work.ts";

const STEPS = 3;
const EXAMPLES = 128;

/** One run. */
interface Setting {
  sweep: string;
  value: number;
  batchSize?: number;
  /** Tokens of every example; SNLI's own lengths if not given. */
  length?: number;
  model?: Partial<Work["model"]>;
  threads?: number;
}

/** The case of the sweeps. */
export const scaling: Case = {
  name: "scaling",
  title: "bert.small's shape, training, one thing varied",
  run,
};

async function run(options: RunOptions): Promise<Scaling> {
  const points: Point[] = [];
  let facts: Facts;
  for (const setting of settings(options.threads)) {
    const measured = await measure(setting, options);
    facts = measured.facts;
    points.push(measured.point);
  }
  const { versions, device } = facts!;
  return { kind: "scaling", versions, device: device!, points };
}

function settings(mostThreads: number): Setting[] {
  const sweep = (
    name: string,
    values: number[],
    of: (value: number) => object,
  ) => values.map((value) => ({ sweep: name, value, ...of(value) }));
  const threads = Array.from({ length: mostThreads }, (_, i) => i + 1)
    .filter((count) =>
      count === mostThreads || Number.isInteger(Math.log2(count))
    );
  return [
    ...sweep("batch", [8, 32, 128, 512, 1024], (batchSize) => ({ batchSize })),
    ...sweep("length", [16, 32, 64, 128, 256, 512], (length) => ({
      length,
      batchSize: 64,
    })),
    ...sweep("width", [128, 256, 512, 768], (hidden) => ({
      model: { hidden, feedForward: 2 * hidden, heads: hidden / 64 },
    })),
    ...sweep("depth", [1, 2, 4, 8], (blocks) => ({ model: { blocks } })),
    ...sweep("threads", threads, (threads) => ({ threads, batchSize: 512 })),
  ];
}

async function measure(
  { sweep, value, length, ...setting }: Setting,
  options: RunOptions,
): Promise<{ point: Point; facts: Facts }> {
  const { batchSize = EXAMPLES, threads = options.threads } = setting;
  const model = { ...bertSmall, ...setting.model };
  const { path, work } = await writeWork(options.scratch, {
    model,
    batchSize,
    count: STEPS,
  });
  if (length !== undefined) {
    work.batches = [constantLength(batchSize, length)];
    await Deno.writeTextFile(path, JSON.stringify(work));
  }
  using side = new Side(ourSide(), {
    work: path,
    mode: "train",
    device: "cpu",
    learningRate: 1e-4,
    threads,
    blas: options.blas,
  });
  const facts = await side.facts();
  await side.step();
  const times: number[] = [];
  for (let i = 0; i < STEPS; i++) times.push((await side.step()).seconds);
  const { median: seconds } = spread(times);
  const lengths = work.batches.flatMap(({ tokens }) =>
    tokens.map(({ length }) => length)
  );
  const batches = work.batches.length;
  const tokens = lengths.reduce((sum, length) => sum + length, 0) / batches;
  const flops = work.batches.reduce(
    (sum, batch) => sum + productFlops(model, batch.tokens, true),
    0,
  ) / batches;
  const point: Point = {
    sweep,
    value,
    seconds,
    examplesPerSecond: batchSize / seconds,
    tokensPerSecond: tokens / seconds,
    memory: await side.end(),
    productShare: flops / seconds / side.productPeak,
  };
  return { point, facts };
}

function constantLength(examples: number, length: number): ExampleBatch {
  const rows = (value: (i: number) => number) =>
    Array.from(
      { length: examples },
      (_, b) => Array.from({ length }, (_, i) => value(b * length + i)),
    );
  return {
    tokens: rows((i) => i % bertSmall.vocabulary),
    segments: rows(() => 0),
    labels: Array.from({ length: examples }, (_, b) => b % 3),
  };
}
