/**
 * GPUs that are programs on the CPU: right, and slow.
 *
 * @module
 */

/** Whether an adapter computes on the CPU. */
export function isSoftware(info: GPUAdapterInfo): boolean {
  return info.isFallbackAdapter ||
    /llvmpipe|lavapipe|swiftshader|softpipe|software/i.test(
      `${info.vendor} ${info.architecture} ${info.device} ${info.description}`,
    );
}
