import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import { registerGpuOp } from "../../device/webgpu/kernels/register.ts";
import {
  type RowUnits,
  rowUnits,
} from "../../device/webgpu/kernels/row_units.ts";
import { dropoutUniforms } from "../dropout/webgpu.ts";
import {
  addNormDefinition,
  layerNormDefinition,
  type NormAttributes,
} from "./reference.ts";
import { rowsOfGroup } from "./wgsl/rows.ts";
import {
  addNormBackward,
  addNormForward,
  layerNormBackward,
  layerNormForward,
  SUMMED_COLUMNS,
  sumPartials,
} from "./wgsl/value.ts";

/** Workgroups of the gradient; each leaves sums over its rows. */
const MOST_GROUPS = 256;

type Tensors = Record<string, TensorInfo>;

/** Workgroups that go through rows, each as many as it holds at a time. */
function groupsOf(rows: number, shape: RowUnits, most: number): [number] {
  return [Math.min(most, Math.ceil(rows / rowsOfGroup(shape)))];
}

/** Workgroups of the value: with more rows, each has several in turn. */
const MOST_IN_A_ROW = 65535;

function forward(
  backend: GpuBackend,
  { x, r, weight, bias }: Tensors,
  { epsilon, packing, rows: which, dropout }: NormAttributes,
): TensorInfo[] {
  const [rows, width] = x.shape;
  const shape = { ...rowUnits(width), subgroup: backend.subgroup };
  const y = backend.output(x.shape);
  const groups = groupsOf(rows, shape, MOST_IN_A_ROW);
  if (!r || !packing) {
    backend.run(layerNormForward(shape), {
      tensors: { x, weight, bias, y },
      uniforms: { rows, epsilon },
      groups,
    });
    return [y, backend.alias(x, x.shape)];
  }
  const z = backend.output(x.shape);
  backend.run(addNormForward(shape), {
    tensors: { x, r, weight, bias, ...packing.rowIndices(which!), y, z },
    uniforms: { rows, epsilon, ...dropoutUniforms(dropout) },
    groups,
  });
  return [y, z];
}

function gradient(
  backend: GpuBackend,
  { dy, weight, residual0: z }: Tensors,
  { epsilon, packing, rows: which, dropout }: NormAttributes,
): TensorInfo[] {
  const [rows, width] = dy.shape;
  const shape = { ...rowUnits(width), subgroup: backend.subgroup };
  const groups = groupsOf(rows, shape, MOST_GROUPS);
  const partials = groups[0] * rowsOfGroup(shape);
  const partial = backend.output([partials, 2 * width]);
  const dx = backend.output(dy.shape);
  const dWeight = backend.output([width]);
  const dBias = backend.output([width]);
  const gradients = [dx];
  if (packing) {
    const dr = backend.output(dy.shape);
    const indices = packing.rowIndices(which!);
    backend.run(addNormBackward(shape), {
      tensors: { dy, z, weight, ...indices, dx, dr, partial },
      uniforms: { rows, epsilon, ...dropoutUniforms(dropout) },
      groups,
    });
    gradients.push(dr);
  } else {
    backend.run(layerNormBackward(shape), {
      tensors: { dy, z, weight, dx, partial },
      uniforms: { rows, epsilon },
      groups,
    });
  }
  backend.run(sumPartials, {
    tensors: { partial, dWeight, dBias },
    uniforms: { rows: partials, width },
    groups: [Math.ceil(2 * width / SUMMED_COLUMNS)],
  });
  backend.disposeData(partial.dataId);
  return [...gradients, dWeight, dBias];
}

registerGpuOp(addNormDefinition, { forward, gradient });
registerGpuOp(layerNormDefinition, { forward, gradient });
