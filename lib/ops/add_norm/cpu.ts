import type { TensorInfo } from "@tensorflow/tfjs";
import type { CpuBackend } from "../../device/cpu/backend.ts";
import { registerCpuOp } from "../../device/cpu/register.ts";
import { dropWords } from "../dropout/cpu.ts";
import {
  addNormDefinition,
  layerNormDefinition,
  type NormAttributes,
} from "./reference.ts";

/** The words of dropout; none drops without a packing. */
function dropoutOf(backend: CpuBackend, attributes: NormAttributes) {
  const { packing, rows = "all", dropout } = attributes;
  return packing
    ? dropWords(backend, packing, rows, dropout)
    : { ints: [0, 0, 0, 0], scale: 1 };
}

function forward(
  backend: CpuBackend,
  { x, r, weight, bias }: Record<string, TensorInfo>,
  attributes: NormAttributes,
): TensorInfo[] {
  const [rows, width] = x.shape;
  const y = backend.output(x.shape);
  const normal = backend.output(x.shape);
  const inverseDeviation = backend.output([rows]);
  const { ints, scale } = dropoutOf(backend, attributes);
  backend.run("addNormForward", 4 * rows * width, [
    backend.address(x),
    r ? backend.address(r) : 0,
    backend.address(weight),
    backend.address(bias),
    backend.address(y),
    backend.address(normal),
    backend.address(inverseDeviation),
    rows,
    width,
    ...ints,
  ], [scale, attributes.epsilon]);
  return [y, normal, inverseDeviation];
}

function gradient(
  backend: CpuBackend,
  { dy, weight, residual0, residual1 }: Record<string, TensorInfo>,
  attributes: NormAttributes,
  hasResidual: boolean,
): TensorInfo[] {
  const [rows, width] = dy.shape;
  const dx = backend.output(dy.shape);
  const dr = hasResidual ? backend.output(dy.shape) : undefined;
  const dWeight = backend.output([width]);
  const dBias = backend.output([width]);
  const { ints, scale } = dropoutOf(backend, attributes);
  const blocks = backend.constant("NORM_BLOCKS");
  backend.withScratch(4 * blocks * 2 * width, (partial) => {
    backend.run("addNormBackward", 4 * rows * width, [
      backend.address(dy),
      backend.address(residual0),
      backend.address(residual1),
      backend.address(weight),
      backend.address(dx),
      dr ? backend.address(dr) : 0,
      partial,
      rows,
      width,
      ...ints,
    ], [scale]);
    backend.run("addNormReduce", 0, [
      partial,
      backend.address(dWeight),
      backend.address(dBias),
      width,
    ]);
  });
  return dr ? [dx, dr, dWeight, dBias] : [dx, dWeight, dBias];
}

registerCpuOp(addNormDefinition, {
  forward,
  gradient: (backend, inputs, attributes) =>
    gradient(backend, inputs, attributes, true),
});
registerCpuOp(layerNormDefinition, {
  forward,
  gradient: (backend, inputs, attributes) =>
    gradient(backend, inputs, attributes, false),
});
