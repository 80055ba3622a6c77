/**
 * The GPU that the benchmark measures. `deno run -A bench/gpu/adapter.ts` says which:
 * exit 0 if it is one, 3 if it is a program on the CPU, 1 if there is none.
 *
 * @module
 */
import { findAdapter } from "../../lib/device/webgpu/adapter/adapter.ts";
import { isSoftware } from "../../lib/device/webgpu/adapter/software.ts";

/** Whether the GPU, if there is one, is a program on the CPU. */
export async function onSoftware(): Promise<boolean> {
  const adapter = await findAdapter();
  return adapter !== null && isSoftware(adapter.info);
}

/** The GPU's driver as a tool of its own tells it, since WebGPU does not. */
export async function gpuDriver(): Promise<string | undefined> {
  const [nvidia, vulkan] = [
    await outputOf("nvidia-smi", [
      "--query-gpu=name,driver_version",
      "--format=csv,noheader",
    ]),
    await outputOf("vulkaninfo", ["--summary"]),
  ];
  const [name] = nvidia.trim().split("\n");
  return name || /driverInfo\s*=\s*(.*)/.exec(vulkan)?.[1];
}

/** What a program says; nothing if there is none or it fails. */
async function outputOf(program: string, args: string[]): Promise<string> {
  try {
    const command = new Deno.Command(program, { args, stderr: "null" });
    const { success, stdout } = await command.output();
    return success ? new TextDecoder().decode(stdout) : "";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

if (import.meta.main) {
  const adapter = await findAdapter();
  const { vendor, architecture, device, description } = adapter?.info ?? {};
  Deno.stdout.writeSync(
    new TextEncoder().encode(
      JSON.stringify({
        vendor,
        architecture,
        device,
        description,
        driver: await gpuDriver(),
      }) + "\n",
    ),
  );
  if (!adapter) Deno.exit(1);
  if (await onSoftware()) Deno.exit(3);
}
