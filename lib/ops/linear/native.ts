import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "../../device/native/backend.ts";
import {
  type Matrix,
  multiply,
  placeOf,
} from "../../device/native/products.ts";
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

function gradient(
  backend: NativeBackend,
  { dy, x, weight, residual0 }: Record<string, TensorInfo>,
  { activation }: LinearAttributes,
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
  const dWeight = backend.output(weight.shape);
  const dBias = backend.output([width]);
  multiply(backend, { a: dz, b: weight, c: dx });
  multiply(backend, { a: dz, transposeA: true, b: x, c: dWeight });
  sumColumns(backend, dz, dBias);
  if (dz !== dy) backend.disposeData(dz.dataId);
  return [dx, dWeight, dBias];
}

registerRoom<LinearAttributes>("Linear", { forward, gradient });
