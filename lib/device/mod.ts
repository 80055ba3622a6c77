/**
 * Opens what computes: a GPU by WebGPU, or the CPU. Both run the same tfjs
 * program; a run differs between them by rounding alone.
 *
 * @module
 */
import { UserError } from "../base/errors.ts";
import { askForName } from "../base/near_name.ts";
import { showValue } from "../base/show_value.ts";
import type { CpuOptions } from "./cpu/backend.ts";
import { openCpu } from "./cpu/open.ts";
import type { Device } from "./device.ts";
import { type GpuOptions, openGpu } from "./webgpu/open_device.ts";

/** Which device is asked for. */
export type DeviceKind = "auto" | "webgpu" | "cpu";

/** What others call the kinds. */
const OTHER_KINDS = { gpu: ["webgpu"], cuda: ["webgpu"], mps: ["webgpu"] };

const KINDS: readonly DeviceKind[] = ["auto", "webgpu", "cpu"];

/** How the device computes, whichever it is. */
export interface DeviceOptions extends CpuOptions, GpuOptions {}

/**
 * Opens a device and makes it the one that tfjs computes on.
 *
 * `auto` takes a hardware GPU if there is one and the CPU otherwise; a
 * software adapter, which is slower than the CPU itself, is taken for
 * `webgpu` alone.
 *
 * @param kind Which device.
 * @param options How it computes.
 * @throws {UserError} If `webgpu` is asked for and there is no adapter, or the
 * kind is none of these.
 *
 * @example
 * ```ts
 * import { openDevice } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const device = await openDevice("cpu");
 * assertEquals(device.kind, "cpu");
 * ```
 */
export async function openDevice(
  kind: DeviceKind,
  options: DeviceOptions = {},
): Promise<Device> {
  if (!KINDS.includes(kind)) {
    throw new UserError(
      `Cannot open the device ${showValue(kind)}: expected one of ` +
        KINDS.join(", ") +
        askForName(String(kind), KINDS, { aliases: OTHER_KINDS }),
      { code: "bad-usage" },
    );
  }
  const gpu = kind === "cpu"
    ? undefined
    : await openGpu(kind === "webgpu", options);
  return gpu ?? await openCpu(options);
}
