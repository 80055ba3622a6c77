/**
 * Whether training learns what PyTorch learns: the losses of twelve Adam
 * steps on the same batches from the same weights, dropout off.
 *
 * @module
 */
import { join } from "@std/path";
import { foreignName } from "../../lib/weights/families/names.ts";
import { writeSafetensors } from "../../lib/weights/formats/safetensors.ts";
import { type Case, ourSide, pythonSide, type RunOptions } from "../case.ts";
import type { Losses } from "../result.ts";
import { Side } from "../side.ts";
import { bertSmall } from "../work/shapes.ts";
import { randomWeights, writeWork } from "../work/work.ts";

const STEPS = 12;
const TOLERANCE = 1e-6;
const model = { ...bertSmall, dropout: 0 };

/** The case of the losses. */
export const losses: Case = {
  name: "losses",
  title: `bert.small, losses of ${STEPS} Adam steps, dropout off`,
  against: "torch",
  run,
};

async function run(options: RunOptions): Promise<Losses> {
  const { scratch, threads, blas, peers } = options;
  const { path } = await writeWork(scratch, {
    model,
    batchSize: 128,
    count: STEPS,
  });
  const shared = { work: path, mode: "train", threads, learningRate: 1e-4 };
  using ours = new Side(ourSide(), { ...shared, device: "cpu", blas });
  using theirs = new Side(pythonSide(options, "torch", "torch_book.py"), {
    ...shared,
    padTo: 0,
    wheels: peers,
    meanLoss: true,
    weights: await writeWeights(scratch),
  });
  const [we, they] = [await ours.facts(), await theirs.facts()];
  const pairs: [number, number][] = [];
  for (let i = 0; i < STEPS; i++) {
    const [{ loss }, other] = [await ours.step(), await theirs.step()];
    pairs.push([loss!, other.loss!]);
  }
  await ours.end();
  await theirs.end();
  return {
    kind: "losses",
    versions: { ...we.versions, ...they.versions },
    device: we.device!,
    losses: pairs,
    largestDifference: Math.max(
      ...pairs.map(([a, b]) => Math.abs(a - b) / Math.abs(b)),
    ),
    tolerance: TOLERANCE,
  };
}

/** Writes our side's first weights under the book's names. */
async function writeWeights(folder: string): Promise<string> {
  const path = join(folder, "weights.safetensors");
  const named = randomWeights(model).entries().map(([name, array]) =>
    [foreignName(name, "d2l-torch")!, array] as const
  );
  const bytes = new Blob(writeSafetensors(new Map(named)));
  await Deno.writeFile(path, bytes.stream());
  return path;
}
