import { assertEquals } from "@std/assert";
import { openBlas } from "../../../../../lib/device/cpu/blas/blas.ts";
import { newerCore } from "../../../../../lib/device/cpu/blas/openblas_core.ts";
import { registerTest } from "../../../../support/require.ts";

const AVX512 = [16, 17, 28, 30, 31];
const bits = (...places: number[]) =>
  places.reduce((word, bit) => word | 1 << bit, 0);

Deno.test("a processor with all of Skylake's AVX-512 gets its kernels", () => {
  const features = { leaf1: bits(12), leaf7: bits(5, ...AVX512) };
  assertEquals(newerCore(features), "SkylakeX");
});

Deno.test("a processor with a part of Skylake's AVX-512 gets Haswell's kernels", () => {
  for (const missing of AVX512) {
    const rest = AVX512.filter((bit) => bit !== missing);
    const features = { leaf1: bits(12), leaf7: bits(5, ...rest) };
    assertEquals(newerCore(features), "Haswell");
  }
});

Deno.test("a processor without AVX2 or without FMA keeps the oldest kernels", () => {
  assertEquals(newerCore({ leaf1: bits(12), leaf7: 0 }), undefined);
  assertEquals(newerCore({ leaf1: 0, leaf7: bits(5) }), undefined);
});

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const blas = openBlas({ memory });
const core = blas && Deno.dlopen(blas.library.path, {
  openblas_get_corename: { parameters: [], result: "pointer", optional: true },
}).symbols.openblas_get_corename?.();

registerTest({
  part: "blas",
  lack: blas ? undefined : "there is no BLAS library",
  name: "a BLAS library says for which processor's kernels it was told",
  fn: () => {
    const told = / as (\w+)$/.exec(blas!.description)?.[1];
    if (told === undefined) return;
    assertEquals(Deno.UnsafePointerView.getCString(core!), told);
  },
});
