/**
 * What WebGPU says of this machine's GPU.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  chosenBackends,
  findAdapter,
  mayBeOpenGl,
} from "../device/webgpu/adapter/adapter.ts";
import { isSoftware } from "../device/webgpu/adapter/software.ts";
import type { GpuBackend } from "../device/webgpu/backend.ts";
import { type Check, isMissing, works } from "../events/check.ts";

/** Limits that decide which models fit. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
] as const;

const VULKAN = "install its Vulkan driver (Debian: mesa-vulkan-drivers for " +
  "AMD and Intel, nvidia-vulkan-icd for NVIDIA)";

/** How WebGPU reaches a GPU, and how to have it do so. */
const WAYS: Partial<
  Record<typeof Deno.build.os, { apis: string; driver: string }>
> = {
  darwin: { apis: "Metal", driver: "use a macOS that has Metal for it" },
  windows: {
    apis: "Direct3D 12 or Vulkan",
    driver: "install its maker's driver",
  },
};

/**
 * Describes the adapter that training would use.
 *
 * @return Checks of adapter, features and limits; of the adapter alone if
 *   there is none.
 */
export async function checkGpu(): Promise<Check[]> {
  const chosen = chosenBackends();
  const adapter = await findAdapter();
  const found = checkAdapter(adapter?.info, chosen);
  if (!adapter) return [found];
  const { limits } = adapter;
  return [
    found,
    works("webgpu features", [...adapter.features].sort().join(", ") || "none"),
    works(
      "webgpu limits",
      LIMITS.map((limit) => `${limit} ${limits[limit]}`).join(", "),
    ),
  ];
}

/**
 * Describes an adapter.
 *
 * @param info What it says of itself; undefined if there is none.
 * @param chosen The APIs that were asked for it, if the user chose them.
 */
export function checkAdapter(
  info: GPUAdapterInfo | undefined,
  chosen: string | undefined,
): Check {
  const name = "webgpu adapter";
  const { apis, driver } = WAYS[Deno.build.os] ??
    { apis: "Vulkan", driver: VULKAN };
  if (!info) {
    return chosen === undefined
      ? isMissing(
        name,
        `none that ${apis} reaches; training takes the CPU`,
        `if this machine has a GPU, ${driver}; one that only OpenGL reaches ` +
          "is taken, slowly, with DENO_WEBGPU_BACKEND=gl and --device webgpu",
      )
      : isMissing(
        name,
        `none by DENO_WEBGPU_BACKEND=${chosen}; training takes the CPU`,
        "unset DENO_WEBGPU_BACKEND",
      );
  }
  const way = mayBeOpenGl(info) ? ", by OpenGL" : "";
  const words = `${
    info.description || info.device || info.vendor || "unnamed"
  }`;
  return isSoftware(info)
    ? isMissing(
      name,
      `${words}${way}: a program on the CPU; training takes the CPU itself, ` +
        "which is faster, so that its speed isn't measured",
      `if this machine has a GPU, ${driver}`,
    )
    : works(name, words + way);
}

/**
 * Whether the open GPU is a program on the CPU. Training never takes it unasked,
 * and its kernels take long to compile, so its speed isn't worth the wait.
 */
export function openedSoftware(): boolean {
  return openBackend().isSoftware;
}

/** How many lanes of the open GPU hand each other values without memory. */
export function checkSubgroups(): Check {
  const { subgroup } = openBackend();
  return works(
    "webgpu subgroups",
    subgroup > 1 ? `${subgroup} lanes` : "none; rows are summed through memory",
  );
}

function openBackend(): GpuBackend {
  return tf.backend() as unknown as GpuBackend;
}
