/**
 * The tfjs WebGPU backend, guarded: stock tfjs hands out zeros after a GPU
 * error, this one remembers the first error and refuses to read after it.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { UserError } from "../../errors.ts";

/** A WebGPU backend whose reads fail after any device error. */
export class GuardedBackend extends WebGPUBackend {
  #error: UserError | undefined;

  /** @param device The device. @param info What the adapter says it is. */
  constructor(device: GPUDevice, info: GPUAdapterInfo) {
    super(device, info);
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#fail((event as GPUUncapturedErrorEvent).error.message);
    });
    device.lost.then(({ reason, message }) => {
      if (reason !== "destroyed") this.#fail(`device lost: ${message}`);
    });
  }

  #fail(message: string): void {
    this.#error ??= new UserError(`The GPU failed: ${message.trim()}`, {
      code: "device-failed",
      hint: "run again with --device cpu",
      exitCode: 1,
    });
  }

  /** Throws the first error that the device met, if any. */
  check(): void {
    if (this.#error) throw this.#error;
  }

  /** Reads a tensor's values; throws if the device has met an error. */
  override async read(dataId: object): ReturnType<WebGPUBackend["read"]> {
    this.check();
    const values = await super.read(dataId);
    this.check();
    return values;
  }
}

/**
 * Registers the guarded backend under the name `webgpu`.
 *
 * @param options Whether an adapter that computes on the CPU is good enough.
 * @return The adapter in words; undefined if there is none that will do and
 * another device may serve.
 * @throws {UserError} If `acceptSoftware` is set and there is no adapter.
 */
export async function registerWebGpu(
  options: { acceptSoftware: boolean },
): Promise<string | undefined> {
  silenceMesa();
  const adapter = await navigator.gpu?.requestAdapter({
    powerPreference: "high-performance",
  });
  if (!adapter) {
    if (!options.acceptSoftware) return undefined;
    throw new UserError("Cannot open a GPU: WebGPU finds no adapter", {
      code: "no-device",
      hint: "install the GPU's Vulkan driver, or take --device cpu",
    });
  }
  if (isSoftware(adapter.info) && !options.acceptSoftware) return undefined;
  if (tf.findBackend("webgpu") instanceof GuardedBackend) {
    return describeAdapter(adapter.info);
  }
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxComputeInvocationsPerWorkgroup:
        limits.maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    },
  });
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new GuardedBackend(device, adapter.info));
  // The tiled product, whatever the shape: the one that splits the inner
  // dimension adds floats atomically, in an order that changes between runs.
  tf.env().set("WEBGPU_MATMUL_PROGRAM_TYPE", TILED_PRODUCT);
  return describeAdapter(adapter.info);
}

/** `MatMulProgramType.MatMulPackedProgram` of tfjs-backend-webgpu. */
const TILED_PRODUCT = 3;

/** Whether an adapter computes on the CPU. */
export function isSoftware(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter ||
    /llvmpipe|lavapipe|swiftshader|softpipe|software/i.test(
      `${info.vendor} ${info.architecture} ${info.device} ${info.description}`,
    );
}

function describeAdapter(info: GPUAdapterInfo): string {
  return info.description || info.device || info.vendor || "unnamed adapter";
}

/** Mesa's device-select layer complains on stderr where no desktop runs. */
function silenceMesa(): void {
  const name = "NODEVICE_SELECT";
  const permission = Deno.permissions.querySync({
    name: "env",
    variable: name,
  });
  if (permission.state === "granted") Deno.env.set(name, "1");
}
