import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "../../device/cpu/backend.ts";
import { multiply } from "../../device/cpu/products.ts";
import { registerCpuOp } from "../../device/cpu/register.ts";
import type { GradientAttributes } from "../../device/define_op.ts";
import { addBias, layerGradient } from "../linear/cpu.ts";
import { ofLayers, PROJECTIONS } from "./reference.ts";

function forward(
  backend: CpuBackend,
  inputs: Record<string, TensorInfo>,
): TensorInfo[] {
  const weights = ofLayers(inputs, "weight");
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
  backend: CpuBackend,
  { dy, x, ...others }: Record<string, TensorInfo>,
  { frozen }: GradientAttributes,
): TensorInfo[] {
  const weights = ofLayers(others, "weight");
  const width = weights[0].shape[0];
  const dx = backend.output(x.shape);
  const gradients = weights.map((weight, i) => {
    const own = { of: dy, firstColumn: i * width, columns: width };
    multiply(backend, { a: own, b: weight, c: dx, accumulate: i > 0 });
    return layerGradient(backend, { dy: own, x }, {
      weight: frozen.includes(`weight${i}`),
      bias: frozen.includes(`bias${i}`),
    });
  });
  return [
    dx,
    ...gradients.map(([dWeight]) => dWeight),
    ...gradients.map(([, dBias]) => dBias),
  ];
}

registerCpuOp({ name: PROJECTIONS }, { forward, gradient });
