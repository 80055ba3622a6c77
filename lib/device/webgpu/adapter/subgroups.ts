/**
 * Subgroups: lanes of a workgroup that hand each other values without memory.
 *
 * Deno opens a device with them though its adapters don't list the feature,
 * and no specification says which lanes of a workgroup belong together. So the
 * device is asked: where neighbouring lanes do, kernels rely on it.
 *
 * @module
 */

/** The feature; WGSL of Deno has it without `enable`. */
const FEATURE = "subgroups" as GPUFeatureName;
const LANES = 64;
/** What a lane tells: its subgroup's size, its index, another lane's number. */
const FACTS = 3;
const OTHER = 3;

/** Also tells how many lanes a subgroup has at least, whatever the kernel. */
type Info = GPUAdapterInfo & { subgroupMinSize?: number };

/**
 * Opens a device, with subgroups where the adapter has them.
 *
 * @param adapter The adapter.
 * @param descriptor What else is wanted.
 */
export async function openWithSubgroups(
  adapter: GPUAdapter,
  descriptor: GPUDeviceDescriptor,
): Promise<GPUDevice> {
  const requiredFeatures = [...descriptor.requiredFeatures ?? [], FEATURE];
  try {
    return await adapter.requestDevice({ ...descriptor, requiredFeatures });
  } catch {
    return await adapter.requestDevice(descriptor);
  }
}

/**
 * How many neighbouring lanes, from any multiple of that number on, belong
 * together in all kernels of a device.
 *
 * @param device The device.
 * @param info Of its adapter.
 * @return A power of 2; 1 if none are known to.
 */
export async function lanesOfSubgroup(
  device: GPUDevice,
  info: Info,
): Promise<number> {
  const least = info.subgroupMinSize ?? 0;
  if (!device.features.has(FEATURE) || least <= OTHER) return 1;
  device.pushErrorScope("validation");
  const facts = await askLanes(device);
  if (await device.popErrorScope()) return 1;
  for (let lane = 0; lane < LANES; lane++) {
    const [size, index, other] = facts.subarray(FACTS * lane);
    if (index !== lane % size || other !== (lane ^ OTHER)) return 1;
  }
  return least;
}

async function askLanes(device: GPUDevice): Promise<Uint32Array> {
  const module = device.createShaderModule({
    label: "subgroups",
    code: `
@group(0) @binding(0) var<storage, read_write> facts: array<u32>;

@compute @workgroup_size(${LANES})
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_size) size: u32,
  @builtin(subgroup_invocation_id) index: u32,
) {
  facts[${FACTS}u * lane] = size;
  facts[${FACTS}u * lane + 1u] = index;
  facts[${FACTS}u * lane + 2u] = subgroupShuffleXor(lane, ${OTHER}u);
}`,
  });
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module, entryPoint: "main" },
  });
  const size = 4 * FACTS * LANES;
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const facts = device.createBuffer({ size, usage: STORAGE | COPY_SRC });
  const read = device.createBuffer({ size, usage: COPY_DST | MAP_READ });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: facts } }],
    }),
  );
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(facts, 0, read, 0, size);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  const values = new Uint32Array(read.getMappedRange().slice(0));
  facts.destroy();
  read.destroy();
  return values;
}

/**
 * WGSL of `sumOfNeighbours(x)`: the sum over so many neighbouring lanes, the
 * same bits in each of them. All lanes of the workgroup must call it.
 *
 * @param lanes How many, a power of 2, no more than {@link lanesOfSubgroup}.
 * @param type Of x.
 */
export function sumOfNeighbours(lanes: number, type: string): string {
  const steps = [];
  for (let step = 1; step < lanes; step *= 2) {
    steps.push(`sum += subgroupShuffleXor(sum, ${step}u);`);
  }
  return `
fn sumOfNeighbours(x: ${type}) -> ${type} {
  var sum = x;
  ${steps.join("\n  ")}
  return sum;
}`;
}
