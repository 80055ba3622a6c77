/**
 * Finds a GPU and registers it with tfjs.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../base/errors.ts";
import { chosenBackends, findAdapter } from "./adapter/adapter.ts";
import { isSoftware } from "./adapter/software.ts";
import { lanesOfSubgroup, openWithSubgroups } from "./adapter/subgroups.ts";
import { GPU, GpuBackend } from "./backend.ts";

/**
 * Registers the GPU device with tfjs: once, and anew after it has failed.
 *
 * @param options Whether an adapter that computes on the CPU is good enough.
 * @return The adapter in words; undefined if there is none that will do and
 * another device may serve.
 * @throws {UserError} If `acceptSoftware` is set and there is no adapter.
 */
export async function registerWebGpu(
  options: { acceptSoftware: boolean },
): Promise<string | undefined> {
  const adapter = await findAdapter();
  if (!adapter) {
    if (!options.acceptSoftware) return undefined;
    throw new UserError("Cannot open a GPU: WebGPU finds no adapter", {
      code: "no-device",
      hint: adviceOnAdapter(),
    });
  }
  if (isSoftware(adapter.info) && !options.acceptSoftware) return undefined;
  const opened = tf.findBackend(GPU) as unknown as GpuBackend | null;
  // What a device has lost stays lost, but another one may serve.
  if (opened?.failed) tf.removeBackend(GPU);
  if (!opened || opened.failed) {
    const device = await openGpu(adapter);
    const subgroup = await lanesOfSubgroup(device, adapter.info);
    tf.registerBackend(
      GPU,
      () => new GpuBackend(device, { info: adapter.info, subgroup }),
    );
    // The tiled product, whatever the shape: the one that splits the inner
    // dimension adds floats atomically, in an order that changes between runs.
    tf.env().set("WEBGPU_MATMUL_PROGRAM_TYPE", TILED_PRODUCT);
  }
  return describeAdapter(adapter.info);
}

/** Opens an adapter's device with all that the adapter can hold. */
export function openGpu(adapter: GPUAdapter): Promise<GPUDevice> {
  const { limits, features } = adapter;
  const wanted = ["timestamp-query"] as const;
  return openWithSubgroups(adapter, {
    requiredFeatures: wanted.filter((feature) => features.has(feature)),
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxComputeInvocationsPerWorkgroup:
        limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    },
  });
}

/** `MatMulProgramType.MatMulPackedProgram` of tfjs-backend-webgpu. */
const TILED_PRODUCT = 3;

function describeAdapter(info: GPUAdapterInfo): string {
  return info.description || info.device || info.vendor || "unnamed adapter";
}

/** What to do where there is no adapter. */
function adviceOnAdapter(): string {
  const chosen = chosenBackends();
  return chosen === undefined
    ? "install the GPU's Vulkan driver, or take the device cpu (--device cpu)"
    : `the variable DENO_WEBGPU_BACKEND is "${chosen}": unset it, or take ` +
      "the device cpu (--device cpu)";
}
