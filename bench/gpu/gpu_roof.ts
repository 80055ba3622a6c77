/**
 * How many multiply-adds a GPU makes through WebGPU when nothing but registers
 * is in the way: the roof that matrix products are held against.
 *
 * @module
 */
import type { GpuBackend } from "../../lib/device/webgpu/backend.ts";
import { defineKernel } from "../../lib/device/webgpu/kernels/kernel.ts";
import { measure } from "../../lib/device/webgpu/measure.ts";

const SIZE = 256;
const GROUPS = 2048;
/** Sums of one invocation, which don't wait for each other. */
const CHAINS = 8;
/** Multiply-adds of each between two tests of the loop. */
const UNROLLED = 16;
/** FLOP of one turn of the loop: a vector has four elements. */
const TURN = 2 * 4 * CHAINS * UNROLLED * SIZE * GROUPS;

const chains = Array.from({ length: CHAINS }, (_, i) => `c${i}`);

/** Chains of fma; the factor is below 1, so that no sum overflows. */
const fmaChains = defineKernel({
  name: "bench.fma",
  reads: {},
  writes: { y: "f32" },
  uniforms: { turns: "u32", factor: "f32" },
  code: `
@compute @workgroup_size(${SIZE})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
) {
  let m = vec4<f32>(u.factor);
  let a = vec4<f32>(f32(id.x), 1.0, 2.0, 3.0);
${chains.map((c, i) => `  var ${c} = vec4<f32>(${i}.0);\n`).join("")}
  for (var i = 0u; i < u.turns; i++) {
${
    Array.from({ length: UNROLLED }, () =>
      chains.map((c) => `    ${c} = fma(${c}, m, a);\n`).join("")).join("")
  }  }
  let sum = ${chains.join(" + ")};
  y[id.x] = sum.x + sum.y + sum.z + sum.w;
}
`,
});

/**
 * Measures the roof.
 *
 * @param backend A GPU that can time its kernels.
 * @return FLOP/s.
 */
export async function measureRoof(backend: GpuBackend): Promise<number> {
  const y = backend.output([SIZE * GROUPS]);
  const run = (turns: number) =>
    backend.run(fmaChains, {
      tensors: { y },
      uniforms: { turns, factor: 0.5 },
      groups: [GROUPS],
    });
  try {
    let turns = 1;
    for (let seconds = 0; seconds < LONG_ENOUGH; turns *= 2) {
      const begun = performance.now();
      run(turns);
      await backend.finish();
      seconds = (performance.now() - begun) / 1000;
    }
    return TURN * turns / await secondsOf(backend, () => run(turns));
  } finally {
    backend.disposeData(y.dataId);
  }
}

/** Seconds from which what surrounds a dispatch matters little. */
const LONG_ENOUGH = 0.1;

/**
 * Seconds that a GPU takes for some work.
 *
 * @param backend A GPU that can time its kernels.
 * @param work Runs of kernels.
 */
export async function secondsOf(
  backend: GpuBackend,
  work: () => void,
): Promise<number> {
  const seconds = await measure(backend, new Map([["work", work]]));
  return seconds.get("work")!;
}
