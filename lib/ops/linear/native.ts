import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "../../device/native/backend.ts";
import {
  type Matrix,
  multiply,
  placeOf,
} from "../../device/native/products.ts";
import type { GradientAttributes } from "../../device/define_op.ts";
import { registerRoom } from "../../device/native/register.ts";
import type { Activation, LinearAttributes } from "./mod.ts";

/** The kernels' numbers of the activations. */
const CODES: Record<Activation, number> = {
  none: 0,
  relu: 1,
  gelu: 2,
  "gelu-tanh": 3,
  tanh: 4,
};

/** Whether the slope is a function of the input, not of the result. */
function needsInput(activation: Activation): boolean {
  return activation === "gelu" || activation === "gelu-tanh";
}

function forward(
  backend: NativeBackend,
  { x, weight, bias }: Record<string, TensorInfo>,
  { activation }: LinearAttributes,
): TensorInfo[] {
  const [rows, width] = [x.shape[0], weight.shape[0]];
  const y = backend.output([rows, width]);
  const z = needsInput(activation)
    ? backend.output([rows, width])
    : activation === "none"
    ? undefined
    : y;
  multiply(backend, { a: x, b: weight, transposeB: true, c: y });
  backend.run("linearFinish", rows * width, [
    backend.address(y),
    backend.address(bias),
    z && z !== y ? backend.address(z) : 0,
    rows,
    width,
    width,
    CODES[activation],
  ]);
  if (z === undefined) return [y];
  return [y, z === y ? backend.alias(y, y.shape) : z];
}

/** y += bias, row by row. */
export function addBias(
  backend: NativeBackend,
  y: Matrix,
  bias: TensorInfo,
): void {
  const { address, rows, columns, stride } = placeOf(backend, y);
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

/** The gradient of a bias: the sum over the rows of y's gradient. */
export function sumColumns(
  backend: NativeBackend,
  dy: Matrix,
  sums: TensorInfo,
): void {
  const { address, rows, columns, stride } = placeOf(backend, dy);
  backend.run("columnSums", rows * columns, [
    address,
    backend.address(sums),
    rows,
    columns,
    stride,
  ]);
}

/**
 * The gradients of a layer's weight and bias.
 *
 * @param inputs The gradient of y, slope of the activation included, and x.
 * @param frozen Which of them nobody reads: for these it gives an empty scalar.
 */
export function layerGradient(
  backend: NativeBackend,
  { dy, x }: { dy: Matrix; x: TensorInfo },
  frozen: { weight: boolean; bias: boolean },
): [TensorInfo, TensorInfo] {
  const { columns } = placeOf(backend, dy);
  const dWeight = backend.output(frozen.weight ? [] : [columns, x.shape[1]]);
  const dBias = backend.output(frozen.bias ? [] : [columns]);
  if (!frozen.weight) {
    multiply(backend, { a: dy, transposeA: true, b: x, c: dWeight });
  }
  if (!frozen.bias) sumColumns(backend, dy, dBias);
  return [dWeight, dBias];
}

function gradient(
  backend: NativeBackend,
  { dy, x, weight, residual0 }: Record<string, TensorInfo>,
  { activation, frozen }: LinearAttributes & GradientAttributes,
): TensorInfo[] {
  const [rows, width] = dy.shape;
  const dz = residual0 ? backend.output(dy.shape) : dy;
  if (residual0) {
    backend.run("linearSlope", rows * width, [
      backend.address(dy),
      backend.address(residual0),
      backend.address(dz),
      rows,
      width,
      CODES[activation],
    ]);
  }
  const dx = backend.output(x.shape);
  multiply(backend, { a: dz, b: weight, c: dx });
  const [dWeight, dBias] = layerGradient(
    backend,
    { dy: dz, x },
    { weight: frozen.includes("weight"), bias: frozen.includes("bias") },
  );
  if (dz !== dy) backend.disposeData(dz.dataId);
  return [dx, dWeight, dBias];
}

registerRoom<LinearAttributes & GradientAttributes>("Linear", {
  forward,
  gradient,
});
