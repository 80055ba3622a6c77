/**
 * Attention on the CPU, and what its kernels are told as those of
 * cls_attention are.
 *
 * @module
 */
import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "../../device/cpu/backend.ts";
import { registerCpuOp } from "../../device/cpu/register.ts";
import type { Packing } from "../batch/packing.ts";
import { dropoutNumbers } from "../dropout/mask.ts";
import { attentionDefinition, type AttentionOptions } from "./reference.ts";

/** Rows of scores are filled up to whole vectors. */
export const up4 = (n: number) => (n + 3) & ~3;

/** Where each example's probabilities begin, and what all of them take. */
export interface ProbabilityLayout {
  /** In floats, [B]. */
  starts: Int32Array;
  /** Floats of all examples. */
  total: number;
}

/**
 * Lays out the probabilities.
 *
 * @param packing The examples.
 * @param rows How many rows of scores an example of some length has.
 */
export function layOutProbabilities(
  { offsets, examples }: Packing,
  rows: (length: number) => number,
): ProbabilityLayout {
  const starts = new Int32Array(examples);
  let total = 0;
  for (let b = 0; b < examples; b++) {
    const length = offsets[b + 1] - offsets[b];
    starts[b] = total;
    total += rows(length) * up4(length);
  }
  return { starts, total };
}

/** What a kernel of attention is run with. */
export interface AttentionRun {
  options: AttentionOptions;
  /** Features of the input, H. */
  width: number;
  starts: Int32Array;
  /** Floats of workspace that each thread needs. */
  workspace: number;
  /** About how many multiply-adds it takes. */
  work: number;
  /** The first words: input, rows of the result, probabilities. */
  first: number[];
  /** The words after those that both ops share. */
  last: number[];
}

/**
 * Runs a kernel. Its words: 0 to 2 the op's own, 3 where each example's
 * probabilities begin [B], in floats, 4 offsets [B + 1], 5 B, 6 H, 7 heads,
 * 8 workspace, 9 its bytes a thread, 10 key, 11 threshold (0: none drops),
 * 12 scale (f32), 13 1/sqrt(d) (f32), 14 the first example's index in the
 * whole batch, 15 and on the op's own.
 */
export function runAttention(
  backend: CpuBackend,
  kernel: string,
  { options, width, starts, workspace, work, first, last }: AttentionRun,
): void {
  const { packing, heads, dropout } = options;
  const { examples, offsets } = packing;
  const { key, threshold, scale } = dropoutNumbers(dropout);
  const words = 2 * examples + 1;
  const space = 4 * workspace;
  backend.withScratch(4 * words + space * backend.threads, (scratch) => {
    const integers = backend.intsAt(scratch, words);
    integers.set(starts);
    integers.set(offsets, examples);
    backend.run(kernel, work, [
      ...first,
      scratch,
      scratch + 4 * examples,
      examples,
      width,
      heads,
      scratch + 4 * words,
      space,
      key,
      threshold,
    ], [
      scale,
      1 / Math.sqrt(width / heads),
    ], [packing.first, ...last]);
  });
}

/** Where the probabilities are, and what a kernel takes. */
function plan({ packing, heads }: AttentionOptions, width: number) {
  const { starts, total } = layOutProbabilities(
    packing,
    (length) => heads * length,
  );
  const depth = width / heads;
  const longest = up4(packing.longest);
  return {
    width,
    starts,
    total,
    workspace: 2 * packing.longest * longest + 8 * longest * up4(depth),
    work: total * depth,
  };
}

function forward(
  backend: CpuBackend,
  { projected }: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const [tokens, columns] = projected.shape;
  const { total, ...sizes } = plan(options, columns / 3);
  const context = backend.output([tokens, columns / 3]);
  const probabilities = backend.output([total]);
  runAttention(backend, "attentionForward", {
    ...sizes,
    options,
    first: [projected, context, probabilities].map((t) => backend.address(t)),
    last: [],
  });
  return [context, probabilities];
}

function gradient(
  backend: CpuBackend,
  { dy, projected, residual0 }: Record<string, TensorInfo>,
  options: AttentionOptions,
): TensorInfo[] {
  const { total: _, ...sizes } = plan(options, dy.shape[1]);
  const dProjected = backend.output(projected.shape);
  runAttention(backend, "attentionBackward", {
    ...sizes,
    options,
    first: [projected, dy, residual0].map((t) => backend.address(t)),
    last: [backend.address(dProjected)],
  });
  return [dProjected];
}

registerCpuOp(attentionDefinition, { forward, gradient });
