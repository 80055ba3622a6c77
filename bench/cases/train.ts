/**
 * Training steps beside those of other programs: real SNLI lengths, Adam,
 * dropout as the models have it, random weights.
 *
 * @module
 */
import type { Case } from "../case.ts";
import { compareSteps, type StepsCase } from "../compare.ts";
import { bertBase, bertSmall, bookBase, miniLm } from "../work/shapes.ts";

const small = { model: bertSmall, batchSize: 512, mode: "train" } as const;
const book = {
  against: "torch",
  peer: "PyTorch",
  how: "the book's code, padded to 128",
  padTo: 128,
} as const;
const sorted = {
  against: "torch",
  peer: "PyTorch",
  how: "the book's code, batches by length",
  padTo: 0,
  byLength: true,
} as const;
const transformers = {
  against: "transformers",
  peer: "transformers",
  how: "batches by length",
  padTo: 0,
  byLength: true,
  batchSize: 32,
  mode: "train",
} as const;

const definitions: StepsCase[] = [
  {
    name: "train-padded",
    title: "bert.small, training, batch 512",
    ...small,
    ...book,
    target: { floor: 20, target: 24, stretch: 36 },
  },
  {
    name: "train-sorted",
    title: "bert.small, training, batch 512",
    ...small,
    ...sorted,
    target: { floor: 2.2, target: 2.6, stretch: 3.8 },
    memoryTarget: { floor: 1, target: 0.7, stretch: 0.5 },
  },
  {
    name: "train-mxnet",
    title: "bert.small, training, batch 512",
    ...small,
    ...book,
    against: "mxnet",
    peer: "MXNet",
    target: { floor: 45, target: 58, stretch: 80 },
  },
  {
    name: "train-minilm",
    title: "MiniLM-L6-384's shape, training, batch 32",
    model: miniLm,
    ...transformers,
    target: { floor: 1.2, target: 1.4, stretch: 1.7 },
  },
  {
    name: "train-base",
    title: "bert.base's shape, training, batch 32",
    model: bertBase,
    ...transformers,
    target: { floor: 1, target: 1.15, stretch: 1.3 },
  },
  {
    name: "predict",
    title: "bert.small, prediction, batch 512",
    ...small,
    ...sorted,
    mode: "predict",
    target: { floor: 1.5, target: 2, stretch: 3 },
  },
  {
    name: "train-no-blas",
    title: "bert.small, training without a BLAS library, batch 512",
    ...small,
    ...sorted,
    blas: "none",
    target: { floor: 0.7, target: 1, stretch: 1.5 },
  },
];

const gpuDefinitions: StepsCase[] = [
  {
    name: "gpu-train",
    title: "bert.small, training on a GPU",
    ...small,
    device: "webgpu",
    softwareBatchSize: 16,
    stepsPerTurn: 4,
    against: "tfjs",
    peer: "TensorFlow.js",
    how: "its own WebGPU kernels, the same packed batches",
    padTo: 0,
    target: { floor: 3, target: 3, stretch: 6 },
  },
  {
    name: "gpu-train-torch",
    title: "bert.small, training on a GPU",
    ...small,
    ...book,
    device: "webgpu",
    stepsPerTurn: 50,
    how: "the book's code with CUDA, fp32, padded to 128",
    target: { floor: 3, target: 6, stretch: 6 },
  },
  {
    name: "gpu-base-torch",
    title: "bert.base, training on a GPU",
    ...small,
    ...book,
    model: bookBase,
    batchSize: 128,
    device: "webgpu",
    stepsPerTurn: 10,
    how: "the book's code with CUDA, fp32, padded to 128",
    target: { floor: 2, target: 3, stretch: 3 },
  },
];

/** The cases of steps on the CPU. */
export const stepCases: Case[] = definitions.map(compareSteps);

/** The cases of steps on a GPU. */
export const gpuStepCases: Case[] = gpuDefinitions.map(compareSteps);
