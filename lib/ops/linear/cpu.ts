import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "../../device/cpu/backend.ts";
import { layoutOf, type Matrix, multiply } from "../../device/cpu/products.ts";
import { registerCpuOp } from "../../device/cpu/register.ts";
import type { GradientAttributes } from "../../device/define_op.ts";
import {
  type Activation,
  type LinearAttributes,
  linearDefinition,
} from "./reference.ts";

/** The kernels' numbers of the activations. */
const CODES: Record<Activation, number> = {
  none: 0,
  relu: 1,
  gelu: 2,
  "gelu-tanh": 3,
  tanh: 4,
};

/** Whether the result doesn't tell the slope, so that it is kept too. */
function keepsSlope(activation: Activation): boolean {
  return activation === "gelu" || activation === "gelu-tanh";
}

function forward(
  backend: CpuBackend,
  { x, weight, bias }: Record<string, TensorInfo>,
  { activation }: LinearAttributes,
): TensorInfo[] {
  const [rows, width] = [x.shape[0], weight.shape[0]];
  const y = backend.output([rows, width]);
  const slope = keepsSlope(activation)
    ? backend.output([rows, width])
    : undefined;
  multiply(backend, { a: x, b: weight, transposeB: true, c: y });
  backend.run("linearFinish", rows * width, [
    backend.address(y),
    backend.address(bias),
    slope ? backend.address(slope) : 0,
    rows,
    width,
    width,
    CODES[activation],
  ]);
  if (activation === "none") return [y];
  return [y, slope ?? backend.alias(y, y.shape)];
}

/** y += bias, row by row. */
export function addBias(
  backend: CpuBackend,
  y: Matrix,
  bias: TensorInfo,
): void {
  const { address, rows, columns, stride } = layoutOf(backend, y);
  backend.run("linearFinish", rows * columns, [
    address,
    backend.address(bias),
    0,
    rows,
    columns,
    stride,
    CODES.none,
  ]);
}

/** A gradient on its way through an activation. */
interface Slope {
  /** What the forward pass kept. */
  kept: TensorInfo;
  activation: Activation;
  /** The result. */
  dz: TensorInfo;
}

/**
 * The gradient of a bias: the sum over the rows of y's gradient.
 *
 * @param sums The result, unless nobody reads it.
 * @param slope If given, dy takes it first.
 */
export function sumColumns(
  backend: CpuBackend,
  dy: Matrix,
  sums: TensorInfo | undefined,
  slope?: Slope,
): void {
  const { address, rows, columns, stride } = layoutOf(backend, dy);
  const blocks = backend.constant("SUM_BLOCKS");
  backend.withScratch(4 * blocks * columns, (partial) => {
    backend.run("linearSlope", rows * columns, [
      address,
      slope ? backend.address(slope.kept) : 0,
      slope ? backend.address(slope.dz) : 0,
      partial,
      rows,
      columns,
      stride,
      CODES[slope?.activation ?? "none"],
    ]);
    if (!sums) return;
    backend.run("sumRows", 0, [
      partial,
      backend.address(sums),
      blocks,
      columns,
    ]);
  });
}

/**
 * The gradients of a layer's weight and bias.
 *
 * @param inputs The gradient of y, and x.
 * @param frozen Which of them nobody reads: for these it gives an empty scalar.
 */
export function layerGradient(
  backend: CpuBackend,
  { dy, x }: { dy: Matrix; x: TensorInfo },
  frozen: { weight: boolean; bias: boolean },
): [TensorInfo, TensorInfo] {
  const { columns } = layoutOf(backend, dy);
  const dWeight = weightGradient(backend, { dy, x }, frozen.weight);
  const dBias = backend.output(frozen.bias ? [] : [columns]);
  if (!frozen.bias) sumColumns(backend, dy, dBias);
  return [dWeight, dBias];
}

function weightGradient(
  backend: CpuBackend,
  { dy, x }: { dy: Matrix; x: TensorInfo },
  frozen: boolean,
): TensorInfo {
  if (frozen) return backend.output([]);
  const { columns } = layoutOf(backend, dy);
  const dWeight = backend.output([columns, x.shape[1]]);
  multiply(backend, { a: dy, transposeA: true, b: x, c: dWeight });
  return dWeight;
}

function gradient(
  backend: CpuBackend,
  { dy, x, weight, residual0: kept }: Record<string, TensorInfo>,
  { activation, frozen }: LinearAttributes & GradientAttributes,
): TensorInfo[] {
  const dz = kept ? backend.output(dy.shape) : dy;
  const readsBias = !frozen.includes("bias");
  const dBias = backend.output(readsBias ? [weight.shape[0]] : []);
  if (kept || readsBias) {
    const sums = readsBias ? dBias : undefined;
    sumColumns(backend, dy, sums, kept && { kept, activation, dz });
  }
  const dx = backend.output(x.shape);
  multiply(backend, { a: dz, b: weight, c: dx });
  const dWeight = weightGradient(
    backend,
    { dy: dz, x },
    frozen.includes("weight"),
  );
  if (dz !== dy) backend.disposeData(dz.dataId);
  return [dx, dWeight, dBias];
}

registerCpuOp(linearDefinition, {
  forward,
  gradient,
});
