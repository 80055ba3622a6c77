import type { TensorInfo } from "@tensorflow/tfjs";
import type { NativeBackend } from "../../device/native/backend.ts";
import { multiply } from "../../device/native/products.ts";
import { registerRoom } from "../../device/native/register.ts";
import { addBias, sumColumns } from "../linear/native.ts";

/** The weights among a kernel's inputs, in order. */
export function weightsOf(inputs: Record<string, TensorInfo>): TensorInfo[] {
  const weights: TensorInfo[] = [];
  while (`weight${weights.length}` in inputs) {
    weights.push(inputs[`weight${weights.length}`]);
  }
  return weights;
}

function forward(
  backend: NativeBackend,
  inputs: Record<string, TensorInfo>,
): TensorInfo[] {
  const weights = weightsOf(inputs);
  const width = weights[0].shape[0];
  const y = backend.output([inputs.x.shape[0], weights.length * width]);
  weights.forEach((weight, i) => {
    const own = { of: y, firstColumn: i * width, columns: width };
    multiply(backend, { a: inputs.x, b: weight, transposeB: true, c: own });
    addBias(backend, own, inputs[`bias${i}`]);
  });
  return [y];
}

function gradient(
  backend: NativeBackend,
  { dy, x, ...others }: Record<string, TensorInfo>,
): TensorInfo[] {
  const weights = weightsOf(others);
  const width = weights[0].shape[0];
  const dx = backend.output(x.shape);
  const dWeights = weights.map(({ shape }) => backend.output(shape));
  const dBiases = weights.map(() => backend.output([width]));
  weights.forEach((weight, i) => {
    const own = { of: dy, firstColumn: i * width, columns: width };
    multiply(backend, { a: own, b: weight, c: dx, accumulate: i > 0 });
    multiply(backend, { a: own, transposeA: true, b: x, c: dWeights[i] });
    sumColumns(backend, own, dBiases[i]);
  });
  return [dx, ...dWeights, ...dBiases];
}

registerRoom("Projections", { forward, gradient });
