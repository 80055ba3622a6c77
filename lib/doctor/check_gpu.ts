/**
 * What WebGPU says of this machine's GPU.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { GpuBackend } from "../device/webgpu/backend.ts";
import { findAdapter } from "../device/webgpu/adapter/adapter.ts";
import { isSoftware } from "../device/webgpu/adapter/software.ts";
import { type Check, isMissing, works } from "./check.ts";

/** Limits that decide which models fit. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
] as const;

const DRIVER =
  "install the GPU's Vulkan driver; without one, mesa's software " +
  "adapter (mesa-vulkan-drivers) runs the same program, slowly";

/**
 * Describes the adapter that training would use.
 *
 * @return Checks of adapter, features and limits; of the adapter alone if
 *   there is none.
 */
export async function checkGpu(): Promise<Check[]> {
  const adapter = await findAdapter();
  if (!adapter) return [isMissing("webgpu adapter", "none", DRIVER)];
  const { info, limits } = adapter;
  const name = info.description || info.device || info.vendor || "unnamed";
  return [
    isSoftware(info)
      ? isMissing("webgpu adapter", `${name}: computes on the CPU`, DRIVER)
      : works("webgpu adapter", name),
    works("webgpu features", [...adapter.features].sort().join(", ") || "none"),
    works(
      "webgpu limits",
      LIMITS.map((limit) => `${limit} ${limits[limit]}`).join(", "),
    ),
  ];
}

/** How many lanes of the open GPU hand each other values without memory. */
export function checkSubgroups(): Check {
  const { subgroup } = tf.backend() as unknown as GpuBackend;
  return works(
    "webgpu subgroups",
    subgroup > 1 ? `${subgroup} lanes` : "none; rows are summed through memory",
  );
}
