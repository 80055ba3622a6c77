import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import {
  defineKernel,
  kernelVariants,
} from "../../device/webgpu/kernels/kernel.ts";
import { registerGpuOp } from "../../device/webgpu/kernels/register.ts";
import {
  eachUnit,
  type RowUnits,
  rowUnits,
  UNIT_UNIFORMS,
  unitGroups,
} from "../../device/webgpu/kernels/row_units.ts";
import { type GatherClsAttributes, gatherClsDefinition } from "./reference.ts";

type Element = Pick<RowUnits, "element">;

const gather = kernelVariants(({ element }: Element) =>
  defineKernel({
    name: "gather_cls",
    reads: { x: element, starts: "i32" },
    writes: { y: element },
    uniforms: UNIT_UNIFORMS,
    code: eachUnit(`
  y[i] = x[u32(starts[row]) * u.units + unit];`),
  })
);

const scatter = kernelVariants(({ element }: Element) =>
  defineKernel({
    name: "gather_cls.gradient",
    reads: { dy: element, examples: "i32", positions: "i32" },
    writes: { dx: element },
    uniforms: { ...UNIT_UNIFORMS, first: "u32" },
    code: eachUnit(`
  if (positions[row] == 0) {
    dx[i] = dy[(u32(examples[row]) - u.first) * u.units + unit];
  } else {
    dx[i] = ${element}();
  }`),
  })
);

function forward(
  backend: GpuBackend,
  { x }: Record<string, TensorInfo>,
  { packing: { starts, examples } }: GatherClsAttributes,
): TensorInfo[] {
  const { element, units } = rowUnits(x.shape[1]);
  const y = backend.output([examples, x.shape[1]]);
  backend.run(gather({ element }), {
    tensors: { x, starts, y },
    uniforms: { rows: examples, units },
    groups: unitGroups(examples, units),
  });
  return [y];
}

function gradient(
  backend: GpuBackend,
  { dy }: Record<string, TensorInfo>,
  { packing }: GatherClsAttributes,
): TensorInfo[] {
  const { element, units } = rowUnits(dy.shape[1]);
  const rows = packing.tokens;
  const dx = backend.output([rows, dy.shape[1]]);
  backend.run(scatter({ element }), {
    tensors: { dy, ...packing.rowIndices("all"), dx },
    uniforms: { rows, units, first: packing.first },
    groups: unitGroups(rows, units),
  });
  return [dx];
}

registerGpuOp(gatherClsDefinition, { forward, gradient });
