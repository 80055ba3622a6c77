import type { TensorInfo } from "@tensorflow/tfjs";
import type { GpuBackend } from "../../device/webgpu/backend.ts";
import {
  defineKernel,
  FLAT_INDEX,
  flatGroups,
  kernelVariants,
  type RowUnits,
  rowUnits,
} from "../../device/webgpu/kernel.ts";
import { registerGpuRoom } from "../../device/webgpu/register.ts";
import type { GatherClsAttributes } from "./mod.ts";

const SIZE = 256;

/** A kernel with an invocation for each unit `i` of the `rows` it writes. */
const MAIN = `
${FLAT_INDEX}
@compute @workgroup_size(${SIZE})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = flatIndex(group, groups, lane, ${SIZE}u);
  if (i >= u.rows * u.units) { return; }
  let row = i / u.units;
  let unit = i % u.units;`;

type Element = { element: RowUnits["element"] };

const gather = kernelVariants(({ element }: Element) =>
  defineKernel({
    name: "gather_cls",
    reads: { x: element, starts: "i32" },
    writes: { y: element },
    uniforms: { rows: "u32", units: "u32" },
    code: `${MAIN}
  y[i] = x[u32(starts[row]) * u.units + unit];
}`,
  })
);

const scatter = kernelVariants(({ element }: Element) =>
  defineKernel({
    name: "gather_cls.gradient",
    reads: { dy: element, examples: "i32", positions: "i32" },
    writes: { dx: element },
    uniforms: { rows: "u32", units: "u32", first: "u32" },
    code: `${MAIN}
  if (positions[row] == 0) {
    dx[i] = dy[(u32(examples[row]) - u.first) * u.units + unit];
  } else {
    dx[i] = ${element}();
  }
}`,
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
    groups: flatGroups(examples * units, SIZE),
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
    tensors: { dy, ...packing.places("all"), dx },
    uniforms: { rows, units, first: packing.first },
    groups: flatGroups(rows * units, SIZE),
  });
  return [dx];
}

registerGpuRoom<GatherClsAttributes>("GatherCls", { forward, gradient });
