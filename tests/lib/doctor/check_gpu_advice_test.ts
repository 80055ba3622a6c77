import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import manifest from "../../../deno.json" with { type: "json" };
import { checkBlas } from "../../../lib/doctor/check_cpu.ts";
import { checkAdapter } from "../../../lib/doctor/check_gpu.ts";
import { taskSchemas } from "../../../lib/settings/config.ts";
import { flagName } from "../../../lib/settings/schema.ts";

const software = {
  vendor: "65541",
  architecture: "",
  device: "0",
  description: "llvmpipe (LLVM 15.0.6, 256 bits)",
  isFallbackAdapter: true,
} as GPUAdapterInfo;
const hardware = {
  ...software,
  description: "Some GPU",
  isFallbackAdapter: false,
};
const library = {
  description: "OpenBLAS 0.3.21",
  library: { path: "libopenblas.so.0", base: 0n },
};

/** What can be missing, by what is the case. */
const lacks = {
  "there is no BLAS library": checkBlas(undefined, undefined),
  "no BLAS library is wanted": checkBlas(undefined, "none"),
  "there is no adapter": checkAdapter(undefined, undefined),
  "the adapter is none of those asked for": checkAdapter(undefined, "dx12"),
  "the adapter is in software": checkAdapter(software, undefined),
};

const flags = Object.keys(taskSchemas.finetune.shape).map(flagName);
const variables = /--allow-env=(\S+)/.exec(manifest.tasks.finetune.command)![1]
  .split(",");

for (const [lack, check] of Object.entries(lacks)) {
  Deno.test(`where ${lack}, doctor advises something that finetune can use`, () => {
    assertEquals(check.outcome, "missing");
    assert(check.hint !== "");
    const named = {
      flags: check.hint.matchAll(/--([a-z-]+)/g).map(([, flag]) => flag),
      variables: check.hint.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)
        .map(([variable]) => variable),
    };
    assertEquals(
      {
        flags: [...named.flags].filter((flag) => !flags.includes(flag)),
        variables: [...named.variables]
          .filter((variable) => !variables.includes(variable)),
      },
      { flags: [], variables: [] },
    );
  });
}

Deno.test("where there is no adapter, doctor names the driver and the way to OpenGL", () => {
  const { found, hint } = lacks["there is no adapter"];
  assertStringIncludes(found, "none that ");
  assertStringIncludes(hint, "if this machine has a GPU, ");
  assertStringIncludes(hint, "DENO_WEBGPU_BACKEND=gl");
});

Deno.test("where another API was asked for, doctor says which", () => {
  const { found, hint } = lacks["the adapter is none of those asked for"];
  assertStringIncludes(found, "none by DENO_WEBGPU_BACKEND=dx12");
  assertEquals(hint, "unset DENO_WEBGPU_BACKEND");
});

Deno.test("what works needs no advice", () => {
  assertEquals(
    [checkBlas(library, undefined), checkAdapter(hardware, undefined)]
      .map(({ outcome, hint }) => [outcome, hint]),
    [["works", ""], ["works", ""]],
  );
});

Deno.test("a GPU that OpenGL reaches is said to be one", () => {
  const info = { ...hardware, subgroupMinSize: 4, subgroupMaxSize: 128 };
  assertEquals(checkAdapter(info, "gl").found, "Some GPU, by OpenGL");
});
