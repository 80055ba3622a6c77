/**
 * How many multiply-adds a GPU makes through WebGPU when nothing but registers
 * is in the way: the roof that matrix products are held against.
 *
 * @module
 */
import type { GpuBackend } from "../lib/device/webgpu/backend.ts";
import { defineKernel } from "../lib/device/webgpu/kernel.ts";

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
 * @param backend The GPU.
 * @return FLOP/s.
 */
export async function measureRoof(backend: GpuBackend): Promise<number> {
  const y = backend.output([SIZE * GROUPS]);
  try {
    for (let turns = 1;; turns *= 2) {
      const seconds = await fastest(backend, () =>
        backend.run(fmaChains, {
          tensors: { y },
          uniforms: { turns, factor: 0.5 },
          groups: [GROUPS],
        }));
      if (seconds >= LONG_ENOUGH) return TURN * turns / seconds;
    }
  } finally {
    backend.disposeData(y.dataId);
  }
}

/** Seconds from which the time of a dispatch alone does not matter. */
const LONG_ENOUGH = 0.05;
/** Repetitions; the fastest counts. */
const RUNS = 3;

/**
 * Seconds of the fastest of some runs, after one that compiles.
 *
 * @param backend The GPU.
 * @param run Tells it what to do.
 */
export async function fastest(
  backend: GpuBackend,
  run: () => void,
): Promise<number> {
  let best = Infinity;
  for (let i = 0; i <= RUNS; i++) {
    const begun = performance.now();
    run();
    await backend.finish();
    const seconds = (performance.now() - begun) / 1000;
    if (i > 0) best = Math.min(best, seconds);
  }
  return best;
}
