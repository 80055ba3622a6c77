/**
 * The GPU that training uses: what WebGPU finds by Vulkan, Metal or Direct3D.
 *
 * @module
 */

/**
 * The adapter that training would use, in software if need be.
 *
 * One that is only reached by OpenGL counts as none: it computes the same, but
 * is a driver's or a program's slowest way, and wgpu's way to it can abort a
 * process that ends. Who wants it names it: `DENO_WEBGPU_BACKEND=gl`.
 */
export async function findAdapter(): Promise<GPUAdapter | null> {
  const chosen = chooseBackends();
  silenceMesa();
  const adapter = await navigator.gpu?.requestAdapter({
    powerPreference: "high-performance",
  }) ?? null;
  return adapter && !chosen && mayBeOpenGl(adapter.info) ? null : adapter;
}

/** The APIs that wgpu may use, in the words of {@link BACKENDS_VARIABLE}. */
const BACKENDS = "vulkan,metal,dx12";

/** What Deno asks when it looks for a GPU for the first time. */
const BACKENDS_VARIABLE = "DENO_WEBGPU_BACKEND";

/** The APIs that the user has chosen, if any, as `gl`. */
export function chosenBackends(): string | undefined {
  if (!mayUse(BACKENDS_VARIABLE)) return undefined;
  const chosen = Deno.env.get(BACKENDS_VARIABLE);
  return chosen === BACKENDS ? undefined : chosen;
}

/** Leaves OpenGL out, unless the user chose; whether that was permitted. */
function chooseBackends(): boolean {
  if (!mayUse(BACKENDS_VARIABLE)) return false;
  if (Deno.env.get(BACKENDS_VARIABLE) === undefined) {
    Deno.env.set(BACKENDS_VARIABLE, BACKENDS);
  }
  return true;
}

/**
 * Whether an adapter may be one by OpenGL, where the variable can't be set:
 * WebGPU doesn't tell, but wgpu knows no driver's subgroups by OpenGL and so
 * allows for all that there are, which no driver of the other APIs says.
 */
export function mayBeOpenGl(info: GPUAdapterInfo): boolean {
  const { subgroupMinSize, subgroupMaxSize } = info as SubgroupSizes;
  return subgroupMinSize === 4 && subgroupMaxSize === 128;
}

type SubgroupSizes = { subgroupMinSize?: number; subgroupMaxSize?: number };

/** Mesa's device-select layer complains on stderr where no desktop runs. */
function silenceMesa(): void {
  if (mayUse("NODEVICE_SELECT")) Deno.env.set("NODEVICE_SELECT", "1");
}

function mayUse(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state ===
    "granted";
}
